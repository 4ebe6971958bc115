package pack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/wire"
)

// Answer is what a system answered to a fetch.
type Answer struct {
	// Header returns a header of the answer, or "".
	Header func(name string) string
	Body   []byte
}

const jsonType = "application/json"

// pageValuesMax bounds the values in one page, which holds many records.
const pageValuesMax = 4_000_000

// Page is an answer as it is read.
type Page struct {
	Records []Fetched
	// Next asks for the next page; empty where this is the last one.
	Next string
	// ContentType is that of each record.
	ContentType string
}

// Fetched is one record of an answer.
type Fetched struct {
	Body []byte // its own bytes, as the system wrote them
	tree any
}

// Read finds the records of an answer, and how the next page is asked for. next is what the
// answer was asked with. An answer that cannot be read is H-SYNTAX, H-TOO-LARGE or H-MAPPING;
// one that names itself as the next page is H-MAPPING, because that would never end.
func (f *Fetch) Read(ctx context.Context, a Answer, next string) (Page, error) {
	var tree any
	if f.records != nil || f.paging.find != nil {
		document, err := wire.JSON(a.Body, wire.Limits{Bytes: BytesMax, Values: pageValuesMax})
		if err != nil {
			return Page{}, err
		}
		for record := range document.Records() {
			tree = record.Tree
		}
	}
	r := &run{ctx: ctx, zone: time.UTC, number: 1}
	records, err := f.find(a.Body, tree, r)
	if err != nil {
		return Page{}, err
	}
	page := Page{Records: records, ContentType: jsonType}
	if f.records == nil && a.Header != nil {
		page.ContentType = a.Header("Content-Type")
	}
	if page.Next, err = f.next(a, tree, r, next, len(records)); err != nil {
		return Page{}, err
	}
	if page.Next != "" && page.Next == next {
		return Page{}, fault.New(fault.BadMapping, f.Name, "the answer names itself as the next page")
	}
	return page, nil
}

// find returns the records of an answer in their order.
func (f *Fetch) find(body []byte, tree any, r *run) ([]Fetched, error) {
	if f.records == nil {
		return []Fetched{{Body: body, tree: tree}}, nil
	}
	paths, err := f.records.values(tree, r)
	if err != nil {
		return nil, err
	}
	cut := cutter{
		body:    bytes.TrimPrefix(body, []byte("\ufeff")),
		members: map[string]map[string]json.RawMessage{}, items: map[string][]json.RawMessage{},
	}
	records := make([]Fetched, 0, len(paths))
	for _, path := range paths {
		steps, _ := path.([]any)
		raw, value, err := cut.at(steps, tree)
		if err != nil {
			return nil, fault.Wrap(err, fault.BadMapping, "pack.read", f.records.name)
		}
		if value != nil {
			records = append(records, Fetched{Body: raw, tree: value})
		}
	}
	return records, nil
}

// next returns how the page after an answer is asked for.
func (f *Fetch) next(a Answer, tree any, r *run, asked string, records int) (string, error) {
	switch {
	case f.paging.Link != "":
		return linkTo(a.Header("Link"), f.paging.Link), nil
	case f.paging.Pages != "":
		// A page without records ends the answer also where the header counts wrongly.
		number := 1
		if asked != "" {
			number, _ = strconv.Atoi(asked)
		}
		last, err := strconv.Atoi(a.Header(f.paging.Pages))
		if err != nil {
			return "", fault.New(fault.BadMapping, f.Name, "the answer has no number in its header %s", f.paging.Pages)
		}
		if number >= last || records == 0 {
			return "", nil
		}
		return strconv.Itoa(number + 1), nil
	case f.paging.find == nil:
		return "", nil
	}
	value, err := f.paging.find.one(tree, r)
	if err != nil || value == nil {
		return "", orNil(err)
	}
	text, ok := scalarText(value)
	if !ok {
		return "", f.paging.find.fault("the mark of the next page is no text")
	}
	return text, nil
}

// orNil keeps a nil fault from becoming an error that is not nil.
func orNil(err *fault.Error) error {
	if err == nil {
		return nil
	}
	return err
}

