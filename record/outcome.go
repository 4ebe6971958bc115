package record

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/progress"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// Standing says what weight the owner gave to a fact.
type Standing string

// The standings.
const (
	// Books means that the fact moves stock and money.
	Books Standing = "books"
	// Corroborates means that another source books this fact: it joins the thread and moves nothing.
	Corroborates Standing = "corroborates"
	// History means that a higher version of the fact was there already, or a lower one that says
	// the same: kept, without effect.
	History Standing = "history"
)

// Outcome is what the owner decided.
type Outcome struct {
	// Advances is how far the objects of the fact have come by it.
	Advances []Advance `json:"advances,omitempty"`
	// Cause is the position of the reference_set by which a lines_released is released.
	Cause int64 `json:"cause,omitempty"`
	// Claims is the new content of every claim that changed.
	Claims []stock.Claim `json:"claims,omitempty"`
	// Drops are lines of the replaced version that waited and never will be released.
	Drops []string `json:"drops,omitempty"`
	// Entity is the legal entity on the business date.
	Entity retail.EntityID `json:"entity,omitempty"`
	// Flags are the rules that fired, for people; they do not stop the fact.
	Flags []Flag `json:"flags,omitempty"`
	// Frees is what the records after this one release, because reference data tells it now.
	Frees []Wait `json:"frees,omitempty"`
	// Items resolves the lines whose source code is not the item's own id.
	Items map[string]retail.ItemID `json:"items,omitempty"`
	// Location is the resolved place.
	Location retail.LocationID `json:"location,omitempty"`
	// More says that another lines_released of the same cause follows.
	More bool `json:"more,omitempty"`
	// Moves is what the fact does to positions; Reverses is what it takes back of others.
	Moves []stock.Move `json:"moves,omitempty"`
	// Order is the order that the fact belongs to, where it is known already.
	Order retail.OrderID `json:"order,omitempty"`
	// OrderLines resolves lines of the fact to lines of the order.
	OrderLines map[string]string `json:"order_lines,omitempty"`
	// Other is the resolved other end of a movement.
	Other retail.LocationID `json:"other_location,omitempty"`
	// Quantities is what lines count in the item's base unit, where their unit is another.
	Quantities map[string]retail.Quantity `json:"quantities,omitempty"`
	Receipt    Receipt                    `json:"receipt,omitzero"`
	// Purchases and Counts are the new content of the order lines and counts that changed.
	Counts    []stock.Count    `json:"counts,omitempty"`
	Purchases []stock.Purchase `json:"purchases,omitempty"`
	// Releases are lines of earlier facts that waited for this one.
	Releases []Release `json:"releases,omitempty"`
	// Reverses is what the fact takes back: what the version did that it replaces, and what it
	// does itself where it has been voided.
	Reverses Reversal `json:"reverses,omitzero"`
	// Revises is the position of the version that this one replaces.
	Revises int64 `json:"revises,omitempty"`
	// Served is what the fact says of promises, which its next version takes back.
	Served   []stock.Served `json:"served,omitempty"`
	Standing Standing       `json:"standing"`
	// Unvoids is the position of the transaction that the replaced version of this void took back.
	Unvoids int64 `json:"unvoids,omitempty"`
	// VoidedBy is the position of the void that took back the replaced version, and takes back
	// this one as well.
	VoidedBy int64 `json:"voided_by,omitempty"`
	// Voids is the position of the transaction that this one takes back, and VoidsPayments are the
	// references of its tenders.
	Voids         int64    `json:"voids,omitempty"`
	VoidsPayments []string `json:"voids_payments,omitempty"`
	// Waits are the lines whose stock and money wait, for reference data or a document.
	Waits []Wait `json:"waits,omitempty"`
}

// Reversal takes back what other facts did.
type Reversal struct {
	Advances []Advance    `json:"advances,omitempty"`
	Moves    []stock.Move `json:"moves,omitempty"`
}

// IsZero reports whether nothing is taken back.
func (r Reversal) IsZero() bool { return len(r.Advances) == 0 && len(r.Moves) == 0 }

// Moved returns all that positions change by: what is taken back, then what the fact does.
func (o *Outcome) Moved() []stock.Move { return slices.Concat(o.Reverses.Moves, o.Moves) }

// Advance is what a fact says of the way of an order line, a payment or another object of the
// rule book's A9.
type Advance struct {
	Object progress.Object `json:"object"`
	// Document and Line name it: an order and its line, a payment, a transfer and its line.
	Document string         `json:"document"`
	Line     string         `json:"line,omitempty"`
	Stage    progress.Stage `json:"stage"`
	// Quantity is in thousandths of a base unit for lines and in minor units for payments.
	Quantity int64 `json:"quantity"`
	// Sequence tells which of two facts was later at their source.
	Sequence int64 `json:"sequence,omitempty"`
}

