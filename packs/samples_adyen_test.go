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
	const authorised = "payment_authorised adyen·123456789"
	hold := []string{
		`"source":"adyen/sample"`, `"account":"MagentoMerchantTest2","amount":{"amount":"101.00","currency":"EUR"}`, `"order":{"id":"8313842560770001","type":"shop_order"}`,
		`"tender":"visa"`, `"time":"2017-01-19T15:42:03Z","tz":"+01:00","businessdate":"2017-01-19"`, `"sourceversion":"1484840523000000"`,
	}
	return []sample{
		{file: "notification-authorisation-true.json", want: []string{"V-TRN-01"}},
		{file: "notification-authorisation-true.json", options: accept, want: []string{authorised}, fields: hold},
		{file: "notification-authorisation-true.json", options: immediate, want: []string{"payment_captured adyen·123456789"}, fields: hold},
		{file: "notification-authorisation-true-additional-attribute.json", want: []string{"V-TRN-01"}},
		{file: "notification-authorisation-true-additional-attribute.json", options: accept, want: []string{authorised}, fields: hold},
		{file: "notification-cancellation-true.json", want: []string{"V-TRN-01"}},
		{file: "notification-cancellation-true.json", options: accept, want: []string{"payment_voided adyen·8313547924770610·8412534564722331"}, fields: []string{
			`"payment":{"id":"adyen·8313547924770610","type":"payment"}`, `"account":"YOUR_MERCHANT_ACCOUNT"`,
		}},
		{file: "notification-capture-true.json", want: []string{"V-TRN-01"}},
		{file: "notification-capture-true.json", options: accept, want: []string{"payment_captured adyen·PSP_REFERENCE"}, fields: []string{
			`"amount":{"amount":"236.23","currency":"USD"}`, `"payment":{"id":"adyen·ORIGINAL_PSP","type":"payment"}`, `"time":"2017-01-25T17:08:19Z"`,
		}},
		{file: "notification-chargeback.json", want: []string{"chargeback_opened adyen·9915555555555555·CHARGEBACK"}, fields: []string{
			`"amount":{"amount":"10.00","currency":"EUR"}`, `"dispute":{"id":"adyen·9915555555555555","type":"dispute"}`, `"payment":{"id":"adyen·9913333333333333","type":"payment"}`, `"reason":"10.4"`,
		}},
		{file: "notification-refund-true.json", want: []string{"V-TRN-01"}},
		{file: "notification-refund-true.json", options: accept, want: []string{"refund_issued adyen·PSP_REFERENCE"}, fields: []string{
			`"amount":{"amount":"15.00","currency":"EUR"}`, `"refund":{"id":"adyen·PSP_REFERENCE","type":"refund"}`, `"payment":{"id":"adyen·ORIGINAL_PSP","type":"payment"}`,
		}},
		// Items alone, as the vendor's tests of signatures have them.
		{file: "hmac-validation-webhook.json", want: []string{"H-TOPIC"}},
		{file: "hmac-validation-webhook.json", wrap: alone, want: []string{"payment_authorised adyen·ZVWN7D3WSMK2WN82"}, fields: []string{`"order":{"id":"\\:/\\/slashes are fun","type":"shop_order"}`}},
		{file: "hmac-vector-report-available.json", want: []string{"H-TOPIC"}},
		{file: "hmac-vector-report-available.json", member: "notificationRequestItem", wrap: alone, want: []string{"ignored"}},
		{file: "settlement-details-batch118.csv", want: []string{
			"payment_settled adyen·Shop·118·PSP1·Settled", "payment_settled adyen·Shop·118·MOD1·Refunded",
			"chargeback_opened adyen·MOD2·CHARGEBACK", "chargeback_won adyen·MOD0·CHARGEBACK_REVERSED",
			"processor_fee adyen·Shop·118·Fee·2026-09-16T10:00:00Z·-200", "reserve_held adyen·Shop·118·DepositCorrection·2026-09-16T11:00:00Z·-500",
			"payout adyen·Shop·118",
		}, fields: []string{
			`"source":"adyen_report/sample"`, `"time":"2026-09-15T10:22:31Z"`,
			`"fee":{"amount":"0.89","currency":"EUR"},"gross":{"amount":"45.99","currency":"EUR"},"net":{"amount":"45.10","currency":"EUR"},"of":{"id":"adyen·PSP1","type":"payment"}`,
			`"fee":{"amount":"0.10","currency":"EUR"},"gross":{"amount":"-5.00","currency":"EUR"},"net":{"amount":"-5.10","currency":"EUR"},"of":{"id":"adyen·MOD1","type":"refund"}`,
			`"payout":{"id":"adyen·Shop·118","type":"payout"}`, `"amount":{"amount":"20.00","currency":"EUR"},"dispute":{"id":"adyen·MOD2","type":"dispute"},"fee":{"amount":"15.00","currency":"EUR"}`,
			`"amount":{"amount":"18.00","currency":"EUR"}`,
		}},
	}
}

func adyenPlatformSamples() []sample {
	accept := map[string]string{"test_mode": "accept"}
	return []sample{
		{file: "balancePlatform-webhooks-transfer-created.json", want: []string{"V-TRN-01"}},
		{file: "balancePlatform-webhooks-transfer-created.json", options: accept, want: []string{"ignored"}},
		{file: "balancePlatform-webhooks-balanceplatform-report-created.json", want: []string{"ignored"}},
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
