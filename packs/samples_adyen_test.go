package packs

import (
	"strings"
	"testing"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
)

// What the vendor publishes comes from its test environment, which moves nothing; as it would
// come from the live one it is mapped.
func adyenSamples() []sample {
	accept := map[string]string{"test_mode": "accept"}
	immediate := map[string]string{"test_mode": "accept", "capture": "immediate"}
	const alone = `{"live":"true","notificationItems":[{"NotificationRequestItem":%s}]}`
	return []sample{
		{file: "notification-authorisation-true.json"},
		{file: "notification-authorisation-true.json", options: accept},
		{file: "notification-authorisation-true.json", options: immediate},
		{file: "notification-authorisation-true-additional-attribute.json"},
		{file: "notification-authorisation-true-additional-attribute.json", options: accept},
		{file: "notification-cancellation-true.json"},
		{file: "notification-cancellation-true.json", options: accept},
		{file: "notification-capture-true.json"},
		{file: "notification-capture-true.json", options: accept},
		{file: "notification-chargeback.json"},
		{file: "notification-refund-true.json"},
		{file: "notification-refund-true.json", options: accept},
		// Items alone, as the vendor's tests of signatures have them.
		{file: "hmac-validation-webhook.json"},
		{file: "hmac-validation-webhook.json", wrap: alone},
		{file: "hmac-vector-report-available.json"},
		{file: "hmac-vector-report-available.json", member: "notificationRequestItem", wrap: alone},
		{file: "settlement-details-batch118.csv"},
	}
}

func adyenPlatformSamples() []sample {
	accept := map[string]string{"test_mode": "accept"}
	return []sample{
		{file: "balancePlatform-webhooks-transfer-created.json"},
		{file: "balancePlatform-webhooks-transfer-created.json", options: accept},
		{file: "balancePlatform-webhooks-balanceplatform-report-created.json"},
	}
}

// What a batch holds adds up to what it pays, in every batch that can be read here.
func TestAdyenBatchesAddUp(t *testing.T) {
	batches := map[string]int64{}
	paid := map[string]int64{}
	add := func(payout retail.Ref, minor int64) { batches[payout.ID] += minor }
	count := func(body event.Body) {
		switch d := body.(type) {
		case *event.PaymentSettled:
			add(d.Payout, d.Net.Minor)
		case *event.ChargebackOpened:
			add(d.Payout, -d.Amount.Minor)
			if d.Fee != nil {
				add(d.Payout, -d.Fee.Minor)
			}
		case *event.ChargebackWon:
			add(d.Payout, d.Amount.Minor)
		case *event.ProcessorFee:
			add(d.Payout, -d.Amount.Minor)
		case *event.ReserveHeld:
			add(d.Payout, -d.Amount.Minor)
		case *event.ReserveReleased:
			add(d.Payout, d.Amount.Minor)
		case *event.Payout:
			paid[d.Payout.ID] += d.Amount.Minor
		}
	}
	p := get(t, adyen)
	folder := samplesOf(t, "adyen")
	for _, s := range adyenSamples() {
		if !strings.HasSuffix(s.file, ".csv") {
			continue
		}
		result, err := s.run(t, p, folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, outcome := range result.Records {
			for _, e := range outcome.Events {
				count(e.Data)
			}
		}
	}
	if len(paid) == 0 {
		t.Fatal("no batch was read")
	}
	for id, minor := range paid {
		if batches[id] != minor {
			t.Errorf("%s pays %d and holds %d", id, minor, batches[id])
		}
	}
}
