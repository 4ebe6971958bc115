package access

import (
	"context"
	"slices"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// PrincipalKind tells a person from a machine.
type PrincipalKind string

// The two kinds of principal.
const (
	Person  PrincipalKind = "person"
	Machine PrincipalKind = "machine"
)

// Principal is whoever acts. The ID is a login or a service name, in lower case, so that
// one person has one spelling; it stands in the journal as an author and is therefore
// never an e-mail address or a full name.
type Principal struct {
	ID   retail.PrincipalID
	Kind PrincipalKind
}

// principalLengthMax is the longest principal id, in bytes.
const principalLengthMax = 64

// Validate refuses an id that is empty, longer than 64 bytes or not made of lower-case
// letters, digits, dots, dashes and underscores, and a kind that is neither.
func (p Principal) Validate() error {
	if p.Kind != Person && p.Kind != Machine {
		return fault.New(fault.BadRequest, "kind", "a principal is a person or a machine")
	}
	if p.ID == "" || len(p.ID) > principalLengthMax {
		return fault.New(fault.BadRequest, "principal", "a principal's id has 1 to %d characters", principalLengthMax)
	}
	for _, c := range []byte(p.ID) {
		if !isLowerAlnum(c) && c != '.' && c != '-' && c != '_' {
			return fault.New(fault.BadRequest, "principal", "a principal's id is written in lower-case letters, digits, dots, dashes and underscores").
				WithHint("Use a login such as a.lopez or a service name such as oms-eu, not an e-mail address.")
		}
	}
	return nil
}

func isLowerAlnum(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

// Caller is a principal who has proved who they are, and what their proof allows.
type Caller struct {
	Principal
	Key    KeyID
	Scopes []Scope
}

// Need returns nil if the caller has the scope, else H-SCOPE. An admin has every scope;
// no scope lets a machine approve (spec E6).
func (c Caller) Need(s Scope) error {
	if s == ApprovalsWrite && c.Kind != Person {
		return fault.New(fault.NoScope, string(s), "a machine never approves").
			WithHint("Have a person approve with a key of their own.")
	}
	if slices.Contains(c.Scopes, s) || slices.Contains(c.Scopes, Admin) {
		return nil
	}
	return fault.New(fault.NoScope, string(s), "the key lacks the scope %s", s)
}

// MayApprove returns nil if the caller may approve what maker has made: the caller is a
// person with the scope, and is somebody else. Two keys of one person are one person
// (spec E6), so that keys are not compared.
func (c Caller) MayApprove(maker retail.PrincipalID) error {
	if err := c.Need(ApprovalsWrite); err != nil {
		return err
	}
	if c.ID == maker {
		return fault.New(fault.ApprovalMissing, string(maker), "nobody approves their own work")
	}
	return nil
}

type callerKey struct{}

// WithCaller returns a context that carries the caller's identity.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerFrom returns the caller of the request that ctx belongs to. False means that
// nobody has proved an identity, as on the health routes.
func CallerFrom(ctx context.Context) (Caller, bool) {
	c, ok := ctx.Value(callerKey{}).(Caller)
	return c, ok
}
