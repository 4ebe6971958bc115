package event

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

func eur(minor int64) money.Amount { return money.Of(minor, "EUR") }

func sale(change func(*Sale)) *Sale {
	v := &Sale{Location: "S12", Till: "T1", Currency: "EUR", Total: eur(1190), Tenders: []Tender{{Code: "CARD", Amount: eur(1190)}},
		Lines: []SaleLine{{Line: "1", Item: "SKU-1", Quantity: retail.One, Gross: eur(1000), Net: eur(1000), Taxes: []Tax{{Code: "VAT", Amount: eur(190)}}},
			{Line: "2", Item: "SKU-2", Quantity: retail.One, Gross: eur(0), Net: eur(0)}}}
	change(v)
	return v
}

func order(change func(*OrderPlaced)) *OrderPlaced {
	v := &OrderPlaced{Channel: "ONLINE", Currency: "EUR", Total: eur(1000), Lines: []OrderLine{{Line: "1", Item: "SKU-1", Quantity: retail.One, Gross: eur(1000), Net: eur(1000)}}}
	change(v)
	return v
}

func adjusted(change func(*StockAdjusted)) *StockAdjusted {
	v := &StockAdjusted{Adjustment: "A", Line: "1", Item: "SKU-1", Location: "S12", Bucket: Sellable, Quantity: -retail.One, Reason: "SHRINK_UNKNOWN"}
	change(v)
	return v
}

func returned(change func(*ReturnAccepted)) *ReturnAccepted {
	v := &ReturnAccepted{Return: retail.Ref{Type: retail.RefReturn, ID: "R"}, Original: retail.Ref{Type: retail.RefTillLine, ID: "L"}, Location: "S12", Item: "SKU-1",
		Quantity: retail.One, Disposition: Restock, Net: eur(1000)}
	change(v)
	return v
}

// validated is a body and what Validate says of it; nothing means that it is valid.
type validated struct {
	name string
	body Body
	want string
}

var claim = retail.Ref{Type: retail.RefReservation, ID: "R"}

func salesToValidate() []validated {
	return []validated{
		{"a sale", sale(func(*Sale) {}), ""},
		{"a sale below zero in total", sale(func(v *Sale) { v.Total = eur(-5); v.Tenders[0].Amount = eur(-5) }), ""},
		{"discount above the price", sale(func(v *Sale) { v.Lines[0].Discounts = []Discount{{Amount: eur(1001)}}; v.Lines[0].Net = eur(-1) }), ""},
		{"no lines", sale(func(v *Sale) { v.Lines = nil }), "V-SCH-01: data.lines: needs at least one element"},
		{"no item", sale(func(v *Sale) { v.Lines[1].Item = "" }), "V-SCH-01: data.lines[1].item: is missing"},
		{"line number twice", sale(func(v *Sale) { v.Lines[1].Line = "1" }), "V-SCH-01: data.lines[1].line: the number stands there twice"},
		{"quantity zero", sale(func(v *Sale) { v.Lines[1].Quantity = 0 }), "V-QTY-01: data.lines[1].quantity: is zero"},
		{"quantity negative", sale(func(v *Sale) { v.Lines[0].Quantity = -1 }), "V-QTY-01: data.lines[0].quantity: has to be greater"},
		{"quantity of nobody", sale(func(v *Sale) { v.Lines[0].Quantity = math.MinInt64 }), "V-SCH-01: data.lines[0].quantity: has more than 12 digits"},
		{"price negative", sale(func(v *Sale) { v.Lines[0].Gross = eur(-1000) }), "V-QTY-02: data.lines[0].gross"},
		{"discount negative", sale(func(v *Sale) { v.Lines[0].Discounts = []Discount{{Amount: eur(1)}, {Amount: eur(-1)}} }), "V-QTY-02: data.lines[0].discounts[1].amount"},
		{"tax against its base", sale(func(v *Sale) { v.Lines[0].Taxes[0].Amount = eur(-1) }), "V-QTY-02: data.lines[0].taxes[0].amount"},
		{"tax with its base", sale(func(v *Sale) { v.Lines[0].Net = eur(-10); v.Lines[0].Taxes[0].Amount = eur(-1) }), ""},
		{"two currencies", sale(func(v *Sale) { v.Lines[0].Taxes[0].Amount = money.Of(190, "USD") }), "V-CUR-01: data.lines[0].taxes[0].amount"},
		{"currency of the document", sale(func(v *Sale) { v.Currency = "USD" }), "V-CUR-01: data.lines[0].gross"},
		{"unknown currency", sale(func(v *Sale) { v.Currency = "XXX" }), "V-CUR-01: data.currency: is not an ISO 4217 currency"},
		{"no currency", sale(func(v *Sale) { v.Total = money.Amount{} }), "V-CUR-01: data.total"},
		{"amount of nobody", sale(func(v *Sale) { v.Total.Minor = math.MinInt64 }), "V-BAL-04: data.total"},
		{"rate of nobody", sale(func(v *Sale) { v.Lines[0].Taxes[0].Rate = -1 }), "V-SCH-01: data.lines[0].taxes[0].rate"},
		{"alias without id", sale(func(v *Sale) { v.Aliases = []retail.Ref{{Type: "order"}} }), "V-SCH-01: data.aliases[0]: is missing"},
		{"ext that is no object", sale(func(v *Sale) { v.Ext = `[]` }), "V-SCH-01: data.ext"},
		{"ext that is not canonical", sale(func(v *Sale) { v.Ext = `{ }` }), "V-SCH-01: data.ext"},
	}
}

