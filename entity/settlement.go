package entity

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/record"
)

// Settlement is what a processor or marketplace accounts for together and pays out at once.
type Settlement struct {
	Head
	Processor string `json:"processor" doc:"The processor or marketplace"`
	// Sums are over all members, by currency.
	Sums []SettlementSums `json:"sums"`
	// Payout is what was paid out, once that is told; Difference is it less the members (V-PAY-05).
	Payout     *money.Amount `json:"payout,omitempty"`
	Difference *money.Amount `json:"difference,omitempty"`
	Members    int64         `json:"members" doc:"How many payments, refunds, fees and disputes it has"`
}

// SettlementSums are the sums of a settlement in one currency.
type SettlementSums struct {
	Currency money.Currency `json:"currency"`
	Gross    money.Amount   `json:"gross" doc:"Payments less refunds"`
	Fees     money.Amount   `json:"fees" doc:"What the processor keeps"`
	Net      money.Amount   `json:"net"`
}

// Share is what one fact adds to its settlement, in minor units.
type Share struct {
	Currency money.Currency `json:"currency,omitempty"`
	Gross    int64          `json:"gross,omitempty"`
	Fees     int64          `json:"fees,omitempty"`
	Net      int64          `json:"net,omitempty"`
	// Payout is what the settlement pays, where the fact tells that.
	Payout *money.Amount `json:"payout,omitempty"`
}

// settlementOf returns the settlement that a fact belongs to, or nothing.
func settlementOf(e *event.Event) string {
	switch d := e.Data.(type) {
	case *event.PaymentSettled:
		return d.Payout.ID
	case *event.Payout:
		return d.Payout.ID
	case *event.ProcessorFee:
		return d.Payout.ID
	case *event.ReserveHeld:
		return d.Payout.ID
	case *event.ReserveReleased:
		return d.Payout.ID
	case *event.ChargebackOpened:
		return d.Payout.ID
	case *event.ChargebackWon:
		return d.Payout.ID
	case *event.MPFees:
		return d.Settlement.ID
	case *event.MPAdvertising:
		return d.Settlement.ID
	case *event.MPStorage:
		return d.Settlement.ID
	case *event.MPReimbursement:
		return d.Settlement.ID
	case *event.MPSettlementClosed:
		return d.Settlement.ID
	}
	return ""
}

// ShareOf returns what a fact adds to its settlement.
func ShareOf(e *event.Event) Share {
	fee := func(a money.Amount) Share { return Share{Currency: a.Currency, Fees: a.Minor, Net: -a.Minor} }
	switch d := e.Data.(type) {
	case *event.PaymentSettled:
		return Share{Currency: d.Net.Currency, Gross: d.Gross.Minor, Fees: d.Fee.Minor, Net: d.Net.Minor}
	case *event.ProcessorFee:
		return fee(d.Amount)
	case *event.MPFees:
		return fee(d.Amount)
	case *event.MPAdvertising:
		return fee(d.Amount)
	case *event.MPStorage:
		return fee(d.Amount)
	case *event.MPReimbursement:
		return Share{Currency: d.Amount.Currency, Gross: d.Amount.Minor, Net: d.Amount.Minor}
	case *event.ChargebackOpened:
		var fee int64
		if d.Fee != nil {
			fee = d.Fee.Minor
		}
		return Share{Currency: d.Amount.Currency, Gross: -d.Amount.Minor, Fees: fee, Net: -d.Amount.Minor - fee}
	case *event.ChargebackWon:
		return Share{Currency: d.Amount.Currency, Gross: d.Amount.Minor, Net: d.Amount.Minor}
	case *event.ReserveHeld:
		return Share{Currency: d.Amount.Currency, Net: -d.Amount.Minor}
	case *event.ReserveReleased:
		return Share{Currency: d.Amount.Currency, Net: d.Amount.Minor}
	case *event.Payout:
		return Share{Currency: d.Amount.Currency, Payout: &d.Amount}
	case *event.MPSettlementClosed:
		return Share{Currency: d.Payout.Currency, Payout: &d.Payout}
	}
	return Share{}
}

// NewSettlement makes a settlement of some of its records, in the order of the journal, and of
// the sums and the count of all.
func NewSettlement(id string, records []*record.Record, sums []SettlementSums, payout *money.Amount, members int64) Settlement {
	s := Settlement{Head: head("settlement.v1", id, records), Sums: sums, Payout: payout, Members: members}
	for _, r := range records {
		if w := r.Event.Data.Where(); w.Processor != "" {
			s.Processor = w.Processor
			break
		}
	}
	for _, sum := range sums {
		if payout != nil && sum.Currency == payout.Currency {
			s.Difference = new(payout.Sub(sum.Net))
		}
	}
	return s
}
