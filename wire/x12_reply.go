package wire

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/heddlehq/heddle/fault"
)

// X12Reply is what an acknowledgement is given: its own control numbers and time.
type X12Reply struct {
	Control int       // ISA13, 1 to 999,999,999
	Group   int       // GS06 of the first group; further groups count on
	Time    time.Time // ISA09, ISA10, GS04 and GS05, as they stand in its zone
}

// x12ControlMax is the largest control number: nine digits.
const x12ControlMax = 999_999_999

// x12Acknowledgements is the functional identifier of groups that are never acknowledged
// themselves, so that two systems do not answer each other for ever.
const x12Acknowledgements = "FA"

// Acknowledge writes the interchange that answers this one: a functional acknowledgement (997)
// for each group, with sender and receiver exchanged and the delimiters that the sender uses. It
// returns nothing where there is nothing to answer, as to an acknowledgement.
//
// An interchange whose envelope is wrong (Note) is rejected as a whole by a TA1, as one that asks
// for a TA1 (ISA14) gets one. A group is accepted (A), accepted with errors noted (E), accepted in
// part (P) or rejected (R). A group whose own envelope is wrong is rejected without a word on its
// sets. Of a set with errors the segments and elements are named and their values are not repeated.
func (x *X12Interchange) Acknowledge(reply X12Reply) ([]byte, error) {
	if reply.Control < 1 || reply.Control > x12ControlMax {
		return nil, fault.New(fault.BadRequest, "ISA13", "a control number is 1 to %d", x12ControlMax)
	}
	if err := x.checkErrors(); err != nil {
		return nil, err
	}
	w := &x12Writer{h: x.header}
	w.header(x, reply)
	if x.Note != "" || x.header.elements[14] == "1" {
		status, note := "A", "000"
		if x.Note != "" {
			status, note = "R", x.Note
		}
		w.segment("TA1", x.Control, x.header.elements[9], x.header.elements[10], status, note)
	}
	groups := 0
	for _, g := range x.Groups {
		if x.Note != "" || g.FunctionalID == x12Acknowledgements {
			continue
		}
		control := reply.Group + groups
		if control < 1 || control > x12ControlMax {
			return nil, fault.New(fault.BadRequest, "GS06", "a control number is 1 to %d", x12ControlMax)
		}
		w.group(x, g, control, reply.Time)
		groups++
	}
	if w.segments == 1 {
		return nil, nil
	}
	w.segment("IEA", strconv.Itoa(groups), fmt.Sprintf("%09d", reply.Control))
	return []byte(w.text.String()), nil
}

// checkErrors refuses codes that are none, which a caller can have added.
func (x *X12Interchange) checkErrors() error {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	isCode := func(code string) bool { return code != "" && len(code) <= 3 && strings.Trim(code, letters) == "" }
	fine := x.Note == "" || isCode(x.Note)
	for _, g := range x.Groups {
		for _, code := range g.Errors {
			fine = fine && isCode(code)
		}
		for _, s := range g.Sets {
			for _, e := range s.Errors {
				fine = fine && isCode(e.Code) && (e.Segment == "" || isSegmentID(e.Segment))
			}
		}
	}
	if !fine {
		return fault.New(fault.BadRequest, "acknowledgement", "an error has a code of one to three letters and digits")
	}
	return nil
}

// x12Writer writes segments. Values come from an interchange with the same delimiters, or are
// digits and letters, so that none can hold a delimiter.
type x12Writer struct {
	h        *x12Header
	text     strings.Builder
	segments int
}

// segment writes a segment without empty elements at its end.
func (w *x12Writer) segment(id string, elements ...string) {
	for len(elements) > 0 && elements[len(elements)-1] == "" {
		elements = elements[:len(elements)-1]
	}
	w.text.WriteString(id)
	for _, e := range elements {
		w.text.WriteString(w.h.element)
		w.text.WriteString(e)
	}
	w.text.WriteString(w.h.terminator)
	w.segments++
}

func (w *x12Writer) header(x *X12Interchange, reply X12Reply) {
	elements := []string{
		"00", "", "00", "", x.Receiver.Qualifier, x.Receiver.ID, x.Sender.Qualifier, x.Sender.ID,
		reply.Time.Format("060102"), reply.Time.Format("1504"), x.header.elements[11], x.header.elements[12],
		fmt.Sprintf("%09d", reply.Control), "0", x.header.elements[15],
	}
	for i, value := range elements {
		elements[i] = fmt.Sprintf("%-*s", x12HeaderWidths[i+1], value)
	}
	w.segment("ISA", append(elements, w.h.component)...)
}

// group writes one functional group with one 997.
func (w *x12Writer) group(x *X12Interchange, g *X12Group, control int, now time.Time) {
	const set = "0001"
	number := strconv.Itoa(control)
	version, _, _ := strings.Cut(g.Version, " ")
	version = version[:min(len(version), len("004010"))] // without the industry's suffix, which is not for a 997
	w.segment("GS", x12Acknowledgements, cmp.Or(g.Receiver, x.Receiver.ID), cmp.Or(g.Sender, x.Sender.ID), now.Format("20060102"), now.Format("1504"), number, "X", version)
	first := w.segments
	w.segment("ST", "997", set)
	w.segment("AK1", g.FunctionalID, g.Control)
	accepted, noted := 0, false
	for _, s := range g.Sets {
		if len(g.Errors) > 0 {
			break
		}
		if len(s.Errors) == 0 || s.Noted {
			accepted++
		}
		noted = noted || s.Noted && len(s.Errors) > 0
		w.set(s)
	}
	status := "A"
	switch {
	case len(g.Errors) > 0 || accepted == 0 && len(g.Sets) > 0:
		status = "R"
	case accepted < len(g.Sets):
		status = "P"
	case noted:
		status = "E"
	}
	declared := g.Declared
	if declared < 0 {
		declared = len(g.Sets)
	}
	counts := []string{status, strconv.Itoa(declared), strconv.Itoa(len(g.Sets)), strconv.Itoa(accepted)}
	w.segment("AK9", append(counts, g.Errors...)...)
	w.segment("SE", strconv.Itoa(w.segments-first+1), set)
	w.segment("GE", "1", number)
}

// set writes what became of one transaction set.
func (w *x12Writer) set(s *X12Set) {
	w.segment("AK2", s.ID, s.Control)
	status := "A"
	switch {
	case len(s.Errors) > 0 && s.Noted:
		status = "E"
	case len(s.Errors) > 0:
		status = "R"
	}
	elements := []string{status}
	named := X12Error{}
	for _, e := range s.Errors {
		code := e.Code
		if e.Segment != "" {
			code = X12SetSegmentsInError
			w.note(e, named)
			named = e
		}
		if !slices.Contains(elements[1:], code) && len(elements) <= x12SetCodesMax {
			elements = append(elements, code)
		}
	}
	w.segment("AK5", elements...)
}

// note writes what is wrong with a segment or an element. A segment is named once for all of its
// elements that follow one another.
func (w *x12Writer) note(e, before X12Error) {
	position := strconv.Itoa(e.Position)
	if e.Element == 0 {
		w.segment("AK3", e.Segment, position, "", e.Code)
		return
	}
	if before.Element == 0 || before.Segment != e.Segment || before.Position != e.Position {
		w.segment("AK3", e.Segment, position, "", x12SegmentInError)
	}
	w.segment("AK4", strconv.Itoa(e.Element), "", e.Code)
}
