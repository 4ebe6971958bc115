package pack

import (
	"context"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/wire"
)

// Ordinals says how many rows of a file held each value of the column that its topic counts by:
// how many lines of each invoice there were.
type Ordinals map[string]int

// ordinalsMax bounds the values that are counted in one file.
const ordinalsMax = 1_000_000

// next counts a row and returns its number among those that hold the same. A row that could not
// be read tells no value and is not counted.
func (o *Ordinals) next(column string, row wire.Record) (int, error) {
	fields, ok := row.Tree.(map[string]any)
	if column == "" || !ok {
		return 0, nil
	}
	value, ok := fields[column].(string)
	if !ok {
		return 0, nil
	}
	if *o == nil {
		*o = Ordinals{}
	}
	if (*o)[value]++; len(*o) > ordinalsMax {
		return 0, fault.New(fault.TooLarge, "", "the column %s has more than %d values", column, ordinalsMax).
			WithHint("Have the sender write several files.")
	}
	return (*o)[value], nil
}

// CountOrdinals counts the rows of a part of a file on top of in.Ordinals, for the part after it.
// It returns nothing where the topic counts no rows.
func (p *Pack) CountOrdinals(ctx context.Context, in Input) (Ordinals, error) {
	if in.Header == nil {
		in.Header = func(string) string { return "" }
	}
	payload := &payload{Input: in, run: &run{ctx: ctx, instance: string(in.Instance), zone: time.UTC, file: fileName(in.FileName), number: 1}}
	topic, err := p.recognise(payload)
	if err != nil || topic.ordinal == "" {
		return nil, err
	}
	document, err := topic.open(payload)
	if err != nil {
		return nil, err
	}
	for row := range document.Records() {
		if _, err := in.Ordinals.next(topic.ordinal, row); err != nil {
			return nil, err
		}
	}
	return in.Ordinals, nil
}