func ordersToValidate() []validated {
	negative := eur(-1)
	return []validated{
		{"an order", order(func(*OrderPlaced) {}), ""},
		{"mode of its own", order(func(v *OrderPlaced) { v.Mode = "CARRIER_PIGEON" }), "V-SCH-01: data.mode: is none of the values"},
		{"shipping negative", order(func(v *OrderPlaced) { v.Shipping = &negative }), "V-QTY-02: data.shipping"},
		{"order quantity", order(func(v *OrderPlaced) { v.Lines[0].Quantity = -1 }), "V-QTY-01: data.lines[0].quantity"},

		{"a return", returned(func(*ReturnAccepted) {}), ""},
		{"return with a sale's sign", returned(func(v *ReturnAccepted) { v.Quantity = -retail.One }), "V-QTY-01: data.quantity"},
		{"return refunds less than nothing", returned(func(v *ReturnAccepted) { v.Net = eur(-1) }), "V-QTY-02: data.net"},
		{"return's tax", returned(func(v *ReturnAccepted) { v.Taxes = []Tax{{Code: "VAT", Amount: eur(-1)}} }), "V-QTY-02: data.taxes[0].amount"},
		{"return's tax in one sum", returned(func(v *ReturnAccepted) { v.TaxTotal = &negative }), "V-QTY-02: data.tax_total"},
		{"return without disposition", returned(func(v *ReturnAccepted) { v.Disposition = "" }), "V-SCH-01: data.disposition"},

		{"reservation of nothing", &ReservationMade{Reservation: "R", Item: "I", Location: "L"}, "V-QTY-01: data.quantity"},
		{"all that is left", &ReservationReleased{Reservation: "R"}, ""},
		{"less than nothing released", &ReservationReleased{Reservation: "R", Quantity: -1}, "V-QTY-01: data.quantity"},
		{"expiry of nothing", &ReservationExpired{Reservation: "R"}, "V-QTY-01: data.quantity"},
		{"allocation", &Allocated{Allocation: "A", Claim: claim, Item: "I", Location: "L", Quantity: -1}, "V-QTY-01: data.quantity"},
		{"deallocation", &Deallocated{Allocation: "A", Claim: claim, Item: "I", Location: "L", Quantity: -1}, "V-QTY-01: data.quantity"},
		{"picked", &Picked{Task: "T", Claim: claim, Item: "I", Location: "L", Quantity: -1}, "V-QTY-01: data.quantity"},
		{"staged without claim", &Staged{Task: "T", Item: "I", Location: "L", Quantity: 1}, "V-SCH-01: data.claim: is missing"},
		{"pickup", &PickedUp{Location: "L", Lines: []FulfilledLine{{Line: "1", Claim: claim, Item: "I", Quantity: -1}}}, "V-QTY-01: data.lines[0].quantity"},
		{"fulfilment without lines", &Fulfilled{Location: "L"}, "V-SCH-01: data.lines"},
	}
}

