package exception

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
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
	Resolved Status = "RESOLVED" // its cause is gone
	Waived   Status = "WAIVED"   // a person accepted it as it is
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
	// Evidence is the hash of the raw payload in hexadecimal, where there is one.
	Evidence string
	// Position is the journal position of the fact; 0 for what never came in.
	Position int64
	// Severity is that of the case, where the code alone does not tell it.
	Severity Severity
}

// Item is one entry of the work list, kept as a document. Title, Severity, Queue and Next
// follow from Code and stand in it for readers.
type Item struct {
	ID       ID         `json:"id"`
	Code     fault.Code `json:"code"`
	Title    string     `json:"title"`
	Severity Severity   `json:"severity"`
	// Queue says whose work it is.
	Queue   string `json:"queue"`
	Source  Source `json:"source"`
	Subject string `json:"subject"`
	Detail  string `json:"detail,omitempty"`
	// Next says what to do.
	Next     string       `json:"next"`
	Refs     []retail.Ref `json:"refs,omitempty"`
	Evidence string       `json:"evidence,omitempty"`
	Position int64        `json:"position,omitempty"`
	// RaisedAt is when the rule fired first, LastAt when it fired last, Count how often.
	RaisedAt time.Time `json:"raised_at"`
	LastAt   time.Time `json:"last_at"`
	Count    int64     `json:"count"`
	// Waiting is how many lines or legs wait for what the item asks for.
	Waiting int64  `json:"waiting,omitempty"`
	Status  Status `json:"status"`
	// ResolvedAt and ResolvedBy are absent while the item is open.
	ResolvedAt time.Time `json:"resolved_at,omitzero"`
	ResolvedBy string    `json:"resolved_by,omitempty"`
}

// refsMax is how many documents an item names. A rule can fire on one subject for ever; the
// first documents show the cause.
const refsMax = 32

// IDOf returns the id of the item that a rule has for a subject.
func IDOf(code fault.Code, source Source, subject string) ID {
	h := sha256.New()
	for _, part := range [...]string{"heddle/exception", string(code), string(source), subject} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write([]byte(part))
	}
	return ID(hex.EncodeToString(h.Sum(nil)[:12]))
}

// New returns an open item for what fired at an instant.
func New(r Report, at time.Time) Item {
	return Item{
		ID: IDOf(r.Code, r.Source, r.Subject), Code: r.Code, Title: r.Code.Title(), Severity: cmp.Or(r.Severity, SeverityOf(r.Code)),
		Queue: r.Code.Queue(), Source: r.Source, Subject: r.Subject, Detail: r.Detail, Next: r.Code.Advice(),
		Refs: united(nil, r.Refs), Evidence: r.Evidence, Position: r.Position,
		RaisedAt: at, LastAt: at, Count: 1, Status: Open,
	}
}

// Again returns the item after the same rule fired on the same subject once more: one item,
// counted up, open again if it was closed. It names the documents of both, and the detail,
// the fact and the payload of the last.
func (i Item) Again(more Item) Item {
	i.Count += more.Count
	i.LastAt, i.Detail = more.LastAt, more.Detail
	i.Status, i.ResolvedAt, i.ResolvedBy = Open, time.Time{}, ""
	i.Refs = united(i.Refs, more.Refs)
	if more.Position != 0 {
		i.Position = more.Position
	}
	if more.Evidence != "" {
		i.Evidence = more.Evidence
	}
	return i
}

// Resolve returns the item closed: by whom or by what its cause is gone. An item that is
// closed stays as it was closed.
func (i Item) Resolve(at time.Time, by string) Item {
	if i.Status == Open {
		i.Status, i.ResolvedAt, i.ResolvedBy = Resolved, at, by
	}
	return i
}

// united returns the references of both without doubles, the first refsMax of them.
func united(first, more []retail.Ref) []retail.Ref {
	var refs []retail.Ref
	for _, r := range slices.Concat(first, more) {
		if len(refs) < refsMax && !slices.Contains(refs, r) {
			refs = append(refs, r)
		}
	}
	return refs
}
