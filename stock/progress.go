package stock

import (
	"fmt"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Target names whose promise a fact serves. Claims are those of the order line, the one
// that the fact names first; a named claim that has not arrived stands among them. Order
// and Line are empty where the order is not known; where nothing is known, the fact serves
// no promise.
type Target struct {
	Order  retail.OrderID
	Line   string
	Claims []ClaimID
}

// Allocate binds stock at a place to a fulfilment task (ALLOCATED): RESERVED −q where it was
// promised, ALLOCATED +q here. An allocation that occurred after its claims had lapsed loses
// (A9) with V-INV-02; more than was promised is V-INV-03.
func Allocate(s State, p Place, q retail.Quantity, t Target, occurred time.Time) Effect {
	d := NewDraft(s)
	if d.lapsed(t, occurred) {
		d.raise(Flag{fault.ClaimsExceed, string(t.Claims[0]), fmt.Sprintf("%s allocated at %s after the claim had expired", q, p.subject()), p, ""})
		return d.Effect()
	}
	if over := d.serve(Allocated, p, q, t); over > 0 {
		d.raise(Flag{fault.ReleaseExceeds, string(t.Claims[0]), fmt.Sprintf("%s more allocated than was promised", over), p, ""})
	}
	d.check()
	return d.Effect()
}

// Deallocate is the inverse of Allocate (DEALLOCATED).
func Deallocate(s State, p Place, q retail.Quantity, t Target) Effect {
	d := NewDraft(s)
	d.serve(Allocated, p, -q, t)
	d.check()
	return d.Effect()
}

// Step records progress of a task: rank is Picked, Packed or Staged. It moves nothing.
func Step(s State, rank Rank, p Place, q retail.Quantity, t Target) Effect {
	d := NewDraft(s)
	d.serve(rank, p, q, t)
	return d.Effect()
}

// lapsed reports whether all claims of the target had lapsed by the instant.
func (d *Draft) lapsed(t Target, occurred time.Time) bool {
	for _, id := range t.Claims {
		if c, _ := d.Claim(id); !c.lapsedBy(occurred) {
			return false
		}
	}
	return len(t.Claims) > 0
}
