package pack

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Question is what a fetch is asked with.
type Question struct {
	Instance retail.InstanceID
	// Options are what the installation chose of the pack's options.
	Options map[string]string
	// Values fill the places of the fetch.
	Values map[string]string
	// Next asks for a later page, as Page.Next has named it; empty is the first.
	Next string
}

// Request is a question in the words of the system's API.
type Request struct {
	Method string
	// Path is escaped and has its query; it is empty where URL is the address of a next page.
	Path string
	// URL is an address that the system itself named; the caller has to check its host.
	URL    string
	Header [][2]string
	Body   []byte // JSON, or nil
}

// Since returns the values with which a poll asks from an instant on.
func (p *Poll) Since(from time.Time) map[string]string {
	from = from.UTC().Truncate(time.Second)
	switch p.times {
	case NaiveTimes:
		return map[string]string{sinceName: from.Format("2006-01-02T15:04:05")}
	case EpochTimes:
		return map[string]string{sinceName: strconv.FormatInt(from.Unix(), 10)}
	case DateTimes:
		return map[string]string{sinceName: from.Format(time.DateOnly)}
	}
	return map[string]string{sinceName: from.Format(time.RFC3339)}
}

// Request puts a question into the words of the API. A value that a place needs and that is
// not there is H-REQUEST; an option that is not chosen leaves its query parameter or header
// out, and in a path it is H-CONFIG.
func (p *Pack) Request(ctx context.Context, f *Fetch, q Question) (Request, error) {
	options, err := p.chosen(q.Options)
	if err != nil {
		return Request{}, err
	}
	request := Request{Method: f.Method, Header: [][2]string{{"Accept", jsonType}}}
	subject := p.Name + " " + f.Name
	for _, h := range slices.Concat(p.API.headers, f.headers) {
		text, ok, err := h.template.fill(subject, q, noEscape)
		if err != nil {
			return Request{}, err
		}
		if ok && !strings.ContainsAny(text, "\r\n\x00") {
			request.Header = append(request.Header, [2]string{h.name, text})
		}
	}
	if q.Next != "" && (f.paging.URL != "" || f.paging.Link != "") {
		request.Method, request.URL = "GET", q.Next
		return request, nil
	}
	path, ok, err := f.path.fill(subject, q, escapePath)
	if err == nil && !ok {
		err = fault.New(fault.BadConfig, subject, "the path %s needs an option that the source does not choose", f.Path)
	}
	if err != nil {
		return Request{}, err
	}
	query := url.Values{}
	for _, parameter := range f.query {
		text, ok, err := parameter.template.fill(subject, q, noEscape)
		if err != nil {
			return Request{}, err
		}
		if ok {
			query.Set(parameter.name, text)
		}
	}
	f.paging.ask(query, q.Next)
	if request.Path = path; len(query) > 0 {
		request.Path += "?" + query.Encode()
	}
	if f.body != nil || f.Method == "POST" {
		request.Header = append(request.Header, [2]string{"Content-Type", jsonType})
		request.Body, err = f.content(ctx, q, options)
	}
	return request, err
}

// content returns the JSON of a request.
func (f *Fetch) content(ctx context.Context, q Question, options map[string]any) ([]byte, error) {
	var value any = map[string]any{}
	if f.body != nil {
		values := map[string]any{}
		for name, text := range q.Values {
			values[name] = text
		}
		r := &run{ctx: ctx, instance: string(q.Instance), zone: time.UTC, number: 1, options: options}
		found, err := f.body.one(values, r)
		if err != nil {
			return nil, err
		}
		value = found
	}
	if f.paging.Body != "" && q.Next != "" {
		object, ok := value.(map[string]any)
		if !ok {
			return nil, f.body.fault("a body that carries a cursor is an object")
		}
		object = maps.Clone(object)
		object[f.paging.Body] = q.Next
		value = object
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fault.Wrap(err, fault.BadMapping, "pack.request", f.Name)
	}
	return text, nil
}

// paging is how the next page is asked for.
type paging struct {
	pagingText
	find *program // of a cursor or address
}

// ask puts the mark of a page into the query.
func (p paging) ask(query url.Values, next string) {
	switch {
	case p.Pages != "" && next == "":
		query.Set(p.Query, "1")
	case p.Query != "" && next != "":
		query.Set(p.Query, next)
	}
}

// field is a header or query parameter.
type field struct {
	name     string
	template template
}

// fields compiles headers or query parameters, in the order of their names.
func (p *Pack) fields(texts map[string]string, subject string) ([]field, error) {
	var all []field
	for _, name := range sortedKeys(texts) {
		t, err := p.newTemplate(texts[name], subject+" "+name)
		if err != nil {
			return nil, err
		}
		all = append(all, field{name, t})
	}
	return all, nil
}

func fieldTemplates(fields ...[]field) []template {
	var all []template
	for _, f := range slices.Concat(fields...) {
		all = append(all, f.template)
	}
	return all
}

// template is a text with places.
type template []templatePiece

type templatePiece struct {
	literal string
	place   string // name of a value or option; empty for a literal
	option  bool
}

// newTemplate reads a text in which {name} stands for a value, and {options.NAME} for what
// the installation chose.
func (p *Pack) newTemplate(text, subject string) (template, error) {
	var t template
	for rest := text; rest != ""; {
		literal, after, found := strings.Cut(rest, "{")
		if literal != "" {
			t = append(t, templatePiece{literal: literal})
		}
		if !found {
			break
		}
		place, after, closed := strings.Cut(after, "}")
		name, option := strings.CutPrefix(place, "options.")
		known := !option || slices.ContainsFunc(p.Options, func(o Option) bool { return o.Name == name })
		if !closed || !option && !placeName(name) || !known {
			return nil, broken(subject, "a place is {name} or {options.NAME}, with an option of the pack")
		}
		t = append(t, templatePiece{place: name, option: option})
		rest = after
	}
	return t, nil
}

// fill returns the text with its places filled; false where an option is not chosen.
func (t template) fill(subject string, q Question, escape func(string) (string, bool)) (string, bool, error) {
	var b strings.Builder
	for _, piece := range t {
		if piece.place == "" {
			b.WriteString(piece.literal)
			continue
		}
		value, given := q.Values[piece.place]
		if piece.option {
			if value, given = q.Options[piece.place]; !given {
				return "", false, nil
			}
		}
		text, ok := escape(value)
		if !given || !ok {
			return "", false, fault.New(fault.BadRequest, subject, "the value %s is missing, or none that can stand there", piece.place)
		}
		b.WriteString(text)
	}
	return b.String(), true, nil
}

func noEscape(value string) (string, bool) { return value, value != "" }

// escapePath keeps a value within its segment of a path.
func escapePath(value string) (string, bool) {
	return url.PathEscape(value), value != "" && value != "." && value != ".."
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
