package booking

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// Mark returns how far booking has followed the journal, with the root that it followed.
func (b *Books) Mark() journal.Watermark { return b.cache.Mark() }

// TrialBalance returns the balances by role and shown dimension; an empty entity means all.
func (b *Books) TrialBalance(ctx context.Context, entity retail.EntityID) (*ledger.TrialBalance, error) {
	var rows []ledger.Balance
	err := b.cache.ScanCounters(ctx, tableBalances, entityRange(entity), 0, func(key string, n int64) bool {
		if k, ok := ledger.ParseBalanceKey(key); ok {
			rows = append(rows, ledger.Balance{BalanceKey: k, Minor: n})
		}
		return true
	})
	return ledger.NewTrialBalance(rows), err
}

func entityRange(entity retail.EntityID) store.Range {
	if entity == "" {
		return store.Range{}
	}
	return store.Prefix(retail.Key(string(entity), ""))
}

// Clearing returns the clearing keys that are not zero. Keys that turned out to name one
// thing count as one.
func (b *Books) Clearing(ctx context.Context, entity retail.EntityID) ([]ledger.Open, error) {
	joined := map[string]string{}
	err := b.cache.Scan(ctx, tableJoins, store.Range{}, 0, func(key string, value []byte) bool {
		joined[key] = string(value)
		return true
	})
	if err != nil {
		return nil, err
	}
	var open []ledger.Open
	err = b.cache.ScanCounters(ctx, tableClearing, entityRange(entity), 0, func(key string, n int64) bool {
		k, ok := ledger.ParseClearingKey(key)
		if !ok {
			return true
		}
		if to, ok := joined[store.Key(string(k.Role), k.Key)]; ok {
			k.Key = to
		}
		open = append(open, ledger.Open{ClearingKey: k, Minor: n})
		return true
	})
	return ledger.OpenItems(open), err
}

// Filter selects entries; zero members do not limit.
type Filter struct {
	Entity retail.EntityID
	// From and To are accounting dates, both included.
	From, To retail.Date
	// After and Until limit the journal positions at which the entries were booked: later
	// than After, up to and with Until.
	After, Until int64
}

func (f Filter) takes(e *ledger.Entry) bool {
	day := e.Dates().Accounting
	return (f.Entity == "" || e.Unit().Entity == f.Entity) && (f.From == 0 || day >= f.From) && (f.To == 0 || day <= f.To)
}

// Cursor marks a place in the list of entries, as hexadecimal text; empty is the beginning.
type Cursor string

// key returns the place as a document key; what is not a cursor is H-REQUEST.
func (c Cursor) key() (string, error) {
	key, err := hex.DecodeString(string(c))
	if err != nil {
		return "", fault.New(fault.BadRequest, "cursor", "it is not one that an answer gave")
	}
	return string(key), nil
}

// Entries returns entries in the order in which they were booked, from a cursor on, and the
// cursor of what follows; it is empty at the end.
func (b *Books) Entries(ctx context.Context, f Filter, from Cursor, limit int) (out []*ledger.Entry, next Cursor, err error) {
	start, err := from.key()
	if err != nil {
		return nil, "", err
	}
	r := store.Range{From: max(start, store.Ordinal(f.After+1))}
	if f.Until > 0 {
		r.To = store.Ordinal(f.Until + 1)
	}
	const page = 500
	for {
		seen, bad := 0, error(nil)
		err := b.cache.Scan(ctx, tableEntries, r, page, func(key string, value []byte) bool {
			seen++
			if limit > 0 && len(out) == limit {
				next = Cursor(hex.EncodeToString([]byte(key)))
				return false
			}
			r.From = key + store.KeySep
			var e *ledger.Entry
			if e, bad = ledger.DecodeEntry(value); bad != nil {
				return false
			}
			if f.takes(e) {
				out = append(out, e)
			}
			return true
		})
		if err != nil || bad != nil || next != "" || seen < page {
			return out, next, firstError(err, bad)
		}
	}
}

// Entry returns the entry of an id.
func (b *Books) Entry(ctx context.Context, id string) (*ledger.Entry, error) {
	key, err := b.cache.Doc(ctx, tableEntryIDs, id)
	if err != nil {
		return nil, err
	}
	if key == nil {
		return nil, fault.New(fault.NoSuchThing, id, "no entry has this id")
	}
	doc, err := b.cache.Doc(ctx, tableEntries, string(key))
	if err != nil {
		return nil, err
	}
	return ledger.DecodeEntry(doc)
}

// EntriesOf returns the entries that a fact at a journal position has booked.
func (b *Books) EntriesOf(ctx context.Context, position int64) (out []*ledger.Entry, err error) {
	prefix := store.Ordinal(position) + store.KeySep
	var keys []string
	err = b.cache.Scan(ctx, tableEntriesOf, store.Prefix(prefix), 0, func(key string, _ []byte) bool {
		keys = append(keys, key[len(prefix):])
		return true
	})
	if err != nil {
		return nil, err
	}
	docs, err := b.cache.Docs(ctx, tableEntries, keys)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		e, err := ledger.DecodeEntry(docs[key])
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// parentMax is how long a fact waits for its parent before people hear of it (L1, V-LIN-01).
const parentMax = 72 * time.Hour

// Exceptions returns booking's part of the work list: rules that fired, and facts whose
// parent has not arrived in time.
func (b *Books) Exceptions(ctx context.Context, now time.Time) (out []exception.Item, err error) {
	var bad error
	err = b.cache.Scan(ctx, tableExceptions, store.Range{}, 0, func(_ string, value []byte) bool {
		var item exception.Item
		if bad = json.Unmarshal(value, &item); bad != nil {
			return false
		}
		out = append(out, item)
		return true
	})
	if err != nil || bad != nil {
		return nil, firstError(err, bad)
	}
	waiting := map[exception.ID]int64{}
	err = b.cache.Scan(ctx, tableParked, store.Range{}, 0, func(key string, value []byte) bool {
		var doc parkedDoc
		if bad = json.Unmarshal(value, &doc); bad != nil {
			return false
		}
		cause := causeOf(key)
		switch {
		case doc.Code != "":
			waiting[exception.IDOf(doc.Code, exception.SourceBooking, doc.Subject)]++
		case now.Sub(doc.Since) >= parentMax && !strings.HasPrefix(cause, linePrefix):
			out = append(out, exception.New(exception.Report{
				Code: fault.ParentMissing, Source: exception.SourceBooking, Subject: cause,
				Detail: string(doc.Part) + " waits", Position: doc.Position,
			}, doc.Since.Add(parentMax)))
		}
		return true
	})
	for i := range out {
		out[i].Waiting = waiting[out[i].ID]
	}
	return out, firstError(err, bad)
}

// Parked is a part of a fact that waits.
type Parked struct {
	Cause    string    `json:"cause"`
	Position int64     `json:"position"`
	Part     string    `json:"part"`
	Line     string    `json:"line,omitempty"`
	Since    time.Time `json:"since"`
}

// Waiting returns what waits, by cause.
func (b *Books) Waiting(ctx context.Context, limit int) (out []Parked, err error) {
	var bad error
	err = b.cache.Scan(ctx, tableParked, store.Range{}, limit, func(key string, value []byte) bool {
		var doc parkedDoc
		if bad = json.Unmarshal(value, &doc); bad != nil {
			return false
		}
		out = append(out, Parked{causeOf(key), doc.Position, string(doc.Part), doc.Line, doc.Since})
		return true
	})
	return out, firstError(err, bad)
}
