package shelf

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/anishathalye/porcupine"
)

// Kind is what a client did.
type Kind string

// The kinds.
const (
	Reserve  Kind = "reserve"
	Release  Kind = "release"
	Allocate Kind = "allocate" // what is bound to a task stays promised
	Sell     Kind = "sell"     // a fact, which is never refused
	Expire   Kind = "expire"   // the clock passed the end of all claims that lapse
)

// Call is one thing that a client did to an item. Its output is a bool: whether it was granted.
type Call struct {
	Kind  Kind
	Item  string
	Claim string
	Units int64
	Lapse bool // the claim ends by itself
}

// shelf is what can be sold of an item, and the claims that will lapse, as "id:units " in the order
// of their names: the same claims are the same shelf.
type shelf struct {
	free  int64
	lapse string
}

// Model returns the model of items of which so many units are there at first.
func Model(units int64) porcupine.Model {
	return porcupine.Model{
		Partition: byItem,
		Init:      func() any { return shelf{free: units} },
		Step: func(state, input, output any) (bool, any) {
			return state.(shelf).step(input.(Call), output.(bool))
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %v", input, output) },
	}
}

func byItem(history []porcupine.Operation) [][]porcupine.Operation {
	parts := map[string][]porcupine.Operation{}
	for _, op := range history {
		item := op.Input.(Call).Item
		parts[item] = append(parts[item], op)
	}
	out := make([][]porcupine.Operation, 0, len(parts))
	for _, item := range slices.Sorted(maps.Keys(parts)) {
		out = append(out, parts[item])
	}
	return out
}

// step does what a call says; granted is what its client was told.
func (s shelf) step(c Call, granted bool) (bool, shelf) {
	claim := c.Claim + ":" + strconv.FormatInt(c.Units, 10) + " "
	switch c.Kind {
	case Reserve:
		if granted != (s.free >= c.Units) {
			return false, s
		}
		if granted {
			s.free -= c.Units
		}
		if granted && c.Lapse {
			all := append(strings.SplitAfter(s.lapse, " "), claim)
			slices.Sort(all)
			s.lapse = strings.Join(all, "")
		}
	case Release:
		if c.Lapse {
			before, after, held := strings.Cut(s.lapse, claim)
			if !held {
				return true, s // it lapsed
			}
			s.lapse = before + after
		}
		s.free += c.Units
	case Sell:
		s.free -= c.Units
	case Expire:
		for claim := range strings.FieldsSeq(s.lapse) {
			_, units, _ := strings.Cut(claim, ":")
			n, _ := strconv.ParseInt(units, 10, 64)
			s.free += n
		}
		s.lapse = ""
	}
	return true, s
}
