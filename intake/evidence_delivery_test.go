package intake_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
)

func (m *memory) Delivery(_ context.Context, id intake.DeliveryID) (intake.Delivery, error) {
	d, ok := m.deliveries[id]
	if !ok {
		return intake.Delivery{}, fault.New(fault.NoSuchThing, "", "no such delivery")
	}
	return d, nil
}

func (m *memory) Remember(_ context.Context, d intake.Delivery) error {
	m.deliveries[d.DeliveryID] = d
	return nil
}

func (m *memory) Forget(context.Context, time.Time) (int, error) { return 0, nil }

func TestRecognise(t *testing.T) {
	m := newMemory()
	shop := intake.Source{System: "shopify", Instance: "eu"}
	known := intake.Delivery{DeliveryID: intake.DeliveryID{Source: shop, ID: "1"}, Evidence: intake.HashOf([]byte("a")), Answer: []byte("ok"), At: noon}
	if err := intake.Remember(t.Context(), m, known); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		id   intake.DeliveryID
		body string
		at   time.Time
		want intake.Recognition
	}{
		{"the same bytes", known.DeliveryID, "a", noon, intake.Redelivery},
		{"just before 30 days", known.DeliveryID, "a", noon.Add(intake.DeliveryKept - 1), intake.Redelivery},
		{"after 30 days", known.DeliveryID, "a", noon.Add(30 * 24 * time.Hour), intake.NewDelivery},
		{"other bytes", known.DeliveryID, "b", noon, intake.ReusedID},
		{"another id", intake.DeliveryID{Source: shop, ID: "2"}, "a", noon, intake.NewDelivery},
		{"another instance", intake.DeliveryID{Source: intake.Source{System: "shopify", Instance: "us"}, ID: "1"}, "a", noon, intake.NewDelivery},
		{"another system", intake.DeliveryID{Source: intake.Source{System: "stripe", Instance: "eu"}, ID: "1"}, "a", noon, intake.NewDelivery},
		{"an id of 256 bytes", intake.DeliveryID{Source: shop, ID: strings.Repeat("x", 256)}, "a", noon, intake.NewDelivery},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, d, err := intake.Recognise(t.Context(), m, tt.id, intake.HashOf([]byte(tt.body)), tt.at)
			if err != nil || got != tt.want {
				t.Fatalf("got %s, %v; want %s", got, err, tt.want)
			}
			if got == intake.Redelivery && string(d.Answer) != "ok" {
				t.Errorf("got answer %q, want the first one", d.Answer)
			}
		})
	}
	long := intake.DeliveryID{Source: shop, ID: strings.Repeat("x", 257)}
	if _, _, err := intake.Recognise(t.Context(), m, long, known.Evidence, noon); !fault.HasCode(err, fault.BadRequest) {
		t.Errorf("an id of 257 bytes: got %v, want %s", err, fault.BadRequest)
	}
}

func TestRememberLimitsTheAnswer(t *testing.T) {
	m := newMemory()
	for size, want := range map[int]fault.Code{intake.AnswerMax: "", intake.AnswerMax + 1: fault.TooLarge} {
		err := intake.Remember(t.Context(), m, intake.Delivery{Answer: make([]byte, size)})
		if want == "" && err != nil || want != "" && !fault.HasCode(err, want) {
			t.Errorf("%d bytes: got %v, want %q", size, err, want)
		}
	}
}
