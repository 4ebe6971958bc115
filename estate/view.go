package estate

import (
	"strconv"
	"strings"
	"time"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// view is what the templates of the payloads see.
type view struct {
	Currency money.Currency
	Store    retail.LocationID
	// StoreCode is the store's number at the tills, Account the bank account.
	StoreCode, Account string
	F                  figures
	Taxes              []viewTax
	Lines              []viewLine
	// Back is the line that comes back.
	Back viewLine
	ID   ids
	When times

	Customer, Other, Payer person
	// Cashiers are called by name in the till's files.
	Cashier, SecondCashier person

	// Paid tells the shop's message that the order is paid from the one that it was placed.
	Paid bool
	// Captured tells the processor's message of the capture from the one of the hold.
	Captured bool

	// Copy counts deliveries of one fact: what a sender makes anew for each is made of it.
	Copy int
	// Delivery is the id of this delivery, in the sender's form.
	Delivery string
}

// MessageDelay is how many seconds after the fact the sender writes its message: another
// copy of a file is written later.
func (v view) MessageDelay() int { return 900 + 60*v.Copy }

// viewTax is what one jurisdiction asks, for the whole order or for a line.
type viewTax struct {
	Tax
	Minor, Back int64
}

// Percent is the rate as tills print it: 6.25.
func (t viewTax) Percent() string { return (t.Rate * 100).String() }

// viewLine is an order line with its ids.
type viewLine struct {
	line
	Item    Item
	Number  int // from 1
	Title   string
	Taxes   []viewTax
	GTIN    string
	ID      int64 // the shop's id of the line
	Product int64
	Variant int64

	Reservation, Allocation, Task string
}

// ids are the ids that the systems give.
type ids struct {
	Order, OrderNumber, Customer, Location, Checkout int64
	Authorization, CaptureTransaction                int64
	Fulfilment, Refund, RefundLine, RefundPayment    int64
	Discount                                         string

	Charge, Intent, Method, ProcessorCustomer, ProcessorRefund, Payout, Trace string
	ChargeBalance, RefundBalance, PayoutBalance                               string

	PickupTill, ReturnTill         string
	PickupNumber, ReturnNumber     int64
	ReturnKey                      string
	Statement, StatementEntry, Bic string
}

// OrderName is what the customer is told.
func (i ids) OrderName() string { return "#" + strconv.FormatInt(i.OrderNumber, 10) }

// times are when things happened, in the retailer's zone.
type times struct {
	Opening, Ordered, Authorised, Reserved, Expires time.Time
	Allocated, Picked, Staged, Captured             time.Time
	PickedUp, Returned, Refunded                    time.Time
	PaidOut, Booked                                 time.Time
}

// person is somebody whose data no journal may hold.
type person struct {
	First, Last, Email, Phone, Street, City, Zip string
	Number                                       string // customer or staff number
	IP, Card                                     string
}

// Name is the person's whole name.
func (p person) Name() string { return p.First + " " + p.Last }

// people are invented; their phone numbers and mail addresses cannot exist.
func people() (customer, other, payer, cashier, second person) {
	return person{"Rosalind", "Okonkwo-Hale", "rosalind.okonkwo@example.com", "+1-602-555-0147", "4821 Saguaro Blossom Lane", "Phoenix", "85004", "7201148830021", "198.51.100.23", "•••• •••• •••• 4242"},
		person{"Thaddeus", "Winterbourne", "t.winterbourne@example.org", "+1-602-555-0182", "17 Ocotillo Terrace", "Tempe", "85281", "7201148830388", "", "************1881"},
		person{"Evangeline", "Marchetti", "", "+1-602-555-0119", "902 Palo Verde Court", "Mesa", "85201", "7201148830717", "", "DE40500000000098765432"},
		person{"Imogen", "Castellanos", "", "", "", "", "", "60417", "", ""},
		person{"Bartholomew", "Quigg", "", "", "", "", "", "60533", "", ""}
}

// Personal returns the personal data that stands in the payloads: none of it may be found in
// the journal, in projections or in logs.
func (e *Estate) Personal() []string {
	v := e.view
	var out []string
	for _, p := range []person{v.Customer, v.Other, v.Payer, v.Cashier, v.SecondCashier} {
		for _, s := range []string{p.First, p.Last, p.Email, p.Phone, p.Street, p.IP, p.Card} {
			if s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

func (e *Estate) newView() view {
	v := view{Currency: e.scenario.Currency, Store: Store, StoreCode: storeCode, Account: account, F: e.figures}
	v.Customer, v.Other, v.Payer, v.Cashier, v.SecondCashier = people()
	v.When = e.times()
	v.ID = e.ids(v.When)
	for j, t := range e.scenario.Taxes {
		v.Taxes = append(v.Taxes, viewTax{Tax: t, Minor: e.figures.Taxes[j]})
	}
	for i, item := range e.scenario.Items {
		l := e.line(i, item)
		v.Lines = append(v.Lines, l)
		if item.ID == e.scenario.Returned.Item {
			v.Back = l
			for j := range l.Taxes {
				v.Taxes[j].Back = l.Taxes[j].Back
			}
		}
	}
	return v
}

func (e *Estate) line(i int, item Item) viewLine {
	label := string(item.ID)
	l := viewLine{
		line: e.figures.Lines[i], Item: item, Number: i + 1, Title: "Hand-woven " + strings.ToLower(label), GTIN: e.gtin(label),
		ID: e.number("line "+label, 13_925_006_000_000, 900_000_000), Product: e.number("product "+label, 8_222_223_000_000, 900_000_000),
		Variant:     e.number("variant "+label, 44_872_881_000_000, 900_000_000),
		Reservation: "RSV-" + e.hex("reservation "+label, 12), Allocation: "ALC-" + e.hex("allocation "+label, 12), Task: "PICK-" + e.hex("task "+label, 10),
	}
	for j, t := range e.scenario.Taxes {
		tax := viewTax{Tax: t, Minor: l.share.Taxes[j]}
		if l.Back.Units > 0 {
			tax.Back = l.Back.Taxes[j]
		}
		l.Taxes = append(l.Taxes, tax)
	}
	return l
}

// gtin returns an article number of thirteen digits with its check digit.
func (e *Estate) gtin(label string) string {
	digits := strconv.FormatInt(e.number("gtin "+label, 200_000_000_000, 99_999_999_999), 10)
	sum := 0
	for i, d := range digits {
		sum += int(d-'0') * (1 + 2*(i%2))
	}
	return digits + strconv.Itoa((10-sum%10)%10)
}

func (e *Estate) times() times {
	return times{
		Opening: e.at(9, 6, 0, 0),
		Ordered: e.at(8, 10, 15, 30), Authorised: e.at(8, 10, 15, 32), Reserved: e.at(8, 10, 15, 36), Expires: e.at(-14, 21, 0, 0),
		Allocated: e.at(8, 11, 2, 10), Picked: e.at(8, 12, 31, 44), Staged: e.at(8, 13, 5, 9), Captured: e.at(8, 13, 6, 0),
		PickedUp: e.at(7, 16, 42, 18), Returned: e.at(6, 11, 20, 51), Refunded: e.at(6, 11, 21, 20),
		PaidOut: e.at(3, 9, 0, 0), Booked: e.at(2, 8, 0, 0),
	}
}

func (e *Estate) ids(when times) ids {
	id := ids{
		// Above 2^53: a reader that takes it for a floating point number loses its last digits.
		Order:       e.number("order", 820_982_911_000_000_001, 900_000_000),
		OrderNumber: e.number("order number", 1_001, 8_000), Customer: e.number("customer", 7_201_148_000_000, 800_000_000),
		Location: e.number("location", 655_441_000, 99_999), Checkout: e.number("checkout", 36_646_099_000_000, 900_000_000),
		Authorization: e.number("authorization", 6_389_404_000_000, 900_000_000), CaptureTransaction: e.number("capture", 6_801_038_000_000, 900_000_000),
		Fulfilment: e.number("fulfilment", 4_255_858_000_000, 900_000_000), Refund: e.number("shop refund", 929_361_000_000, 900_000_000),
		RefundLine: e.number("refund line", 104_689_000_000, 900_000_000), RefundPayment: e.number("refund payment", 6_179_259_000_000, 900_000_000),
		Discount: "WELCOME10",

		Charge: "ch_3" + e.text("charge", 23), Intent: "pi_3" + e.text("intent", 23), Method: "pm_1" + e.text("method", 23),
		ProcessorCustomer: "cus_" + e.text("processor customer", 14), ProcessorRefund: "re_3" + e.text("refund", 23),
		Payout: "po_1" + e.text("payout", 23), Trace: strings.ToUpper(e.text("trace", 15)),
		ChargeBalance: "txn_3" + e.text("charge balance", 23), RefundBalance: "txn_3" + e.text("refund balance", 23), PayoutBalance: "txn_1" + e.text("payout balance", 23),

		PickupTill: "3", ReturnTill: "1", PickupNumber: e.number("pickup number", 400, 300), ReturnNumber: e.number("return number", 900, 300),
		Statement: "STM" + e.text("statement", 12), StatementEntry: "NTRY-" + e.hex("entry", 10), Bic: "HDDLDEFFXXX",
	}
	id.ReturnKey = retail.Key(storeCode, retail.DateOf(when.Returned).String(), id.ReturnTill, strconv.FormatInt(id.ReturnNumber, 10))
	return id
}