// linkTo returns the address that a header Link (RFC 8288) has for a relation, or "".
func linkTo(header, relation string) string {
	for header != "" {
		_, rest, found := strings.Cut(header, "<")
		if !found {
			return ""
		}
		address, rest, found := strings.Cut(rest, ">")
		if !found {
			return ""
		}
		parameters, after, _ := strings.Cut(rest, ",")
		header = after
		for _, parameter := range strings.Split(parameters, ";") {
			name, value, _ := strings.Cut(parameter, "=")
			if strings.EqualFold(strings.TrimSpace(name), "rel") && strings.Trim(strings.TrimSpace(value), `"`) == relation {
				return address
			}
		}
	}
	return ""
}

// Changed returns when the newest of the records was changed last. A record that does not
// tell is H-MAPPING: the poll could not know how far it has come.
func (p *Poll) Changed(ctx context.Context, records []Fetched) (time.Time, error) {
	var newest time.Time
	r := &run{ctx: ctx, zone: time.UTC, number: 1}
	for _, record := range records {
		value, err := p.changed.one(record.tree, r)
		if err != nil {
			return newest, err
		}
		at, _, ok := parseTime(value)
		if seconds, whole := wholeNumber(value); !ok && whole && 0 <= seconds && seconds <= epochMax {
			at, ok = time.Unix(seconds, 0), true
		}
		if !ok {
			return newest, p.changed.fault("a record does not tell when it was changed")
		}
		if at.After(newest) {
			newest = at
		}
	}
	return newest.UTC(), nil
}

// followUp returns what a thin record asks for. A value that is missing or stands for a
// person is refused: it could not be asked for.
func (t *Topic) followUp(tree any, r *run) (*FollowUp, *fault.Error) {
	if t.Follow == nil {
		return nil, nil
	}
	up := &FollowUp{Fetch: t.Follow.Fetch, With: map[string]string{}}
	for _, w := range t.Follow.with {
		value, err := w.path.one(tree, r)
		if err != nil {
			return nil, err
		}
		text, ok := scalarText(value)
		if !ok || text == "" || len(text) > valueMax || isToken(value) {
			return nil, fault.New(fault.SchemaInvalid, w.path.name, "the value %s is missing, or none to ask with", w.name)
		}
		up.With[w.name] = text
	}
	return up, nil
}

// valueMax bounds a value that a system is asked with, in bytes.
const valueMax = 256

// cutter cuts values out of a JSON text, and reads each part of it once.
type cutter struct {
	body    []byte
	members map[string]map[string]json.RawMessage
	items   map[string][]json.RawMessage
}

// at returns the bytes and the value at a path; a nil value where the path leads nowhere.
func (c *cutter) at(steps []any, tree any) (json.RawMessage, any, error) {
	raw, where := json.RawMessage(c.body), ""
	for _, step := range steps {
		var err error
		switch step := step.(type) {
		case string:
			object, _ := tree.(map[string]any)
			if tree = object[step]; tree == nil {
				return nil, nil, nil
			}
			raw, err = member(c.members, where, raw, step)
			where += "." + strconv.Quote(step)
		case int:
			array, _ := tree.([]any)
			if step < 0 {
				step += len(array)
			}
			if step < 0 || step >= len(array) {
				return nil, nil, nil
			}
			tree = array[step]
			raw, err = item(c.items, where, raw, step)
			where += "[" + strconv.Itoa(step) + "]"
		default:
			err = errSlice
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return bytes.TrimSpace(raw), tree, nil
}

// errSlice is the fault of a path through a slice of an array, which has no bytes of its own.
var errSlice = errors.New("pack: a slice of an array is no record")

func member(read map[string]map[string]json.RawMessage, where string, raw json.RawMessage, name string) (json.RawMessage, error) {
	members, known := read[where]
	if !known {
		if err := json.Unmarshal(raw, &members); err != nil {
			return nil, err
		}
		read[where] = members
	}
	return members[name], nil
}

func item(read map[string][]json.RawMessage, where string, raw json.RawMessage, at int) (json.RawMessage, error) {
	items, known := read[where]
	if !known {
		if err := json.Unmarshal(raw, &items); err != nil {
			return nil, err
		}
		read[where] = items
	}
	return items[at], nil
}
