package pack

import (
	"slices"
	"time"

	"github.com/heddlehq/heddle/wire"
)

// Acknowledgement says what a file that answers another one needs of its own.
type Acknowledgement struct {
	Control int // the control number of the first interchange, from 1; others count on
	At      time.Time
}

// controlMax is the largest control number of X12; after it they begin anew.
const controlMax = 999_999_999

// Acknowledge returns the file that answers one, or nothing: for X12, a functional
// acknowledgement (997) for each group of each interchange, which accepts and rejects transaction
// sets. It says what can be read and is known to the pack, not what became of the facts. The
// same file and acknowledgement give the same bytes.
func (p *Pack) Acknowledge(in Input, a Acknowledgement) ([]byte, error) {
	i := slices.IndexFunc(p.Topics, func(t Topic) bool { return t.Format == X12 })
	if i < 0 {
		return nil, nil
	}
	if err := p.CheckOptions(in.Options); err != nil {
		return nil, err
	}
	options := p.Topics[i].x12
	options.Encoding = (&payload{Input: in}).encoding(options.Encoding)
	interchanges, err := wire.X12Interchanges(in.Body, options, in.Limits)
	if err != nil {
		return nil, nil // it is no X12, so that there is nobody to answer
	}
	var answer []byte
	for n := range interchanges {
		p.rejectUnknown(&interchanges[n])
		control := (a.Control-1+n)%controlMax + 1
		text, err := interchanges[n].Acknowledge(wire.X12Reply{Control: control, Group: 1, Time: a.At})
		if err != nil {
			return nil, err
		}
		answer = append(answer, text...)
	}
	return answer, nil
}

// rejectUnknown adds that the pack does not know a set to those that no topic is for.
func (p *Pack) rejectUnknown(x *wire.X12Interchange) {
	for _, g := range x.Groups {
		for _, s := range g.Sets {
			known := slices.ContainsFunc(p.Topics, func(t Topic) bool {
				return slices.ContainsFunc(t.when, func(w sign) bool { return slices.Contains(w.sets, s.ID) })
			})
			if !known {
				s.Errors = append(s.Errors, wire.X12Error{Code: wire.X12SetNotSupported})
			}
		}
	}
}