func stockAndPaymentsToValidate() []validated {
	return []validated{
		{"receipt without cost", &POReceived{Receipt: "R", Line: "1", Item: "I", Location: "L", Quantity: 1, Value: new(eur(0))}, ""},
		{"receipt taken back", &POReceived{Receipt: "R", Line: "1", Item: "I", Location: "L", Quantity: -1, Value: new(eur(1))}, "V-QTY-01: data.quantity"},
		{"receipt into a claim", &POReceived{Receipt: "R", Line: "1", Item: "I", Location: "L", Quantity: 1, Value: new(eur(1)), Bucket: Reserved}, "V-SCH-01: data.bucket"},
		{"an adjustment", adjusted(func(*StockAdjusted) {}), ""},
		{"adjustment by nothing", adjusted(func(v *StockAdjusted) { v.Quantity = 0 }), "V-QTY-01: data.quantity"},
		{"adjustment of a claim", adjusted(func(v *StockAdjusted) { v.Bucket = AllocatedStock }), "V-SCH-01: data.bucket"},
		{"opening load without value", adjusted(func(v *StockAdjusted) { v.Reason = OpeningLoad }), "V-SCH-01: data.value"},
		{"value against the quantity", adjusted(func(v *StockAdjusted) { a := eur(1); v.Value = &a }), "V-QTY-02: data.value"},

		{"capture below zero", &PaymentCaptured{Processor: "stripe", Amount: eur(-1)}, "V-QTY-02: data.amount"},
		{"refund below zero", &RefundIssued{Processor: "stripe", Refund: claim, Amount: eur(-1)}, "V-QTY-02: data.amount"},
		{"authorisation below zero", &PaymentAuthorised{Processor: "stripe", Payment: claim, Amount: eur(-1)}, "V-QTY-02: data.amount"},
		{"settled refund", &PaymentSettled{Processor: "stripe", Payout: claim, Of: claim, Gross: eur(-100), Fee: eur(0), Net: eur(-100)}, ""},
		{"settled in two currencies", &PaymentSettled{Processor: "stripe", Payout: claim, Of: claim, Gross: eur(100), Fee: money.Of(1, "USD"), Net: eur(99)}, "V-CUR-01: data.gross"},
		{"payout that collects", &Payout{Processor: "stripe", Payout: claim, Amount: eur(-1), Arrival: 20260302}, ""},
		{"day that is none", &Payout{Processor: "stripe", Payout: claim, Amount: eur(1), Arrival: 20260231}, "V-SCH-01: data.arrival"},
		{"debit of the bank", &BankLine{Account: "A", Statement: "S", Entry: "1", Amount: eur(-1)}, ""},

		{"a row", &ReferenceSet{Table: "shops", RowKey: "s·i", Row: Row{"entity": "E"}, Author: "p"}, ""},
		{"row with another column", &ReferenceSet{Table: "shops", RowKey: "s·i", Row: Row{"colour": "red"}, Author: "p"}, "V-SCH-01: data.row: column entity is missing; unknown column colour"},
		{"row of no table", &ReferenceSet{Table: "shoes", RowKey: "s·i", Row: Row{"entity": "E"}, Author: "p"}, "V-SCH-01: data.row"},
		{"decision", &ApprovalGiven{Subject: claim, Decision: "MAYBE", Person: "p"}, "V-SCH-01: data.decision"},
		{"run without author", &PeriodRunRequested{Run: ClearingReclass, Entity: "E", AsOf: 20260331}, "V-SCH-01: data.author"},
		{"run without day", &PeriodRunRequested{Run: ClearingReclass, Entity: "E", Author: "p"}, "V-SCH-01: data.as_of"},
	}
}

