package flow

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// OwnSystem is the source system of what the owner derives by itself.
const OwnSystem retail.SystemID = "heddle"

// dueMax bounds how many claims expire in front of one batch.
const dueMax = 500

// due journals what has fallen due before anything else is decided at this instant: claims
// whose expiry has passed by the grace of the rule book (A11).
func (c *chunk) due() error {
	var ids []stock.ClaimID
	until := store.Range{To: store.Ordinal(c.at.UnixMicro() + 1)}
	err := c.o.cache.Scan(c.overlay.Context(), tableDue, until, dueMax, func(key string, _ []byte) bool {
		ids = append(ids, stock.ClaimID(key[len(store.Ordinal(0))+len(store.KeySep):]))
		return true
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		claim, ok := c.state.Claim(id)
		if !ok || !claim.Due(c.at) {
			continue
		}
		if _, err := c.decide(&record.Submission{Event: c.expiry(claim)}); err != nil {
			return err
		}
	}
	return nil
}

func (c *chunk) expiry(claim stock.Claim) *event.Event {
	return &event.Event{
		Header: event.Header{
			System: OwnSystem, Instance: "owner",
			Key:  retail.Key(string(claim.ID), claim.Deadline().Format("20060102T150405Z")),
			Time: c.at, TZ: "UTC", BusinessDate: retail.DateOf(c.at),
		},
		Data: &event.ReservationExpired{Reservation: retail.ReservationID(claim.ID), Quantity: claim.Reserved()},
	}
}
