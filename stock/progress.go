package stock

import (
	"time"

	"github.com/heddlehq/heddle/retail"
)

// Target names whose promise a fact serves. Claims are those of the order line, the one
// that the fact names first; a named claim that has not arrived stands among them. Order
// and Line are empty where the order is not known.
type Target struct {
	Order  retail.OrderID
	Line   string
	Claims []ClaimID
}

// Allocate binds stock at a place to a fulfilment task (ALLOCATED): RESERVED −q where it was
// promised, ALLOCATED +q here. An allocation that occurred after its claim had lapsed loses
// (A9) with V-INV-02; more than was promised is V-INV-03.
func Allocate(s State, p Place, q retail.Quantity, t Target, occurred time.Time) Effect {
	return Effect{}
}

// Deallocate is the inverse of Allocate (DEALLOCATED).
func Deallocate(s State, p Place, q retail.Quantity, t Target) Effect { return Effect{} }

// Step records progress of a task (PICKED, PACKED, STAGED). It moves nothing.
func Step(s State, r Rank, p Place, q retail.Quantity, t Target) Effect { return Effect{} }
