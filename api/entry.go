package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/ledger"
)

// Entry is a ledger entry as it is stored and answered. The ledger writes it; this type says
// in the document what the ledger writes.
type Entry struct{ *ledger.Entry }

// Schema returns the form of what ledger.Entry writes.
func (Entry) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[EntryForm](), true, "Entry")
}

// EntryForm is the documented form of an entry. Amounts are decimals of its currency.
type EntryForm struct {
	AccountingDate string        `json:"accounting_date" format:"date" doc:"The day in the books"`
	BusinessDate   string        `json:"business_date" format:"date" doc:"The trading day"`
	Channel        string        `json:"channel,omitempty"`
	Currency       string        `json:"currency" doc:"ISO 4217"`
	Entity         string        `json:"entity" doc:"The legal entity"`
	Hash           string        `json:"entry_hash" doc:"What the lines say"`
	ID             string        `json:"entry_id" doc:"Which unit by which template version"`
	EventID        string        `json:"event_id" doc:"The fact that it books"`
	Functional     string        `json:"functional_currency"`
	Ledger         string        `json:"ledger"`
	Leg            string        `json:"leg"`
	Lines          []PostingForm `json:"lines" nullable:"false" doc:"Debits first"`
	Position       int64         `json:"position" doc:"Where in the journal it was booked"`
	Unit           string        `json:"posting_unit_id"`
	Reverses       string        `json:"reverses,omitempty" doc:"The entry that it mirrors"`
	Revision       int64         `json:"revision"`
	Store          string        `json:"store,omitempty"`
	TaxPointDate   string        `json:"tax_point_date" format:"date"`
	Template       string        `json:"template" doc:"The posting rule" example:"P17"`
	Version        int           `json:"template_version"`
	UnitLine       string        `json:"unit_line,omitempty"`
}

// PostingForm is the documented form of a line of an entry: a debit or a credit.
type PostingForm struct {
	Account          string            `json:"account"`
	AccountName      string            `json:"account_name,omitempty"`
	Credit           string            `json:"credit,omitempty" example:"43.74"`
	Debit            string            `json:"debit,omitempty"`
	Dims             map[string]string `json:"dims,omitempty"`
	FunctionalCredit string            `json:"functional_credit,omitempty"`
	FunctionalDebit  string            `json:"functional_debit,omitempty"`
	Key              string            `json:"key,omitempty" doc:"The clearing key"`
	Role             string            `json:"role"`
}
