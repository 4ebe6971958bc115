package bench

import (
	"strings"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

// reading converts what the code by hand reads and keeps the first failure, so that a mapping
// stays one expression.
type reading struct {
	in  pack.Input
	err error
}

func (r *reading) failed(err error) {
	if r.err == nil && err != nil {
		r.err = err
	}
}

func (r *reading) amount(decimal string, c money.Currency) money.Amount {
	a, err := money.Parse(decimal, c)
	r.failed(err)
	return a
}

func (r *reading) quantity(decimal string) retail.Quantity {
	q, err := retail.ParseQuantity(decimal)
	r.failed(err)
	return q
}

func (r *reading) rate(decimal string) money.Rate {
	if decimal == "" {
		return 0
	}
	rate, err := money.ParseRate(decimal)
	r.failed(err)
	return rate
}

func (r *reading) token(kind, value string) retail.Token {
	if value == "" {
		return ""
	}
	return pack.Token(r.in.TokenKey, kind, value)
}

// header makes the header of an event whose time may have an offset.
func (r *reading) header(system retail.SystemID, key string, t time.Time) event.Header {
	h := event.Header{System: system, Instance: r.in.Instance, Key: key, Time: t.UTC(), BusinessDate: retail.DateOf(t)}
	if offset := t.Format("Z07:00"); offset != "Z" {
		h.TZ = offset
	}
	return h
}

// fact returns the one fact of a payload, or what went wrong.
func (r *reading) fact(h event.Header, body event.Body, subject retail.Token) ([]Fact, error) {
	e := &event.Event{Header: h, Data: body}
	if r.failed(e.Validate()); r.err != nil {
		return nil, r.err
	}
	return []Fact{{e, subject}}, nil
}

func (r *reading) time(form, text string, zone *time.Location) time.Time {
	t, err := time.ParseInLocation(form, text, zone)
	r.failed(err)
	return t
}

func key(parts ...string) string { return strings.Join(parts, retail.Sep) }

// expected says that the payload is not the one that the code by hand is for.
func expected(what string) error {
	return fault.New(fault.UnknownTopic, what, "the code by hand reads nothing else")
}
