package intake

import (
	"context"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
)

// Limits of what is remembered of deliveries.
const (
	DeliveryKept  = 30 * 24 * time.Hour // how long a redelivery is known as one
	DeliveryIDMax = 256                 // bytes of a sender's delivery id
	AnswerMax     = 1 << 20             // bytes of a remembered answer
)

// DeliveryID names one delivery in the sender's own words.
type DeliveryID struct {
	Source
	ID string
}

// Delivery is what is remembered of a delivery that was answered.
type Delivery struct {
	DeliveryID
	Evidence journal.Hash
	Answer   []byte // what the sender was told, to be told again; no personal data
	At       time.Time
}

// Deliveries is where answered deliveries are kept: on the desk, at full durability. All
// methods may be called from many goroutines.
type Deliveries interface {
	// Delivery returns what is remembered under the id. None is H-NOT-FOUND. It is called
	// once for each payload that carries a delivery id.
	Delivery(ctx context.Context, id DeliveryID) (Delivery, error)

	// Remember keeps the delivery, over what was kept under its id, and returns when it
	// is durable. It is called once the events of the payload are durable.
	Remember(ctx context.Context, d Delivery) error

	// Forget drops the deliveries from before a time and returns how many those were. It
	// is called every hour or so.
	Forget(ctx context.Context, before time.Time) (int, error)
}

// Recognition says whether a delivery came before.
type Recognition string

// How a delivery is recognised.
const (
	// NewDelivery means that nothing is remembered under the id, or no longer.
	NewDelivery Recognition = "new"
	// Redelivery means that the same bytes came under the same id: answer as before.
	Redelivery Recognition = "redelivery"
	// ReusedID means that other bytes came under a known id. They are taken in like a new
	// delivery: business keys decide what they mean, and a sender that signs anew or
	// writes its JSON in another order has not lost its events.
	ReusedID Recognition = "reused_id"
)

// Recognise says whether the delivery of these bytes came before, and what is remembered
// of it. An id longer than DeliveryIDMax is H-REQUEST.
func Recognise(ctx context.Context, known Deliveries, id DeliveryID, evidence journal.Hash, at time.Time) (Recognition, Delivery, error) {
	if len(id.ID) > DeliveryIDMax {
		return "", Delivery{}, fault.New(fault.BadRequest, "delivery id", "a delivery id has at most %d bytes", DeliveryIDMax)
	}
	d, err := known.Delivery(ctx, id)
	switch {
	case fault.Is(err, fault.NotFound):
		return NewDelivery, Delivery{}, nil
	case err != nil:
		return "", Delivery{}, err
	case at.Sub(d.At) >= DeliveryKept:
		return NewDelivery, Delivery{}, nil
	case d.Evidence != evidence:
		return ReusedID, d, nil
	}
	return Redelivery, d, nil
}

// Remember keeps what a delivery was answered, for DeliveryKept. An answer longer than
// AnswerMax is H-TOO-LARGE.
func Remember(ctx context.Context, known Deliveries, d Delivery) error {
	if len(d.Answer) > AnswerMax {
		return fault.New(fault.TooLarge, "answer", "an answer of at most %d bytes can be remembered", AnswerMax)
	}
	d.At = d.At.UTC()
	return known.Remember(ctx, d)
}
