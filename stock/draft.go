package stock

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
)

// Draft is a State with effects on top that are not stored yet: the lines of one event are
// decided one after the other, each seeing the ones before.
type Draft struct {
	base   State
	effect Effect
}

// NewDraft returns a draft without effects.
func NewDraft(s State) *Draft { return &Draft{base: s} }

// Add puts an effect on top.
func (d *Draft) Add(e Effect) {}

// Effect returns all that was added, as one effect.
func (d *Draft) Effect() Effect { return d.effect }

// Quantity implements State.
func (d *Draft) Quantity(p Place, b event.Bucket, o Ownership) retail.Quantity { return 0 }

// Claim implements State.
func (d *Draft) Claim(id ClaimID) (Claim, bool) { return Claim{}, false }

// ClaimsAt implements State.
func (d *Draft) ClaimsAt(p Place) []ClaimID { return nil }

// Safety implements State.
func (d *Draft) Safety(p Place) retail.Quantity { return d.base.Safety(p) }

// Buffer implements State.
func (d *Draft) Buffer(p Place, ch retail.ChannelID) retail.Quantity { return d.base.Buffer(p, ch) }
