package stock_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// told is a fact or a count with the time of its event. Versions of one count keep their order.
type told struct {
	name     string
	occurred time.Time
	delta    retail.Quantity // of a fact about the shelf
	count    *stock.Count    // of a count
}

// tell decides it as the owner loop does: then what it came too late for, before or after the
// fact itself is kept.
func (f told) tell(t *rapid.T, s *shop, kept bool) {
	e, err := stock.Adjust(s, shelf, event.Sellable, f.delta)
	if f.count != nil {
		e, err = stock.MakeCount(s, *f.count)
	}
	if err != nil {
		t.Fatal(err)
	}
	if kept {
		s.applyAt(e, f.occurred)
	}
	e, late := stock.Recomputations(s, e, f.occurred)
	if !kept {
		s.applyAt(e, f.occurred)
	}
	for _, r := range late {
		e, err := stock.Recompute(s, r.Count, r.Delta)
		if err != nil {
			t.Fatal(err)
		}
		s.applyAt(e, noon)
	}
}

var shelf = stock.Place{Item: "A", Location: "S1"}

func drawTold(t *rapid.T) told {
	f := told{occurred: noon.Add(time.Duration(rapid.IntRange(0, 12).Draw(t, "minute")) * time.Minute)}
	q := drawQuantity.Draw(t, "quantity")
	if rapid.IntRange(0, 2).Draw(t, "kind") > 0 {
		f.delta = q * rapid.SampledFrom([]retail.Quantity{-1, 1}).Draw(t, "sign")
		f.name = fmt.Sprintf("%s at %s", f.delta, f.occurred.Format("15:04"))
		return f
	}
	id := rapid.SampledFrom([]stock.CountID{"C1", "C2", "C3", "C4"}).Draw(t, "count")
	f.count = &stock.Count{ID: id, Place: shelf, Bucket: event.Sellable, Cutoff: f.occurred, Counted: q}
	f.name = fmt.Sprintf("%s counts %s at %s", id, q, f.occurred.Format("15:04"))
	return f
}

// INV-31, A11, L6: after facts and counts have come in any order, counts with new versions
// among them, the book at each cutoff with the adjustments until then is what was counted, and
// the position is the last count with what happened since.
func TestCountsHoldInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfN(rapid.Custom(drawTold), 1, 25).Draw(t, "facts")
		s := newShop()
		kept := rapid.Bool().Draw(t, "kept first")
		last := map[stock.CountID]stock.Count{} // the last version of each count
		for _, f := range facts {
			if f.count != nil {
				last[f.count.ID] = *f.count
			}
			f.tell(t, s, kept)
		}
		var end retail.Quantity
		counts := s.sorted(shelf, event.Sellable)
		for i, c := range counts {
			if want := last[c.ID]; !c.Cutoff.Equal(want.Cutoff) || c.Counted != want.Counted {
				t.Fatalf("count %s: got %+v, want %+v", c.ID, c, want)
			}
			var book, adjusted retail.Quantity
			for _, m := range s.moves {
				after := slices.IndexFunc(counts, func(o stock.Count) bool { return o.ID == m.Count }) > i
				if !m.Effective.After(c.Cutoff) && !after {
					book += m.Quantity
				}
				if m.Count == c.ID {
					adjusted += m.Quantity
				}
			}
			if book != c.Counted {
				t.Fatalf("%s: the book at the cutoff is %s", c.ID, book)
			}
			if adjusted != c.Adjusted {
				t.Fatalf("%s: moved %s, says %s", c.ID, adjusted, c.Adjusted)
			}
			end = c.Counted
		}
		for _, f := range facts {
			if len(counts) == 0 || f.occurred.After(counts[len(counts)-1].Cutoff) {
				end += f.delta
			}
		}
		if got := s.Quantity(shelf, event.Sellable, stock.Owned); got != end {
			t.Fatalf("got %s, want %s", got, end)
		}
	})
}

// A count that comes again changes nothing.
func TestACountIsTakenOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newShop()
		var counts []told
		for _, f := range rapid.SliceOfN(rapid.Custom(drawTold), 1, 12).Draw(t, "facts") {
			f.tell(t, s, false)
			if f.count != nil {
				counts = slices.DeleteFunc(counts, func(c told) bool { return c.count.ID == f.count.ID })
				counts = append(counts, f)
			}
		}
		for _, c := range counts {
			e, err := stock.MakeCount(s, *c.count)
			if err != nil || len(e.Moves) > 0 {
				t.Fatalf("%s: got %+v, %v", c.name, e.Moves, err)
			}
		}
	})
}

func TestWhatCannotBeCountedIsRefused(t *testing.T) {
	good := stock.Count{ID: "C1", Place: shelf, Bucket: event.QCHold, Cutoff: noon, Counted: retail.One}
	for _, c := range []struct {
		name   string
		change func(*stock.Count)
		want   fault.Code
	}{
		{"a shelf", func(*stock.Count) {}, ""},
		{"nothing is a number", func(c *stock.Count) { c.Counted = 0 }, ""},
		{"less than nothing", func(c *stock.Count) { c.Counted = -1 }, fault.QuantitySign},
		{"no cutoff", func(c *stock.Count) { c.Cutoff = time.Time{} }, fault.SchemaInvalid},
		{"promises", func(c *stock.Count) { c.Bucket = event.AllocatedStock }, fault.SchemaInvalid},
		{"what is on the way", func(c *stock.Count) { c.Bucket = event.InTransit }, fault.SchemaInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			count := good
			c.change(&count)
			_, err := stock.MakeCount(newShop(), count)
			if c.want == "" && err != nil || c.want != "" && !fault.HasCode(err, c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if _, err := stock.Recompute(newShop(), "C1", retail.One); !fault.HasCode(err, fault.ParentMissing) {
		t.Errorf("an unknown count is recomputed: %v", err)
	}
}
