package gateway

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/heddlehq/heddle/fault"
)

// Problem is a fault as callers see it: problem+json (RFC 9457). It carries nothing of
// the cause and nothing of what was submitted but the names of fields.
type Problem struct {
	Type     string         `json:"type" doc:"urn:heddle:fault: and the code" example:"urn:heddle:fault:NO_STOCK"`
	Title    string         `json:"title" doc:"What is wrong; the same for every problem of this code" example:"There is not enough available to promise."`
	Status   int            `json:"status" doc:"The HTTP status" example:"409"`
	Code     fault.Code     `json:"code" doc:"The rule or fault code; stable, for programs" example:"NO_STOCK"`
	Kind     string         `json:"kind" doc:"What a caller can do about it: invalid, conflict, refused, busy, unknown, …" example:"refused"`
	Subject  string         `json:"subject,omitempty" doc:"What it happened to: a key, a file, a scope"`
	Detail   string         `json:"detail,omitempty" doc:"What is wrong with this request; absent for internal faults"`
	Next     string         `json:"next" doc:"What to do next" example:"Offer another location."`
	Instance string         `json:"instance,omitempty" doc:"urn:uuid: and the request id, as it stands in the log and in X-Request-Id" example:"urn:uuid:6f9619ff-8b86-4011-b42d-00c04fc964ff"`
	Evidence string         `json:"evidence,omitempty" doc:"The SHA-256 under which a refused payload is kept"`
	Errors   []FieldProblem `json:"errors,omitempty" doc:"The fields that are not of the documented form"`

	retryAfter int // seconds; zero writes no header
}

// FieldProblem says which part of a request is not of the documented form. It never
// repeats the value.
type FieldProblem struct {
	Location string `json:"location,omitempty" doc:"Where: body.lines[3].quantity, query.limit" example:"body.lines[3].quantity"`
	Message  string `json:"message" doc:"What was expected" example:"expected integer"`
}

// problemTypePrefix makes a URI of a code. It is a name and not an address, so that it
// stays true wherever the catalogue is published.
const problemTypePrefix = "urn:heddle:fault:"

// answer says how a kind of fault is answered: with which status, and after how many
// seconds the same request is welcome again.
type answer struct{ status, retryAfter int }

// answerTo maps each kind to its answer; codes that HTTP has an own status for differ.
func answerTo(f *fault.Error) answer {
	switch f.Code {
	case fault.TooLarge:
		return answer{status: http.StatusRequestEntityTooLarge}
	case fault.EvidenceErased:
		return answer{status: http.StatusGone}
	case fault.NoStock:
		return answer{status: http.StatusConflict}
	case fault.Superseded:
		return answer{status: http.StatusPreconditionFailed}
	}
	switch f.Kind {
	case fault.Invalid:
		return answer{status: http.StatusBadRequest}
	case fault.Unauthenticated:
		return answer{status: http.StatusUnauthorized}
	case fault.Forbidden:
		return answer{status: http.StatusForbidden}
	case fault.NotFound:
		return answer{status: http.StatusNotFound}
	case fault.Conflict:
		return answer{status: http.StatusConflict}
	case fault.Refused:
		return answer{status: http.StatusUnprocessableEntity}
	case fault.Busy:
		return answer{status: http.StatusTooManyRequests, retryAfter: 1}
	case fault.Unknown:
		return answer{status: http.StatusServiceUnavailable, retryAfter: 1}
	case fault.Unavailable:
		return answer{status: http.StatusServiceUnavailable, retryAfter: 5}
	}
	return answer{status: http.StatusInternalServerError} // Internal, Corrupt
}

// NewProblem makes what a caller sees of err. Of an internal fault that is its code and
// nothing more; of an invalid input not the subject, which may be what was submitted.
func NewProblem(err error) *Problem {
	f := faultOf(err)
	a := answerTo(f)
	p := &Problem{
		Type: problemTypePrefix + string(f.Code), Title: f.Code.Title(), Status: a.status, Code: f.Code,
		Kind: f.Kind.String(), Next: f.NextStep(), retryAfter: a.retryAfter,
	}
	if f.Kind != fault.Internal {
		p.Detail = f.Detail
	}
	if f.Kind != fault.Internal && f.Kind != fault.Invalid {
		p.Subject = f.Subject
	}
	return p
}

// faultOf returns the fault that err is; an error that is none becomes Internal.
func faultOf(err error) *fault.Error {
	if f, ok := carriedFault(err); ok {
		return f
	}
	return fault.As(err)
}

// carriedFault returns the fault inside err; a body over its limit is one, too.
func carriedFault(err error) (*fault.Error, bool) {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return fault.New(fault.TooLarge, "body", "the body is larger than %d bytes", tooLarge.Limit), true
	}
	return errors.AsType[*fault.Error](err)
}

// WriteProblem answers the request with the problem that err is, and hands err to the
// request's log line.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	NewProblem(err).write(w, r, err)
}

// WriteRefusal is WriteProblem for a payload that is kept as evidence all the same.
func WriteRefusal(w http.ResponseWriter, r *http.Request, err error, evidence string) {
	p := NewProblem(err)
	p.Evidence = evidence
	p.write(w, r, err)
}

func (p *Problem) write(w http.ResponseWriter, r *http.Request, cause error) {
	rec := recordOf(r.Context())
	rec.fault = faultOf(cause)
	p.Instance = rec.instance()
	for _, h := range p.headers() {
		w.Header().Set(h.name, h.value)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	// A failed write means that the caller has gone; there is nobody left to tell.
	_ = json.NewEncoder(w).Encode(p)
}

type header struct{ name, value string }

// headers are those that the status demands (RFC 9110 11.6.1, 10.2.3).
func (p *Problem) headers() []header {
	all := []header{{"Cache-Control", "no-store"}}
	if p.Status == http.StatusUnauthorized {
		all = append(all, header{"WWW-Authenticate", `Bearer realm="heddle"`})
	}
	if p.retryAfter > 0 {
		all = append(all, header{"Retry-After", strconv.Itoa(p.retryAfter)})
	}
	return all
}

// Error makes a problem an error, as huma wants it.
func (p *Problem) Error() string { return string(p.Code) + ": " + p.Title }

// GetStatus returns the HTTP status, for huma.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType names the media type that huma writes.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// answerProblems makes the mux's own answers (no such route, no such method) problems.
func answerProblems(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		var own statusOnly
		own.header = http.Header{}
		mux.ServeHTTP(&own, r)
		if own.status != http.StatusMethodNotAllowed {
			WriteProblem(w, r, fault.New(fault.NoSuchThing, "", "there is no such route"))
			return
		}
		w.Header().Set("Allow", own.header.Get("Allow"))
		refused := fault.New(fault.BadRequest, "", "this route takes %s", own.header.Get("Allow"))
		p := NewProblem(refused)
		p.Status = http.StatusMethodNotAllowed
		p.write(w, r, refused)
	})
}

// statusOnly keeps the status and header of an answer and drops its body.
type statusOnly struct {
	header http.Header
	status int
}

func (s *statusOnly) Header() http.Header         { return s.header }
func (s *statusOnly) Write(p []byte) (int, error) { return len(p), nil }
func (s *statusOnly) WriteHeader(status int)      { s.status = status }
