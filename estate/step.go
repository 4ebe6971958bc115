package estate

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Step is one step of the key scenario.
type Step struct {
	Number int
	// Event is the step in the words of the rule book.
	Event string
	// Messages are what outside systems send in it, in order, echoes after what books. Step 6
	// has none: the report of step 9 carries it, because a payout's report lists the members
	// of a payout that exists.
	Messages []Message
}

// Steps returns the eleven steps.
func (e *Estate) Steps() []Step {
	return []Step{
		{1, "OPENING_LOAD", e.opening()},
		{2, "ORDER_PLACED, PAYMENT_AUTHORISED, RESERVATION_MADE", e.ordered()},
		{3, "ALLOCATED, PICKED, STAGED", e.prepared()},
		{4, "PAYMENT_CAPTURED", []Message{e.charge("charge captured", 4, true), e.paid()}},
		{5, "PICKED_UP", []Message{e.till("pickup", 5, "poslog_pickup", "the customer has picked the order up"), e.fulfilment()}},
		{6, "PAYMENT_SETTLED", nil},
		{7, "RETURN_ACCEPTED", []Message{e.till("return", 7, "poslog_return", "goods come back to the store")}},
		{8, "REFUND_ISSUED", []Message{e.processor("refund", 8, "stripe_refund", "a refund to the card"), e.refund()}},
		{9, "PAYMENT_SETTLED (refund leg)", []Message{e.report()}},
		{10, "PAYOUT", []Message{e.processor("payout", 10, "stripe_payout", "a payout to the bank account")}},
		{11, "BANK_LINE", []Message{e.statement()}},
	}
}

// Seed returns the message that brings the reference data.
func (e *Estate) Seed() Message {
	return e.rows("reference data", e.Reference())
}

// Reversal returns the message that reverses who books the goods; see ReversedAuthority.
func (e *Estate) Reversal() Message {
	return e.rows("reversed authority", e.ReversedAuthority())
}

func (e *Estate) rows(name string, rows []Row) Message {
	return Message{
		Name: name, Who: "the loader", What: name, Method: http.MethodPost, Path: "/v1/reference", Caller: Loader, contentType: typeJSON,
		body: func(int) []byte {
			b, err := json.Marshal(map[string]any{"rows": rows})
			if err != nil {
				panic(err) // texts only
			}
			return b
		},
	}
}

// Messages returns what is sent in a range of steps, in order; echoes only if they are asked for.
func (e *Estate) Messages(from, to int, echoes bool) []Message {
	var out []Message
	for _, s := range e.Steps() {
		if s.Number < from || s.Number > to {
			continue
		}
		for _, m := range s.Messages {
			if !m.Echo || echoes {
				out = append(out, m)
			}
		}
	}
	return out
}

// The content types.
const (
	typeJSON   = "application/json"
	typeEvents = "application/cloudevents-batch+json"
	typeXML    = "application/xml"
	typeCSV    = "text/csv"
)

// copyOf returns what a template sees in one delivery.
func (e *Estate) copyOf(delivery int, id string) view {
	v := e.view
	v.Copy, v.Delivery = delivery, id
	return v
}

// labelled makes the label of an id that is new for each delivery.
func labelled(name string, delivery int) string {
	return name + " delivery " + strconv.Itoa(delivery)
}

// file is a message whose id is its content.
func (e *Estate) file(m Message, template, contentType string) Message {
	m.Method, m.contentType = http.MethodPut, contentType
	m.body = func(delivery int) []byte {
		b := e.letters.write(template, e.copyOf(delivery, "MSG-"+e.hex(labelled(m.Name, delivery), 16)))
		if contentType == typeCSV && delivery%2 == 1 {
			b = bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")) // the same rows, other bytes
		}
		return b
	}
	return m
}

// OpeningFile is the name of the opening load, which is the document that is approved.
func (e *Estate) OpeningFile() string {
	return "opening-" + e.view.When.Opening.Format(time.DateOnly) + ".csv"
}

func (e *Estate) opening() []Message {
	load := e.file(Message{
		Name: "opening load", Step: 1, Who: "the loader", What: "CSV of what the store has", Path: "/v1/files/csv/" + string(loadInstance) + "/" + e.OpeningFile(), Caller: Loader,
	}, "opening", typeCSV)
	approval := Message{
		Name: "approval", Step: 1, Who: "the controller", What: "approval of the load by a second person", Method: http.MethodPost, Path: "/v1/approvals", Caller: Controller, contentType: typeJSON,
		body: func(int) []byte {
			return []byte(`{"subject":{"type":"document","id":"` + e.OpeningFile() + `"},"decision":"APPROVED","reason":"counted and valued"}`)
		},
	}
	return []Message{load, approval}
}

func (e *Estate) ordered() []Message {
	order := e.shop(Message{Name: "order", Step: 2, What: "webhook orders/create"}, "orders/create", "shopify_order", false)
	return []Message{order, e.charge("charge authorised", 2, false), {
		Name: "reservations", Step: 2, Who: "the OMS", What: "reservations at the store", Method: http.MethodPost, Path: "/v1/reservations", Caller: OMS,
		contentType: typeJSON, header: http.Header{"Heddle-Source": {"oms/" + string(omsInstance)}},
		body: func(delivery int) []byte { return e.letters.write("reservations", e.copyOf(delivery, "")) },
	}}
}

