package cost_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/heddlehq/heddle/cost"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

func newPool(t testing.TB, c money.Currency) *cost.Pool {
	t.Helper()
	p, err := cost.NewPool(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPoolDocument(t *testing.T) {
	p := newPool(t, "USD")
	unit := cost.UnitCost(5_000_000)
	if _, err := p.Issue("S1", retail.Units(3), &unit); err != nil {
		t.Fatal(err)
	}
	check := func(want string) {
		t.Helper()
		if got, err := json.Marshal(p); err != nil || string(got) != want {
			t.Errorf("got  %s, %v\nwant %s", got, err, want)
		}
	}
	check(`{"currency":"USD","qty":"0","value":0,"open":[{"issue":"S1","qty":"3","value":1500}]}`)
	if _, err := p.Receive("R1", retail.Units(4), 2240); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Gain(retail.Quantity(500), nil); err != nil {
		t.Fatal(err)
	}
	check(`{"currency":"USD","qty":"1.5","value":840,"last_cost":"5.600000","shadow":[{"receipt":"R1","left":"1","received":"4"},{"left":"0.5"}]}`)
}

func TestIssuedDocument(t *testing.T) {
	p := newPool(t, "USD")
	unit := cost.UnitCost(5_000_000)
	issued, err := p.Issue("S1", retail.Units(3), &unit)
	if err != nil {
		t.Fatal(err)
	}
	trueUps, err := p.Receive("R1", retail.Units(4), 2240)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range trueUps {
		issued.Settle(u)
	}
	if _, err := p.Restore(&issued, retail.One); err != nil {
		t.Fatal(err)
	}
	want := `{"id":"S1","qty":"3","value":1500,"provisional":"3","provisional_value":1500,"true_ups":180,"returned":"1","restored":560}`
	if got, err := json.Marshal(issued); err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
}

func TestCheckFindsWhatContradictsItself(t *testing.T) {
	for name, text := range map[string]string{
		"no currency":               `{"qty":"0","value":0}`,
		"negative quantity":         `{"currency":"EUR","qty":"-1","value":0}`,
		"negative value":            `{"currency":"EUR","qty":"1","value":-1,"shadow":[{"left":"1"}]}`,
		"too much":                  `{"currency":"EUR","qty":"1","value":1000000000000000,"shadow":[{"left":"1"}]}`,
		"value without quantity":    `{"currency":"EUR","qty":"0","value":1}`,
		"open while there is stock": `{"currency":"EUR","qty":"1","value":1,"shadow":[{"left":"1"}],"open":[{"issue":"S","qty":"1","value":1}]}`,
		"layers hold less":          `{"currency":"EUR","qty":"2","value":1,"shadow":[{"left":"1"}]}`,
		"a layer with more left":    `{"currency":"EUR","qty":"2","value":1,"shadow":[{"receipt":"R","left":"2","received":"1"}]}`,
		"an empty layer":            `{"currency":"EUR","qty":"0","value":0,"shadow":[{"left":"0"}]}`,
		"an empty entry":            `{"currency":"EUR","qty":"0","value":0,"open":[{"issue":"S","qty":"0","value":0}]}`,
		"a negative entry":          `{"currency":"EUR","qty":"0","value":0,"open":[{"issue":"S","qty":"1","value":-1}]}`,
		"not a pool":                `[]`,
		"a quantity too fine":       `{"currency":"EUR","qty":"0.0001","value":0}`,
	} {
		t.Run(name, func(t *testing.T) {
			var p cost.Pool
			if err := json.Unmarshal([]byte(text), &p); !fault.HasCode(err, fault.InternalError) {
				t.Errorf("got %v, want %s", err, fault.InternalError)
			}
		})
	}
}

func TestUnknownCurrencyHasNoPool(t *testing.T) {
	if _, err := cost.NewPool("EURO"); !fault.HasCode(err, fault.CurrencyUnknown) {
		t.Errorf("got %v, want %s", err, fault.CurrencyUnknown)
	}
}

func TestOpenIssuesAreLimited(t *testing.T) {
	p := newPool(t, "EUR")
	unit := cost.UnitCost(1_000_000)
	issue := func(i int) error {
		_, err := p.Issue(cost.IssueID(fmt.Sprint(i)), retail.One, &unit)
		return err
	}
	for i := range cost.MaxOpen {
		if err := issue(i); err != nil {
			t.Fatal(err)
		}
	}
	if err := issue(cost.MaxOpen); !fault.HasCode(err, fault.StockNegative) {
		t.Fatalf("one more: got %v, want %s", err, fault.StockNegative)
	}
	trueUps, err := p.Receive("R", retail.Units(cost.MaxOpen+1), 200*(cost.MaxOpen+1))
	if err != nil || len(trueUps) != cost.MaxOpen || p.Qty != retail.One || p.Value != 200 {
		t.Fatalf("the receipt: %d true-ups and %s for %d, %v", len(trueUps), p.Qty, p.Value, err)
	}
	if err := issue(cost.MaxOpen); err != nil {
		t.Errorf("after the receipt: %v", err)
	}
}

func TestLayersAreLimited(t *testing.T) {
	p := newPool(t, "EUR")
	for i := range cost.MaxShadow + 2 {
		if _, err := p.Receive(cost.ReceiptID(fmt.Sprint(i)), retail.Units(2), 100); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	oldest, next := cost.Layer{Left: retail.Units(6)}, cost.Layer{Receipt: "3", Left: retail.Units(2), Received: retail.Units(2)}
	if len(p.Shadow) != cost.MaxShadow || p.Shadow[0] != oldest || p.Shadow[1] != next {
		t.Errorf("got %d layers, %+v and %+v first; want %d, %+v and %+v", len(p.Shadow), p.Shadow[0], p.Shadow[1], cost.MaxShadow, oldest, next)
	}
}

func TestSettleTakesOnlyItsOwnTrueUps(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	(&cost.Issued{ID: "S1"}).Settle(cost.TrueUp{Issue: "S2"})
}

func TestUnitCost(t *testing.T) {
	for _, c := range []struct {
		value money.Amount
		qty   retail.Quantity
		want  string
	}{
		{money.Of(1000, "EUR"), retail.Units(3), "3.333333"},
		{money.Of(2000, "EUR"), retail.Units(3), "6.666667"},
		{money.Of(400, "JPY"), retail.Units(3), "133.333333"},
		{money.Of(7001, "KWD"), 2345, "2.985501"},
		{money.Of(5, "CLF"), retail.One, "0.000500"},
		{money.Of(0, "EUR"), retail.One, "0.000000"},
	} {
		unit, err := cost.UnitCostOf(c.value, c.qty)
		if err != nil || unit.String() != c.want {
			t.Errorf("%s for %s: got %s, %v, want %s", c.value, c.qty, unit, err, c.want)
		}
		if back, err := unit.Extend(c.qty, c.value.Currency); err != nil || back != c.value.Minor {
			t.Errorf("%s × %s: got %d, %v, want %d", unit, c.qty, back, err, c.value.Minor)
		}
		var again cost.UnitCost
		text, _ := unit.MarshalText()
		if err := again.UnmarshalText(text); err != nil || again != unit {
			t.Errorf("%s reads as %s, %v", text, again, err)
		}
	}
	for _, s := range []string{"-1", "1.0000001", "", "1e3"} {
		if u, err := cost.ParseUnitCost(s); !fault.HasCode(err, fault.SchemaInvalid) {
			t.Errorf("%q: got %s, %v, want %s", s, u, err, fault.SchemaInvalid)
		}
	}
	if _, err := cost.UnitCost(1<<62).Extend(retail.Units(1), "KWD"); !fault.HasCode(err, fault.NotRepresentable) {
		t.Errorf("a cost too large: got %v, want %s", err, fault.NotRepresentable)
	}
}

// FuzzStoredPool asserts that no stored document, however wrong, makes the arithmetic
// panic: it is refused, or it works.
func FuzzStoredPool(f *testing.F) {
	f.Add(`{"currency":"USD","qty":"1.5","value":840,"last_cost":"5.600000","shadow":[{"receipt":"R1","left":"1","received":"4"},{"left":"0.5"}]}`, int64(2000), int64(700))
	f.Add(`{"currency":"JPY","qty":"0","value":0,"open":[{"issue":"S","qty":"3","value":1500}]}`, int64(4000), int64(1))
	f.Fuzz(func(t *testing.T, text string, qty, value int64) {
		var p cost.Pool
		if json.Unmarshal([]byte(text), &p) != nil {
			return
		}
		unit := cost.UnitCost(1_000_000)
		n := retail.Quantity(qty)
		sold, issueErr := p.Issue("sold", n, &unit)
		_, receiveErr := p.Receive("R", n, value)
		_, gainErr := p.Gain(n, &unit)
		_, restoreErr := p.Restore(&sold, n)
		for _, err := range []error{issueErr, receiveErr, gainErr, restoreErr, p.Check()} {
			if fault.HasCode(err, fault.InternalError) {
				t.Fatalf("%s, then %d for %d: %v", text, qty, value, err)
			}
		}
	})
}

// BenchmarkSaleAndReceipt is a pool in steady state: a receipt of twelve, then its sale
// in twelve issues.
func BenchmarkSaleAndReceipt(b *testing.B) {
	p := newPool(b, "EUR")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Receive("R", retail.Units(12), 6719); err != nil {
			b.Fatal(err)
		}
		for range 12 {
			if _, err := p.Issue("S", retail.One, nil); err != nil {
				b.Fatal(err)
			}
		}
	}
}