func TestValidateRefusesWhatCannotBe(t *testing.T) {
	for _, c := range slices.Concat(salesToValidate(), ordersToValidate(), stockAndPaymentsToValidate()) {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if err := c.body.Validate(); err != nil {
				got = err.Error()
			}
			if !strings.HasPrefix(got, c.want) || (c.want == "") != (got == "") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestValidateHeader(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(e *Event)
		want   string
	}{
		{"as it is", func(*Event) {}, ""},
		{"no body", func(e *Event) { e.Data = nil }, "V-SCH-01: data: is missing"},
		{"no system", func(e *Event) { e.System = "" }, "V-SCH-01: system: is missing"},
		{"system with a slash", func(e *Event) { e.System = "a/b" }, "V-SCH-01: system: has to be one word"},
		{"no instance", func(e *Event) { e.Instance = "" }, "V-SCH-01: instance: is missing"},
		{"no key", func(e *Event) { e.Key = "" }, "V-SCH-01: key: is missing"},
		{"key at the limit", func(e *Event) { e.Key = strings.Repeat("k", keyMax) }, ""},
		{"key beyond it", func(e *Event) { e.Key = strings.Repeat("k", keyMax+1) }, "V-SCH-01: key: is too long"},
		{"key that is no UTF-8", func(e *Event) { e.Key = "a\xff" }, "V-SCH-01: key: has a character"},
		{"no time", func(e *Event) { e.Time = time.Time{} }, "V-SCH-01: time: is missing"},
		{"day that is none", func(e *Event) { e.BusinessDate = 20260231 }, "V-SCH-01: business_date"},
		{"version", func(e *Event) { e.SourceVersion = -1 }, "V-SCH-01: source_version: is negative"},
		{"zone", func(e *Event) { e.TZ = "Etc/GMT+5" }, ""},
		{"zone that is none", func(e *Event) { e.TZ = "Europe//Berlin" }, "V-SCH-01: tz"},
		{"offset", func(e *Event) { e.TZ = "+2:00" }, "V-SCH-01: tz"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := benchEvent()
			c.change(e)
			got := ""
			if err := e.Validate(); err != nil {
				got = err.Error()
			}
			if !strings.HasPrefix(got, c.want) || (c.want == "") != (got == "") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// What Validate lets pass can be stored and read again, also where it was made in Go.
func TestValidEventsCanBeReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := events().Draw(t, "event")
		damage(t, reflect.ValueOf(e.Data).Elem())
		if e.Validate() != nil {
			return
		}
		fact := e.AppendFact(nil)
		back, err := Decode(fact)
		if err != nil || !reflect.DeepEqual(back, e) {
			t.Fatalf("%v\n%s", err, fact)
		}
	})
}

// damage makes some members nothing or senseless.
func damage(t *rapid.T, v reflect.Value) {
	for i := range v.NumField() {
		f := v.Field(i)
		switch {
		case rapid.IntRange(0, 9).Draw(t, "damage") > 0:
		case f.Kind() == reflect.Int64 || f.Kind() == reflect.Int32:
			f.SetInt(rapid.SampledFrom([]int64{0, -1, math.MaxInt32}).Draw(t, "number"))
		case f.Type() == reflect.TypeFor[money.Amount]():
			f.Set(reflect.ValueOf(money.Of(rapid.SampledFrom([]int64{0, math.MinInt64}).Draw(t, "minor"), "XXX")))
		case f.Type() == reflect.TypeFor[Ext]():
			f.SetString(rapid.SampledFrom([]string{"", "null", "{", `{"a":1.0}`}).Draw(t, "ext"))
		default:
			f.SetZero()
		}
	}
}
