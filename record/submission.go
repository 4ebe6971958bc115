package record

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
)

// Submission is one event on its way to a decision.
type Submission struct {
	Event *event.Event
	// Receipt says how it came in; it becomes part of the outcome.
	Receipt Receipt
	// Clock is the place whose clocks showed the event's time and that nobody knew when it was
	// mapped; empty where the time is sure.
	Clock string
	// Calendar is such a place by which only the event's day is told.
	Calendar string
	// Command says that the sender asks and takes no for an answer. A fact is always applied.
	Command bool
}

// Status is what became of a submission.
type Status string

// The statuses.
const (
	// Accepted means that the event is in the journal, durably.
	Accepted Status = "accepted"
	// Duplicate means that the same fact was there already; Position is the first one's.
	Duplicate Status = "duplicate"
	// Conflicting means that the key was there with other content (V-DUP-02).
	Conflicting Status = "conflict"
	// Refused means that it can never be a fact, or that a command was denied.
	Refused Status = "refused"
	// Waiting means that it is kept outside the journal until its place is known (V-LOC-01).
	Waiting Status = "waiting"
	// Unknown means that it may or may not be recorded: send the same key again.
	Unknown Status = "unknown"
)

// Answer says what became of one submission.
type Answer struct {
	Status   Status     `json:"status"`
	EventID  string     `json:"event_id,omitempty"`
	Position int64      `json:"position,omitempty"`
	Standing Standing   `json:"standing,omitempty"`
	Code     fault.Code `json:"code,omitempty"`
	Detail   string     `json:"detail,omitempty"`
	// Subject is what a waiting event waits for: the place that is not known.
	Subject string `json:"-"`
	Next    string `json:"next,omitempty"`
	Flags   []Flag `json:"flags,omitempty"`
}

// Refuse makes the answer for a fault: a conflict, a place that is not known, or a refusal.
func Refuse(err error) Answer {
	f := fault.As(err)
	a := Answer{Status: Refused, Code: f.Code, Detail: f.Detail, Next: f.NextStep()}
	if f.Subject != "" {
		a.Detail = f.Subject + ": " + f.Detail
	}
	switch {
	case f.Code == fault.LocationUnknown:
		a.Status, a.Subject = Waiting, f.Subject
	case f.Kind == fault.Conflict:
		a.Status = Conflicting
	case f.Kind == fault.Unknown:
		a.Status = Unknown
	}
	return a
}