// Flag is a rule that fired.
type Flag struct {
	Code    fault.Code `json:"code"`
	Detail  string     `json:"detail,omitempty"`
	Subject string     `json:"subject,omitempty"`
	// Severity is that of the case, where the code alone does not tell it.
	Severity string `json:"severity,omitempty"`
}

// Wait says which line waits for which reference data. Code and subject are those of the
// exception that asks for it; a line may wait under several, and the first to be known
// releases it.
type Wait struct {
	Code    fault.Code `json:"code"`
	Line    string     `json:"line,omitempty"`
	Subject string     `json:"subject"`
}

// Release is a line of an earlier fact for which it is known now what it waited for, with
// what it moves.
type Release struct {
	Claims []stock.Claim `json:"claims,omitempty"`
	Item   retail.ItemID `json:"item,omitempty"`
	Line   string        `json:"line"`
	Moves  []stock.Move  `json:"moves,omitempty"`
	// Occurred is when the fact happened, which is when its goods moved.
	Occurred time.Time `json:"occurred"`
	Position int64     `json:"position"`
	// Quantity is what the line counts in the item's base unit, where its unit is another.
	Quantity retail.Quantity `json:"quantity,omitempty"`
	Type     event.Type      `json:"type"`
	// Waits is what the line waits for next; it moves nothing then.
	Waits     []Wait           `json:"waits,omitempty"`
	Counts    []stock.Count    `json:"counts,omitempty"`
	Purchases []stock.Purchase `json:"purchases,omitempty"`
	Served    []stock.Served   `json:"served,omitempty"`
	// Voids, VoidsPayments and Drops are those of a void whose original has come: see Outcome.
	Voids         int64     `json:"voids,omitempty"`
	VoidsPayments []string  `json:"voids_payments,omitempty"`
	Drops         []string  `json:"drops,omitempty"`
	Advances      []Advance `json:"advances,omitempty"`
}

// Receipt says how the fact came in.
type Receipt struct {
	// Delivery is the transport's id of the delivery.
	Delivery string `json:"delivery,omitempty"`
	// Evidence is the hash of the raw payload.
	Evidence string `json:"evidence,omitempty"`
	// Pack and Topic name the mapping, with its version.
	Pack      string             `json:"pack,omitempty"`
	Principal retail.PrincipalID `json:"principal,omitempty"`
	Topic     string             `json:"topic,omitempty"`
}

// IsZero reports whether nothing is known of how the fact came in.
func (r Receipt) IsZero() bool { return r == Receipt{} }

// Bytes returns the canonical form.
func (o *Outcome) Bytes() []byte {
	raw, err := json.Marshal(o)
	if err == nil {
		raw, err = event.Canonical(raw)
	}
	if err != nil {
		panic(err) // an outcome holds valid strings and integers only
	}
	return raw
}

// ParseOutcome reads what Bytes wrote.
func ParseOutcome(b []byte) (*Outcome, error) {
	o := new(Outcome)
	if err := json.Unmarshal(b, o); err != nil {
		return nil, fault.Wrap(err, fault.ChainBroken, "record.outcome", "")
	}
	return o, nil
}

// Record is one journaled fact with its outcome, decoded.
type Record struct {
	journal.Record
	Tenant  retail.TenantID
	Event   *event.Event
	Outcome *Outcome
}

// Decode decodes a record of a tenant's journal.
func Decode(tenant retail.TenantID, r journal.Record) (*Record, error) {
	e, err := event.Decode(r.Fact)
	if err != nil {
		return nil, fault.Wrap(err, fault.ChainBroken, "record.decode", "fact")
	}
	o, err := ParseOutcome(r.Outcome)
	if err != nil {
		return nil, err
	}
	return &Record{Record: r, Tenant: tenant, Event: e, Outcome: o}, nil
}

// ItemOf returns the resolved item of a line, and false while the line waits.
func (o *Outcome) ItemOf(line, code string) (retail.ItemID, bool) {
	if o.Waiting(line) {
		return "", false
	}
	if id, ok := o.Items[line]; ok {
		return id, true
	}
	return retail.ItemID(code), true
}

// Waiting reports whether a line waited when the fact came in.
func (o *Outcome) Waiting(line string) bool {
	return slices.ContainsFunc(o.Waits, func(w Wait) bool { return w.Line == line })
}
