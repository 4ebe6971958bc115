package estate

import (
	"encoding/json"
	"net/http"

	"github.com/heddlehq/heddle/fault"
)

// Answer is what a door said to one delivery.
type Answer struct {
	Message Message
	// Status is the HTTP status, and Code the code of a problem.
	Status int
	Code   fault.Code
	Detail string
	// Tries counts attempts, the last included.
	Tries int
	// Results are what became of the facts of the message.
	Results []Result
}

// Result is what became of one fact.
type Result struct {
	// Record is the record of a file or the place in a batch, from 1.
	Record   int
	Status   string
	Position int64
	Standing string
	Code     fault.Code
	Detail   string
}

// The results that a sender can get.
const (
	Accepted  = "accepted"
	Duplicate = "duplicate"
	Ignored   = "ignored"
	Unknown   = "unknown"
)

// OK reports whether nothing of the message was refused or is left open.
func (a Answer) OK() bool {
	if a.Status < 200 || a.Status > 299 {
		return false
	}
	for _, r := range a.Results {
		switch r.Status {
		case Accepted, Duplicate, Ignored:
		default:
			return false
		}
	}
	return true
}

// Changed counts the facts of the message that were new to the server.
func (a Answer) Changed() int {
	n := 0
	for _, r := range a.Results {
		if r.Status == Accepted {
			n++
		}
	}
	return n
}

// step returns the step that a result belongs to.
func (a Answer) step(r Result) int {
	if i := r.Record - 1; i >= 0 && i < len(a.Message.Records) {
		return a.Message.Records[i]
	}
	return a.Message.Step
}

// Positions returns the journal positions of the facts of each step, as the first answers to
// its messages told them. Echoes count, too: they post nothing.
func Positions(answers []Answer) map[int][]int64 {
	out := map[int][]int64{}
	for _, a := range answers {
		for _, r := range a.Results {
			if r.Status == Accepted && r.Position > 0 {
				out[a.step(r)] = append(out[a.step(r)], r.Position)
			}
		}
	}
	return out
}

// answerBody is every form in which a door answers.
type answerBody struct {
	resultBody
	Results  []resultBody `json:"results"`
	Ignored  string       `json:"ignored"`
	Evidence string       `json:"evidence"`
	// Redelivered says that the door knew the delivery and tells its first answer again.
	Redelivered bool `json:"redelivered"`
	Records     []struct {
		Record  int          `json:"record"`
		Ignored string       `json:"ignored"`
		Code    fault.Code   `json:"code"`
		Detail  string       `json:"detail"`
		Events  []resultBody `json:"events"`
	} `json:"records"`
}

type resultBody struct {
	Status   json.RawMessage `json:"status"` // a word, or the number of a problem
	Position int64           `json:"position"`
	Standing string          `json:"standing"`
	Code     fault.Code      `json:"code"`
	Detail   string          `json:"detail"`
}

func (b resultBody) result(record int) Result {
	var word string
	if json.Unmarshal(b.Status, &word) != nil {
		word = ""
	}
	if word == "granted" {
		word = Accepted // a reservation is a command; granted means that it is journaled
	}
	return Result{Record: record, Status: word, Position: b.Position, Standing: b.Standing, Code: b.Code, Detail: b.Detail}
}

// readAnswer reads an answer of any door.
func readAnswer(m Message, status int, body []byte) (Answer, error) {
	a := Answer{Message: m, Status: status}
	var b answerBody
	if err := json.Unmarshal(body, &b); err != nil {
		return a, fault.Wrap(err, fault.BadSyntax, "estate.answer", m.Name)
	}
	if status >= http.StatusBadRequest {
		a.Code, a.Detail = b.Code, b.Detail
		return a, nil
	}
	switch {
	case b.Results != nil:
		for i, r := range b.Results {
			a.Results = append(a.Results, r.result(i+1))
		}
	case b.Records != nil || b.Evidence != "":
		a.Results = b.records()
		for i := range a.Results {
			if b.Redelivered && a.Results[i].Status == Accepted {
				a.Results[i].Status = Duplicate
			}
		}
	default:
		a.Results = []Result{b.result(1)}
	}
	return a, nil
}

// records reads a receipt: a record gives events, or a reason why there are none.
func (b answerBody) records() []Result {
	if b.Ignored != "" {
		return []Result{{Record: 1, Status: Ignored, Detail: b.Ignored}}
	}
	var out []Result
	for _, r := range b.Records {
		switch {
		case r.Code != "":
			out = append(out, Result{Record: r.Record, Status: "refused", Code: r.Code, Detail: r.Detail})
		case r.Ignored != "":
			out = append(out, Result{Record: r.Record, Status: Ignored, Detail: r.Ignored})
		}
		for _, e := range r.Events {
			out = append(out, e.result(r.Record))
		}
	}
	return out
}
