package access

import (
	"slices"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// Scope is one permission that a key can carry. The list is closed.
type Scope string

// The scopes, as they stand in keys, in the OpenAPI document and in H-SCOPE answers.
const (
	EventsWrite       Scope = "events:write"       // send canonical events
	IntakeWrite       Scope = "intake:write"       // send payloads in a source's own format
	FilesWrite        Scope = "files:write"        // put files
	FilesRead         Scope = "files:read"         // read which files were taken, and their receipts
	AvailabilityRead  Scope = "availability:read"  // ask what is available to sell
	ReservationsWrite Scope = "reservations:write" // claim, allocate and release stock
	PositionsRead     Scope = "positions:read"     // read stock positions
	ThreadsRead       Scope = "threads:read"       // follow a number to its facts and back
	EntriesRead       Scope = "entries:read"       // read ledger entries and the trial balance
	ExceptionsRead    Scope = "exceptions:read"    // read the work list
	ExceptionsWrite   Scope = "exceptions:write"   // assign, fix, retry and waive
	EvidenceRead      Scope = "evidence:read"      // read raw payloads, which hold personal data
	ApprovalsWrite    Scope = "approvals:write"    // approve; persons only
	ReferenceWrite    Scope = "reference:write"    // propose reference data and policies
	Admin             Scope = "admin:*"            // every scope, and the keys themselves
)

// scopes is the closed list, in the order in which help texts show it.
var scopes = [...]Scope{
	EventsWrite, IntakeWrite, FilesWrite, FilesRead, AvailabilityRead, ReservationsWrite, PositionsRead, ThreadsRead,
	EntriesRead, ExceptionsRead, ExceptionsWrite, EvidenceRead, ApprovalsWrite, ReferenceWrite, Admin,
}

// Scopes returns every scope.
func Scopes() []Scope { return slices.Clone(scopes[:]) }

// ParseScopes reads scope names and returns them sorted and without repeats. An unknown
// name, or none at all, is H-REQUEST and names what there is.
func ParseScopes(names []string) ([]Scope, error) {
	var parsed []Scope
	for _, name := range names {
		s := Scope(strings.TrimSpace(name))
		if !slices.Contains(scopes[:], s) {
			return nil, fault.New(fault.BadRequest, "scope", "there is no scope of that name").WithHint("The scopes are %s.", scopeList())
		}
		parsed = append(parsed, s)
	}
	if len(parsed) == 0 {
		return nil, fault.New(fault.BadRequest, "scope", "a key needs at least one scope").WithHint("The scopes are %s.", scopeList())
	}
	slices.Sort(parsed)
	return slices.Compact(parsed), nil
}

func scopeList() string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}
