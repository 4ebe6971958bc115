package exception

import "github.com/heddlehq/heddle/fault"

// Severity says what a rule stops (rule book, part F).
type Severity string

// The severities.
const (
	Block Severity = "B" // the unit cannot go on
	Hold  Severity = "H" // it needs a fix or an override
	Warn  Severity = "W" // it goes on and is reported
)

// SeverityOf returns the rule book's severity of a code; a technical fault blocks.
func SeverityOf(code fault.Code) Severity {
	switch code {
	case fault.StockNegative, fault.DateClosed:
		return Warn
	case fault.SchemaInvalid, fault.DateInFuture, fault.HeaderUnequal, fault.TendersUnequal, fault.EntryUnbalanced,
		fault.NotRepresentable, fault.LocationUnknown, fault.QuantitySign, fault.AmountSign, fault.ReturnTooMany,
		fault.RefundTooMuch, fault.CurrencyUnknown, fault.TrainingDropped:
		return Block
	case fault.KeyConflict, fault.ItemUnknown, fault.CostUnknown, fault.CostZero, fault.DiscountTooLarge,
		fault.TenderUnknown, fault.TaxDiffers, fault.TaxCodeUnknown, fault.SettlementUnknown, fault.PayoutUnequal,
		fault.ClaimsExceed, fault.ReleaseExceeds, fault.NoAccount, fault.NoDimension, fault.ParentMissing,
		fault.ApprovalMissing, fault.AuthorityBreak:
		return Hold
	}
	return Block
}
