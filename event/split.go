package event

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"

	"github.com/heddlehq/heddle/fault"
)

// FactMax is the longest event that a door takes, in bytes of JSON.
const FactMax = 512 << 10

// Split cuts a body with several events into the text of each, without reading the whole of
// it first. The body is a JSON array, or objects one after another as in NDJSON; a single
// object is the shortest of these. What is within an event is for Parse, so that a bad event
// costs only itself: it is given out as it stands.
//
// An event longer than FactMax comes as a fault in its place, and the next one follows. Of
// objects one after another, each line that begins with a brace begins an event, so that one
// which was cut off ends there. Only where a JSON array breaks at its own brackets and commas
// can the rest not be told apart: then the last thing that comes is a fault, as it is when
// reading fails. The bytes are valid until the next step.
func Split(r io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		s := splitter{r: bufio.NewReaderSize(r, 64<<10), yield: yield}
		switch first, err := s.first(); {
		case err != nil:
			s.stop(err)
		case first == '[':
			s.array()
		default:
			s.lines()
		}
	}
}

// splitter holds the one event that is being collected.
type splitter struct {
	r     *bufio.Reader
	yield func([]byte, error) bool
	event []byte
	nest  nesting
	long  bool
}

// first returns the byte at which the content begins, without taking it.
func (s *splitter) first() (byte, error) {
	for {
		b, err := s.r.ReadByte()
		if err != nil {
			return 0, err
		}
		if !isSpace(b) {
			return b, s.r.UnreadByte()
		}
	}
}

// array gives out the elements of an array.
func (s *splitter) array() {
	if _, err := s.r.ReadByte(); err != nil { // the bracket that first has seen
		s.stop(cutOff(err))
		return
	}
	for more := false; ; more = true {
		b, err := s.next()
		switch {
		case err != nil:
			s.stop(cutOff(err))
			return
		case b == ']':
			if _, err := s.next(); !errors.Is(err, io.EOF) {
				s.stop(fault.New(fault.BadSyntax, "", "something follows the array"))
			}
			return
		case more && b != ',':
			s.stop(fault.New(fault.BadSyntax, "", "a comma is missing between two events"))
			return
		case more:
			if b, err = s.next(); err != nil {
				s.stop(cutOff(err))
				return
			}
		}
		if !s.element(b) {
			return
		}
	}
}

// element collects the value that begins with b and gives it out; false means stop.
func (s *splitter) element(b byte) bool {
	s.begin()
	for {
		s.add(b)
		s.nest.step(b)
		if s.nest.depth == 0 && !s.nest.inString {
			ended, err := s.scalarEnds()
			if err != nil {
				s.stop(cutOff(err))
				return false
			}
			if s.nest.closed || ended {
				return s.give()
			}
		}
		var err error
		if b, err = s.r.ReadByte(); err != nil {
			s.stop(cutOff(err))
			return false
		}
	}
}

// scalarEnds reports whether a value outside of all brackets ends before the next byte.
func (s *splitter) scalarEnds() (bool, error) {
	next, err := s.r.Peek(1)
	if err != nil {
		return false, err
	}
	return isSpace(next[0]) || next[0] == ',' || next[0] == ']', nil
}

// lines gives out objects that stand one after another.
func (s *splitter) lines() {
	s.begin()
	for fresh := true; ; {
		b, err := s.r.ReadByte()
		switch {
		case err != nil:
			if err == io.EOF && s.collected() && !s.give() {
				return
			}
			s.stop(err)
			return
		case fresh && b == '{' && s.collected() && !s.give():
			return // what came before was never closed
		}
		fresh = b == '\n'
		if fresh && s.nest.depth == 0 && s.collected() && !s.give() {
			return // what came before is no object
		}
		if !s.collected() && isSpace(b) {
			continue
		}
		s.add(b)
		if s.nest.step(b); s.nest.closed && !s.give() {
			return
		}
	}
}

func (s *splitter) collected() bool { return len(s.event) > 0 || s.long }

func (s *splitter) begin() {
	s.event, s.nest, s.long = s.event[:0], nesting{}, false
}

// add keeps a byte while the event is not too long.
func (s *splitter) add(b byte) {
	if len(s.event) < FactMax {
		s.event = append(s.event, b)
	} else {
		s.long = true
	}
}

// give hands out what was collected and begins anew.
func (s *splitter) give() bool {
	event, long := bytes.TrimRight(s.event, " \t\r\n"), s.long
	s.begin()
	if long {
		return s.yield(nil, fault.New(fault.TooLarge, "", "an event has at most %d bytes", FactMax))
	}
	return s.yield(event, nil)
}

// stop ends the iteration with a fault; an end where one may be is none.
func (s *splitter) stop(err error) {
	if !errors.Is(err, io.EOF) {
		s.yield(nil, err)
	}
}

func cutOff(err error) error {
	if errors.Is(err, io.EOF) {
		return fault.New(fault.BadSyntax, "", "the array is not closed")
	}
	return err
}

// next returns the next byte that is no white space.
func (s *splitter) next() (byte, error) {
	if _, err := s.first(); err != nil {
		return 0, err
	}
	return s.r.ReadByte()
}

// nesting counts the brackets that are open, outside of strings.
type nesting struct {
	depth    int
	inString bool
	escaped  bool
	closed   bool // the last byte closed the outermost bracket
}

func (n *nesting) step(b byte) {
	n.closed = false
	switch {
	case n.escaped:
		n.escaped = false
	case n.inString:
		n.escaped, n.inString = b == '\\', b != '"'
	case b == '"':
		n.inString = true
	case b == '{' || b == '[':
		n.depth++
	case (b == '}' || b == ']') && n.depth > 0:
		n.depth--
		n.closed = n.depth == 0
	}
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }
