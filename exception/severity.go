package exception

import "github.com/heddlehq/heddle/fault"

// Severity says what a rule stops (rule book, part F).
type Severity string

// The severities.
const (
	Block Severity = "B" // the unit cannot go on, and nobody can override it
	Hold  Severity = "H" // it needs a fix or an override
	Warn  Severity = "W" // it goes on and is reported
)

// SeverityOf returns the rule book's severity of a code (part F). V-AUT-01, H-APPROVAL
// and the codes that are not mapped hold. A technical fault blocks: what it stopped has not happened. V-INV-01 warns, as it
// does for stores; whoever reports it of a warehouse says that it holds.
func SeverityOf(code fault.Code) Severity {
	switch code {
	case fault.DateClosed, fault.StockNegative:
		return Warn
	case fault.KeyConflict, fault.AuthorityBreak,
		fault.ItemUnknown, fault.UnitInexact, fault.ReasonUnknown, fault.FeeUnknown, fault.CostUnknown, fault.CostZero,
		fault.DiscountTooLarge, fault.TenderUnknown, fault.RateMissing,
		fault.TaxDiffers, fault.TaxCodeUnknown,
		fault.CaptureTooMuch, fault.SettlementUnknown, fault.PayoutUnequal,
		fault.ClaimsExceed, fault.ReleaseExceeds, fault.ReturnIntent, fault.Overage, fault.ReceiptUnordered, fault.ReceiptTooMuch,
		fault.VoidRefused, fault.Unbooked, fault.NoAccount, fault.NoDimension, fault.ParentMissing, fault.ApprovalMissing:
		return Hold
	}
	return Block
}
