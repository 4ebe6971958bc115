package event

import (
	"github.com/heddlehq/heddle/retail"
)

// Row is the content of a reference row by column.
type Row map[string]string

// ReferenceSet sets one row of reference data from a day on: items, places, cross-references,
// accounts, policies, authority, periods, tenders. Key: table·key·effective_from; a changed row
// for the same day comes with a higher source version.
type ReferenceSet struct {
	Table  string `json:"table" effect:"link"`
	RowKey string `json:"row_key" effect:"link"`
	// EffectiveFrom is the first day on which the row holds; absent means from the beginning.
	EffectiveFrom retail.Date `json:"effective_from,omitempty" effect:"money"`
	// Row is the new content; a row without columns ends the key from that day on.
	Row    Row                `json:"row" effect:"money"`
	Author retail.PrincipalID `json:"author"`
}

// Decision is what an approver says.
type Decision string

// The decisions.
const (
	Approved Decision = "APPROVED"
	Rejected Decision = "REJECTED"
)

// ApprovalGiven is the word of a second person on something that needs one (rule book E6).
// Key: subject·person.
type ApprovalGiven struct {
	Subject  retail.Ref         `json:"subject" effect:"link"`
	Decision Decision           `json:"decision" effect:"money"`
	Person   retail.PrincipalID `json:"person" effect:"money"`
	Reason   string             `json:"reason,omitempty"`
}

// Run names a period-end run of booking.
type Run string

// ClearingReclass moves clearing keys with a debit balance to AR_CUSTOMER at period end and
// back on the next day (P92).
const ClearingReclass Run = "CLEARING_RECLASS"

// PeriodRunRequested starts a period-end run; what it books is derived. Key: entity·period·run.
type PeriodRunRequested struct {
	Run    Run             `json:"run" effect:"money"`
	Entity retail.EntityID `json:"entity" effect:"money"`
	// AsOf is the last day of the period.
	AsOf   retail.Date        `json:"as_of" effect:"money"`
	Author retail.PrincipalID `json:"author"`
}
