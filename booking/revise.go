package booking

import (
	"fmt"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/store"
)

// supersede takes note that a higher version of a fact has come (L7). What of the lower one
// still waits will never book, and what was held of it is settled by the new version.
func (p *pass) supersede() {
	old := p.at.Outcome.Revises
	if old == 0 {
		return
	}
	p.o.Put(tableSuperseded, store.Ordinal(old), []byte(store.Ordinal(p.at.Position)))
	for _, line := range p.at.Outcome.Drops {
		p.provide(causeLine(old, line))
	}
	for _, t := range tasks(p.at) {
		w := &work{fact: p.at, task: t}
		for _, code := range fault.Codes() {
			id := exception.IDOf(code.Code, exception.SourceBooking, w.subject())
			if item, ok := store.Load[exception.Item](p.o, tableExceptions, string(id)); ok && item.Status == exception.Open {
				store.Save(p.o, tableExceptions, string(id), item.Resolve(p.at.At, fmt.Sprintf("position %d", p.at.Position)))
			}
		}
	}
}

func (p *pass) superseded(position int64) bool {
	return p.o.Get(tableSuperseded, store.Ordinal(position)) != nil
}

// unbooked returns nil if nothing of the versions that this one replaces is in the books. A
// booked one would have to be mirrored unit by unit, with its cost: until that is built its
// successors are held for people, and nothing is booked twice.
func (w *work) unbooked() error {
	for at := w.fact.Outcome.Revises; at != 0; {
		booked := false
		err := w.o.Scan(w.o.Context(), tableEntriesOf, store.Prefix(store.Ordinal(at)+store.KeySep), 1, func(string, []byte) bool {
			booked = true
			return false
		})
		if err != nil {
			return err
		}
		if booked {
			return fault.New(fault.RevisionHeld, w.fact.Event.Key, "version %d replaces what was booked from position %d", w.fact.Event.SourceVersion, at)
		}
		replaced, err := w.p.record(at)
		if err != nil {
			return err
		}
		at = replaced.Outcome.Revises
	}
	return nil
}