func (e *Estate) prepared() []Message {
	var out []Message
	for _, name := range []string{"allocated", "picked", "staged"} {
		out = append(out, Message{
			Name: name, Step: 3, Who: "the OMS", What: "CloudEvents: " + name, Method: http.MethodPost, Path: "/v1/events", Caller: OMS, contentType: typeEvents,
			body: func(delivery int) []byte {
				return e.letters.write("oms_"+name, e.copyOf(delivery, e.uuid(labelled(name, delivery))))
			},
		})
	}
	return out
}

// shop is a webhook of the shop.
func (e *Estate) shop(m Message, topic, template string, paid bool) Message {
	m.Who, m.Method, m.Path, m.contentType = "the shop", http.MethodPost, "/v1/intake/shopify/"+string(shopInstance), typeJSON
	m.sign = signature{schemeShop, e.shopSecret()}
	m.body = func(delivery int) []byte {
		v := e.copyOf(delivery, "")
		v.Paid = paid
		return e.letters.write(template, v)
	}
	m.webhook = func(delivery int) http.Header {
		h := http.Header{}
		h.Set("X-Shopify-Topic", topic)
		h.Set("X-Shopify-Webhook-Id", e.uuid(labelled(m.Name, delivery)))
		h.Set("X-Shopify-Event-Id", e.uuid(m.Name+" event"))
		h.Set("X-Shopify-Shop-Domain", "webshop.example.com")
		h.Set("X-Shopify-Api-Version", "2026-10")
		h.Set("X-Shopify-Triggered-At", e.view.When.Ordered.UTC().Format(time.RFC3339))
		return h
	}
	return m
}

func (e *Estate) paid() Message {
	return e.shop(Message{Name: "order paid", Step: 4, Echo: true, What: "webhook orders/paid"}, "orders/paid", "shopify_order", true)
}

func (e *Estate) fulfilment() Message {
	return e.shop(Message{Name: "shop fulfilment", Step: 5, Echo: true, What: "webhook fulfillments/create"}, "fulfillments/create", "shopify_fulfilment", true)
}

func (e *Estate) refund() Message {
	return e.shop(Message{Name: "shop refund", Step: 8, Echo: true, What: "webhook refunds/create"}, "refunds/create", "shopify_refund", true)
}

// processor is a webhook of the payment processor.
func (e *Estate) processor(name string, step int, template, what string) Message {
	return e.signed(Message{Name: name, Step: step, What: "webhook: " + what}, template, false)
}

func (e *Estate) charge(name string, step int, captured bool) Message {
	what := "webhook charge.succeeded, not captured"
	if captured {
		what = "webhook charge.captured"
	}
	return e.signed(Message{Name: name, Step: step, What: what}, "stripe_charge", captured)
}

func (e *Estate) signed(m Message, template string, captured bool) Message {
	m.Who, m.Method, m.Path, m.contentType = "the processor", http.MethodPost, "/v1/intake/stripe/"+string(payInstance), typeJSON
	m.sign = signature{schemeProcessor, e.paySecret()}
	m.body = func(delivery int) []byte {
		v := e.copyOf(delivery, "evt_1"+e.text(labelled(m.Name, delivery), 23))
		v.Captured = captured
		return e.letters.write(template, v)
	}
	return m
}

func (e *Estate) till(name string, step int, template, what string) Message {
	return e.file(Message{
		Name: name, Step: step, Who: "the till", What: "POSLog file: " + what, Path: "/v1/files/poslog/" + string(tillsInstance) + "/" + name + "-" + storeCode + ".xml", Caller: Tills,
	}, template, typeXML)
}

// report is the itemised payout reconciliation report: one row settles the payment, one the
// refund, and one tells the payout again.
func (e *Estate) report() Message {
	return e.file(Message{
		Name: "settlement report", Step: 9, Records: []int{6, 9, 10}, Who: "the processor", What: "CSV: itemised payout reconciliation",
		Path: "/v1/files/stripe/" + string(payInstance) + "/payout-reconciliation-" + e.view.When.PaidOut.Format(time.DateOnly) + ".csv", Caller: Treasury,
	}, "reconciliation", typeCSV)
}

func (e *Estate) statement() Message {
	return e.file(Message{
		Name: "bank statement", Step: 11, Who: "the bank", What: "camt.053 statement", Path: "/v1/files/camt053/" + string(bankInstance) + "/statement-" + e.view.ID.Statement + ".xml", Caller: Treasury,
	}, "camt053", typeXML)
}

// Names returns the names of messages, in order.
func Names(messages []Message) []string {
	out := make([]string, len(messages))
	for i, m := range messages {
		out[i] = m.Name
	}
	return out
}

// Before reports whether one message stands before another in an order of messages.
func Before(messages []Message, first, second string) bool {
	names := Names(messages)
	a, b := slices.Index(names, first), slices.Index(names, second)
	return a >= 0 && b >= 0 && a < b
}
