package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what a caller can do about a fault. Kinds are append-only.
type Kind uint8

// The kinds.
const (
	// Internal is a bug or an unknown error: the caller learns nothing more, the log does.
	Internal Kind = iota
	// Invalid means that the input can never be accepted as it is.
	Invalid
	// NotFound means that the named thing does not exist.
	NotFound
	// Conflict means same key, other content, or a stale version.
	Conflict
	// Refused means that a command was understood and denied by a rule (no stock, no approval).
	Refused
	// Unauthenticated means that the caller did not prove who they are.
	Unauthenticated
	// Forbidden means that the caller is known and lacks the scope.
	Forbidden
	// Busy means that the same request will be welcome later.
	Busy
	// Unknown means that the outcome is not known: send the same key again.
	Unknown
	// Corrupt means that stored data contradicts itself.
	Corrupt
	// Unavailable means that something that the work needs does not answer.
	Unavailable
)

var kindNames = [...]string{"internal", "invalid", "not_found", "conflict", "refused", "unauthenticated", "forbidden", "busy", "unknown", "corrupt", "unavailable"}

// String returns the kind in snake_case, as it stands in API answers.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "internal"
}

// Error is a failure with everything that a person or a caller needs to act on it.
type Error struct {
	Kind    Kind
	Code    Code   // the rule or fault code; see Codes
	Op      string // what was being done: "journal.append", "pack.map"
	Subject string // what it happened to: a key, a file, a line; never personal data
	Detail  string // what is wrong, in a sentence
	Hint    string // what to do next, in a sentence; empty where Codes already says it
	Err     error  // the cause, for the log
}

// New makes a fault from a code; the kind comes from the catalogue.
func New(code Code, subject, format string, args ...any) *Error {
	return &Error{Kind: code.Kind(), Code: code, Subject: subject, Detail: fmt.Sprintf(format, args...)}
}

// Wrap makes a fault from a code around a cause, which is logged and never shown.
func Wrap(err error, code Code, op, subject string) *Error {
	return &Error{Kind: code.Kind(), Code: code, Op: op, Subject: subject, Err: err}
}

// In returns a copy that says which operation met the fault.
func (e *Error) In(op string) *Error { c := *e; c.Op = op; return &c }

// WithHint returns a copy that says what to do next.
func (e *Error) WithHint(format string, args ...any) *Error {
	c := *e
	c.Hint = fmt.Sprintf(format, args...)
	return &c
}

// Error returns "CODE: subject: detail", then the cause if there is one.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code))
	for _, part := range []string{e.Op, e.Subject, e.Detail} {
		if part != "" {
			b.WriteString(": ")
			b.WriteString(part)
		}
	}
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// NextStep returns the hint, or the catalogue's advice for the code.
func (e *Error) NextStep() string {
	if e.Hint != "" {
		return e.Hint
	}
	return e.Code.Advice()
}

// As returns the fault inside err; an error that is none becomes Internal.
func As(err error) *Error {
	if err == nil {
		return nil
	}
	var f *Error
	if errors.As(err, &f) {
		return f
	}
	return &Error{Kind: Internal, Code: InternalError, Err: err}
}

// KindOf returns the kind of err; an unknown error is Internal.
func KindOf(err error) Kind { return As(err).Kind }

// Is reports whether err is a fault of kind k.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// HasCode reports whether err is a fault with code c.
func HasCode(err error, c Code) bool { return err != nil && As(err).Code == c }
