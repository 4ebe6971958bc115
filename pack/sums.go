package pack

import (
	"iter"
	"reflect"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/wire"
)

// Limits of what is added up over records.
const (
	sumsMax = 1000                    // sums over the records of one parent
	sumMax  = 100_000_000_000_000_000 // each of them, above and below zero
)

// sums are what the records of each parent come to: a statement's entries. Those that nothing
// surrounds, as a report's rows, are added up together. A parent with a record of which the
// topic's expression could not tell anything has none, because nobody knows what it comes to.
type sums map[uintptr]map[string]any

// parentOf tells apart what surrounds records; it is shared by the records of one parent.
func parentOf(record wire.Record) uintptr { return reflect.ValueOf(record.Envelope).Pointer() }

// of returns the sums of a record's parent by name, or nil.
func (s sums) of(record wire.Record) any {
	if named := s[parentOf(record)]; named != nil {
		return named
	}
	return nil
}

// addUp reads all records and adds up what the topic's expression gives for each.
func (t *Topic) addUp(records iter.Seq[wire.Record], in *payload) (sums, error) {
	if t.sums == nil {
		return nil, nil
	}
	all := sums{}
	for record := range records {
		parent := parentOf(record)
		named, begun := all[parent]
		if begun && named == nil {
			continue
		}
		if !begun {
			named = map[string]any{}
		}
		parts, err := t.parts(record, in)
		if in.run.ctx.Err() != nil {
			return nil, gone(in.run.ctx, "sums")
		}
		if err != nil {
			all[parent] = nil
			continue
		}
		for _, p := range parts {
			before, _ := named[p.name].(int)
			sum := before + p.number
			if named[p.name] = sum; len(named) > sumsMax || max(sum, -sum) > sumMax {
				return nil, fault.New(fault.TooLarge, "", "its records have more than %d sums, or one of more than 17 digits", sumsMax).
					WithHint("Have the sender write several files.")
			}
		}
		all[parent] = named
	}
	return all, nil
}

// part is what one record adds to a sum.
type part struct {
	name   string
	number int
}

// parts returns what a record adds. One that is ignored adds nothing.
func (t *Topic) parts(record wire.Record, in *payload) ([]part, *fault.Error) {
	if record.Err != nil {
		return nil, record.Err
	}
	tree, err := t.hide(record, in)
	if err != nil {
		return nil, err
	}
	values, err := t.sums.values(tree, in.run)
	if err != nil && err.Code == ignored {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var parts []part
	for _, v := range values {
		pair, _ := v.([]any)
		if len(pair) != 2 {
			return nil, t.sums.fault("it gives pairs of a name and a whole number")
		}
		name, isText := pair[0].(string)
		number, isWhole := wholeNumber(pair[1])
		if !isText || !isWhole || max(number, -number) > sumMax {
			return nil, t.sums.fault("it gives pairs of a name and a whole number")
		}
		parts = append(parts, part{name, int(number)})
	}
	return parts, nil
}
