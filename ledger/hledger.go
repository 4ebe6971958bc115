package ledger

import (
	"bufio"
	"io"
	"strings"

	"github.com/heddlehq/heddle/money"
)

// HledgerAccounts says what an account is called in an hledger journal.
type HledgerAccounts uint8

// The ways to name accounts; the entity comes first in both.
const (
	// HledgerRoles names them by role and shown dimension: "LE1:TAX_PAYABLE:STATE".
	HledgerRoles HledgerAccounts = iota
	// HledgerCodes names them by the code in the chart: "LE1:2200".
	HledgerCodes
)

// HledgerWriter writes entries as an hledger journal that passes hledger check --strict
// payees: accounts, commodities and payees are declared before their first use, so that a
// journal of any length can be written as it comes. It holds no more than their names.
type HledgerWriter struct {
	w        *bufio.Writer
	names    HledgerAccounts
	declared map[string]bool
	begun    bool
}

// NewHledgerWriter returns a writer; nothing is complete before Close.
func NewHledgerWriter(w io.Writer, names HledgerAccounts) *HledgerWriter {
	return &HledgerWriter{w: bufio.NewWriter(w), names: names, declared: map[string]bool{}}
}

// Write writes one entry, dated by its accounting date. Tags tell its id, event, unit,
// template, business date and tax point; those of a posting its clearing key and account.
func (h *HledgerWriter) Write(e *Entry) error {
	h.begin()
	p := e.proposal
	h.declare("commodity " + commodity(p.Currency))
	h.declare("payee " + plain(p.Unit.Template))
	for _, posting := range e.postings {
		h.declare("account " + h.account(e, posting) + h.accountType(posting))
	}
	h.print(p.Dates.Accounting.String(), " (", e.id.String()[:12], ") ", plain(p.Unit.Template), " | ", plain(p.Unit.String()), "\n",
		"    ; entry:", e.id.String(), "\n",
		"    ; event:", plain(p.Unit.Event), "\n",
		"    ; template:", plain(p.Unit.Template), ", business:", p.Dates.Business.String(), ", taxpoint:", p.Dates.TaxPoint.String(), "\n")
	for _, posting := range e.postings {
		amount := money.Of(posting.Signed(), p.Currency)
		h.print("    ", h.account(e, posting), "  ", amount.String())
		if posting.Key != "" {
			h.print("  ; key:", plain(posting.Key))
		}
		h.print("\n")
	}
	h.print("\n")
	return h.err()
}

// Close writes out what is still held back. It does not close the writer below.
func (h *HledgerWriter) Close() error {
	h.begin()
	return h.w.Flush()
}

// begin writes what has to stand first: without it 1.000 KWD would read as a thousand.
func (h *HledgerWriter) begin() {
	if !h.begun {
		h.begun = true
		h.print("decimal-mark .\n\n")
	}
}

func (h *HledgerWriter) declare(directive string) {
	if !h.declared[directive] {
		h.declared[directive] = true
		h.print(directive, "\n")
	}
}

// account returns the name of a posting's account.
func (h *HledgerWriter) account(e *Entry, p Posting) string {
	parts := []string{string(e.proposal.Unit.Entity), string(p.Role)}
	if h.names == HledgerCodes {
		parts[1] = p.Account.Code
	} else if info, _ := p.Role.Info(); info.Shown != "" {
		parts = append(parts, p.Dims.Get(info.Shown))
	}
	for i := range parts {
		parts[i] = segment(parts[i])
	}
	return strings.Join(parts, ":")
}

// accountType declares the type of an account that is named by its role. An account of the
// chart may serve roles of several types, so that hledger is not told there.
func (h *HledgerWriter) accountType(p Posting) string {
	if h.names == HledgerCodes {
		return ""
	}
	letters := map[Type]string{Asset: "A", Liability: "L", Equity: "E", Income: "R", Expense: "X"}
	info, _ := p.Role.Info()
	return "  ; type:" + letters[info.Type]
}

// commodity returns a sample amount: how many places the currency has. hledger wants the
// point even where nothing follows it.
func commodity(c money.Currency) string {
	sample := money.Of(1000_0000, c).Decimal()
	if exponent, _ := c.Exponent(); exponent == 0 {
		sample += "."
	}
	return sample + " " + string(c)
}

// print writes texts; a bufio.Writer keeps its first error.
func (h *HledgerWriter) print(texts ...string) {
	for _, t := range texts {
		_, _ = h.w.WriteString(t)
	}
}

// err returns the first error of the writer below.
func (h *HledgerWriter) err() error {
	_, err := h.w.Write(nil)
	return err
}

// plain makes a text that can stand in a description or a tag: no control characters, and
// none of those that end one.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(",;|", r) {
			return '_'
		}
		return r
	}, s)
}

// segment makes a text that can stand between the colons of an account name.
func segment(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`:;,|()[]*!"@=`, r) {
			return '_'
		}
		return r
	}, s)
}
