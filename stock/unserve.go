package stock

import (
	"fmt"
	"slices"

	"github.com/heddlehq/heddle/retail"
)

// Term is one of the sums and switches of a promise that facts change.
type Term string

// The terms. TermMade, TermGivenBack and TermWithdrawn are said of a claim, the others of an
// order line as soon as it is known.
const (
	TermMade      Term = "made" // the reservation itself; it has no quantity
	TermAllocated Term = "allocated"
	TermPicked    Term = "picked"
	TermPacked    Term = "packed"
	TermStaged    Term = "staged"
	TermFulfilled Term = "fulfilled"
	TermShort     Term = "short"
	TermCancelled Term = "cancelled"
	TermGivenBack Term = "given_back"
	TermWithdrawn Term = "withdrawn" // all that was left was given back; it has no quantity
)

// rankTerms are the terms that are kept by location, with their ranks.
var rankTerms = [...]struct {
	Term
	Rank
}{{TermAllocated, Allocated}, {TermPicked, Picked}, {TermPacked, Packed}, {TermStaged, Staged}, {TermFulfilled, Fulfilled}}

func termOf(r Rank) Term {
	for _, have := range rankTerms {
		if have.Rank == r {
			return have.Term
		}
	}
	panic(fmt.Sprintf("stock: rank %d is no term", r))
}

func rankOf(t Term) Rank {
	for _, have := range rankTerms {
		if have.Term == t {
			return have.Rank
		}
	}
	panic(fmt.Sprintf("stock: %q is no rank", t))
}

// Served is what a fact said of one term of a promise. It names the promise as the fact did,
// not the claim that took it: what one claim has today another one may have tomorrow.
type Served struct {
	// Order and Line name the order line, or Claim the claim: where its line was not known, and
	// where only the claim is concerned.
	Order retail.OrderID `json:"order,omitempty"`
	Line  string         `json:"line,omitempty"`
	Claim ClaimID        `json:"claim,omitempty"`
	Place
	Term     Term            `json:"term"`
	Quantity retail.Quantity `json:"quantity,omitempty"`
}

// say notes what a fact says of the target's promise at a place.
func (d *Draft) say(t Target, p Place, term Term, q retail.Quantity) {
	if q == 0 || t.Line == "" && len(t.Claims) == 0 {
		return
	}
	v := Served{Order: t.Order, Line: t.Line, Place: p, Term: term, Quantity: q}
	if t.Line == "" {
		v.Claim = t.Claims[0]
	}
	d.effect.Served = append(d.effect.Served, v)
}

// Unserve takes back what a fact did to promises (L7), as if it had never come; whatever else
// was said of them stays. claimsOf returns the claims of an order line, oldest first; it is
// asked once for every entry that names an order line.
func Unserve(s State, served []Served, claimsOf func(retail.OrderID, string) []ClaimID) Effect {
	d := NewDraft(s)
	for _, v := range slices.Backward(served) {
		switch {
		case v.Claim != "":
			d.unserveClaim(v, claimsOf)
		default:
			d.unserveLine(v, claimsOf(v.Order, v.Line))
		}
	}
	d.check()
	return d.Effect()
}

// unserveLine takes back what was said of an order line: what waits first, then what its
// youngest claims were given, because the oldest are given it first.
func (d *Draft) unserveLine(v Served, claims []ClaimID) {
	waiting, made := d.openLine(v.Place, Target{Order: v.Order, Line: v.Line, Claims: claims})
	youngest := slices.Clone(made)
	slices.Reverse(youngest)
	switch v.Term {
	case TermCancelled:
		addLineSum(released, -v.Quantity, waiting, youngest)
	case TermShort:
		addLineSum(short, -v.Quantity, waiting, youngest)
	default:
		addLine(rankOf(v.Term), v.Location, -v.Quantity, waiting, youngest)
	}
	d.putLine(waiting, made)
}

// unserveClaim takes back what was said of a claim.
func (d *Draft) unserveClaim(v Served, claimsOf func(retail.OrderID, string) []ClaimID) {
	before, ok := d.Claim(v.Claim)
	if !ok {
		return
	}
	c := before.clone()
	switch v.Term {
	case TermMade:
		c = d.unmake(&before)
	case TermGivenBack:
		c.Released -= v.Quantity
	case TermWithdrawn:
		c.Withdrawn--
	default:
		if c.OrderLine != "" { // it is bound since
			v.Order, v.Line = c.Order, c.OrderLine
			d.unserveLine(v, claimsOf(v.Order, v.Line))
			return
		}
		c.unsay(v)
	}
	d.put(c)
	if c.OrderLine != "" {
		p := Place{c.Item, c.Location}
		waiting, made := d.openLine(p, Target{Order: c.Order, Line: c.OrderLine, Claims: claimsOf(c.Order, c.OrderLine)})
		d.putLine(waiting, made) // there may be room for what waits, or one claim less
	}
}

// unsay takes a sum off a claim that is bound to no order line.
func (c *Claim) unsay(v Served) {
	switch v.Term {
	case TermCancelled:
		c.Released -= v.Quantity
	case TermShort:
		c.Short -= v.Quantity
	default:
		c.add(rankOf(v.Term), v.Location, -v.Quantity)
	}
}

// unmake returns the claim as it is without its reservation. What was said of its order line
// waits there again, for the line's other claims or its next one.
func (d *Draft) unmake(before *Claim) Claim {
	c := before.clone()
	c.Quantity, c.Ungranted, c.Expired = 0, 0, false
	if !before.Made() || c.OrderLine == "" {
		return c
	}
	waiting := d.open(WaitingID(c.Order, c.OrderLine, c.Item), c.Place, Target{Order: c.Order, Line: c.OrderLine})
	for _, part := range c.Parts {
		for _, r := range rankTerms {
			waiting.add(r.Rank, part.Location, *part.at(r.Rank))
		}
	}
	waiting.Released += c.Released
	waiting.Short += c.Short
	c.Parts, c.Released, c.Short = nil, 0, 0
	d.put(waiting)
	return c
}
