package exception

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// ID names an exception: the same rule, source and subject give the same one on every server.
type ID string

// Source says which part of Heddle met the rule.
type Source string

// The sources.
const (
	SourceIntake  Source = "intake"  // a payload or event that could not come in
	SourceFlow    Source = "flow"    // stock, claims, authority
	SourceBooking Source = "booking" // money
)

// Status says whether there is still something to do.
type Status string

// The statuses.
const (
	Open     Status = "OPEN"
	Resolved Status = "RESOLVED"
	Waived   Status = "WAIVED"
)

// Report is what is known when a rule fires.
type Report struct {
	Code   fault.Code
	Source Source
	// Subject is what the rule fired on: an item, a place, a key. One subject has one item a code.
	Subject string
	Detail  string
	// Refs are the documents concerned, by which threads are found.
	Refs []retail.Ref
	// Evidence is the hash of the raw payload, where there is one.
	Evidence string
	// Position is the journal position of the fact; 0 for what never came in.
	Position int64
}

// Item is one entry of the work list.
type Item struct {
	ID         ID           `json:"id"`
	Code       fault.Code   `json:"code"`
	Title      string       `json:"title"`
	Severity   Severity     `json:"severity"`
	Queue      string       `json:"queue"`
	Source     Source       `json:"source"`
	Subject    string       `json:"subject"`
	Detail     string       `json:"detail,omitempty"`
	Next       string       `json:"next"`
	Refs       []retail.Ref `json:"refs,omitempty"`
	Evidence   string       `json:"evidence,omitempty"`
	Position   int64        `json:"position,omitempty"`
	RaisedAt   time.Time    `json:"raised_at"`
	LastAt     time.Time    `json:"last_at"`
	Count      int64        `json:"count"`
	Status     Status       `json:"status"`
	ResolvedAt time.Time    `json:"resolved_at,omitzero"`
	ResolvedBy string       `json:"resolved_by,omitempty"`
}

// IDOf returns the id of the item that a rule has for a subject.
func IDOf(code fault.Code, source Source, subject string) ID {
	h := sha256.New()
	for _, part := range []string{"heddle/exception", string(code), string(source), subject} {
		h.Write([]byte{byte(len(part) >> 8), byte(len(part))}) //nolint:gosec // the length's two low bytes
		h.Write([]byte(part))
	}
	return ID(hex.EncodeToString(h.Sum(nil)[:12]))
}

// New returns an open item for what fired at an instant.
func New(r Report, at time.Time) Item {
	return Item{
		ID: IDOf(r.Code, r.Source, r.Subject), Code: r.Code, Title: r.Code.Title(), Severity: SeverityOf(r.Code),
		Queue: r.Code.Queue(), Source: r.Source, Subject: r.Subject, Detail: r.Detail, Next: r.Code.Advice(),
		Refs: r.Refs, Evidence: r.Evidence, Position: r.Position,
		RaisedAt: at, LastAt: at, Count: 1, Status: Open,
	}
}

// Again returns the item after the same rule fired on the same subject once more: one item,
// counted up, open again if it was closed.
func (i Item) Again(more Item) Item {
	i.Count += more.Count
	i.LastAt, i.Detail = more.LastAt, more.Detail
	i.Status, i.ResolvedAt, i.ResolvedBy = Open, time.Time{}, ""
	if more.Position != 0 {
		i.Position = more.Position
	}
	if more.Evidence != "" {
		i.Evidence = more.Evidence
	}
	return i
}

// Resolve returns the item closed: by whom or by what its cause is gone.
func (i Item) Resolve(at time.Time, by string) Item {
	i.Status, i.ResolvedAt, i.ResolvedBy = Resolved, at, by
	return i
}
