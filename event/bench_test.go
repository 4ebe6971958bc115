package event

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// The yardstick is encoding/json with the plainest struct that holds the same members.
type plainFact struct {
	BusinessDate string    `json:"business_date"`
	Data         plainSale `json:"data"`
	Instance     string    `json:"instance"`
	Key          string    `json:"key"`
	System       string    `json:"system"`
	Time         string    `json:"time"`
	Type         string    `json:"type"`
}

type plainSale struct {
	Currency string        `json:"currency"`
	Lines    []plainLine   `json:"lines"`
	Location string        `json:"location"`
	Tenders  []plainTender `json:"tenders"`
	Till     string        `json:"till"`
	Total    plainAmount   `json:"total"`
}

type plainLine struct {
	Gross    plainAmount `json:"gross"`
	Item     string      `json:"item"`
	Line     string      `json:"line"`
	Net      plainAmount `json:"net"`
	Quantity string      `json:"quantity"`
}

type plainTender struct {
	Amount plainAmount `json:"amount"`
	Code   string      `json:"code"`
}

type plainAmount struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// benchEvent is a sale of one line, some 420 bytes as a fact.
func benchEvent() *Event {
	eur := func(minor int64) money.Amount { return money.Of(minor, "EUR") }
	return &Event{
		Header: Header{System: "poslog", Instance: "estate-1", Key: "S12·2026-03-02·T1·4711", BusinessDate: 20260302,
			Time: time.Date(2026, 3, 2, 17, 5, 11, 0, time.UTC)},
		Data: &Sale{Location: "S12", Till: "T1", Currency: "EUR", Total: eur(1230),
			Lines:   []SaleLine{{Line: "1", Item: "SKU-100234", Quantity: retail.Units(2), Gross: eur(1230), Net: eur(1230)}},
			Tenders: []Tender{{Code: "CARD", Amount: eur(1230)}}},
	}
}

func BenchmarkDecode(b *testing.B) {
	fact := benchEvent().AppendFact(nil)
	b.SetBytes(int64(len(fact)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(fact); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeEncodingJSON(b *testing.B) {
	fact := benchEvent().AppendFact(nil)
	b.SetBytes(int64(len(fact)))
	b.ReportAllocs()
	for b.Loop() {
		if err := json.Unmarshal(fact, new(plainFact)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	text := AppendCloudEvent(nil, benchEvent(), "delivery-1")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendFact(b *testing.B) {
	e := benchEvent()
	fact := e.AppendFact(nil)
	b.SetBytes(int64(len(fact)))
	b.ReportAllocs()
	for b.Loop() {
		fact = e.AppendFact(fact[:0])
	}
}

func BenchmarkAppendFactEncodingJSON(b *testing.B) {
	var plain plainFact
	fact := benchEvent().AppendFact(nil)
	if err := json.Unmarshal(fact, &plain); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(fact)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(&plain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkContentHash(b *testing.B) {
	e := benchEvent()
	b.ReportAllocs()
	for b.Loop() {
		e.ContentHash()
	}
}

func BenchmarkIdempotencyKey(b *testing.B) {
	e := benchEvent()
	b.ReportAllocs()
	for b.Loop() {
		IdempotencyKey("acme", e)
	}
}

func BenchmarkValidate(b *testing.B) {
	e := benchEvent()
	b.ReportAllocs()
	for b.Loop() {
		if err := e.Validate(); err != nil {
			b.Fatal(err)
		}
	}
}
