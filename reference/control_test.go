package reference_test

import (
	"testing"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/reference"
)

// TestControlTotals compares loads with what their senders say of them.
// reproduces: H-CONTROL-TOTAL
func TestControlTotals(t *testing.T) {
	rows := func(n int64) *int64 { return &n }
	for _, c := range []struct {
		name    string
		control reference.Control
		want    string
	}{
		{"nothing said", reference.Control{}, ""},
		{"right", reference.Control{Rows: rows(3), Totals: map[string]string{"num": "13.5", "key": "108000874357"}}, ""},
		{"written otherwise", reference.Control{Totals: map[string]string{"num": "013.500"}}, ""},
		{"a row too few", reference.Control{Rows: rows(4)}, "the control says 4 and the load has 3"},
		{"none", reference.Control{Rows: rows(0)}, "the control says 0 and the load has 3"},
		{"another sum", reference.Control{Totals: map[string]string{"num": "13.6"}}, "the control says 13.6 and the load has 13.5"},
		{"a sum of what is no number", reference.Control{Totals: map[string]string{"name": "1"}}, "the load has values that are no plain decimals"},
		{"no sum", reference.Control{Totals: map[string]string{"num": "1e3"}}, "the control's total is not a plain decimal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tally := c.control.NewTally()
			tally.Add("gtin·036000291452", event.Row{"num": "12", "name": "a"})
			tally.Add("gtin·036000291453", event.Row{"num": "1.5"})
			tally.Add("gtin·036000291452", event.Row{})
			err := c.control.Check(tally)
			if c.want == "" && err == nil {
				return
			}
			if !fault.HasCode(err, fault.ControlTotal) || fault.As(err).Detail != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
