package pack

import (
	"bytes"
	"context"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// A case is a text file: lines that say how the payload arrives, an empty line, the payload,
// a line of ten dashes, and what comes of it. The first part can be left out.
//
//	# A comment. The lines: topic, instance, zone, zone of PLACE, file, header NAME, option NAME.
//	header X-Shopify-Topic: orders/create
//
//	{"id":1}
//	----------
//	delivery: …                             where the sender gives an id
//	{"specversion":"1.0",…}                 an event
//	follow: order order_id="…"              what a thin record asks for
//	ignored: a sign-on moves nothing        a record that comes to nothing, rightly
//	V-SCH-01: order.jq: the id is missing   a record, or the payload, that is refused
//	test: shop_order:5400                   a document of a record that is refused as a test
//	clock: S9                               events whose time waits for the zone of a place
//	subject: tok_…                          after each record that is about a person
//
// Each record of the payload gives at least one line. Clocks are in UTC, unless a zone is said;
// "zone: none" says that the source declares none.

const caseRule = "\n----------\n"

// CaseResult is a case that was run.
type CaseResult struct {
	File      string       // within the pack's folder: "cases/order.txt"
	Topic     string       // as which the payload was recognised; empty where it was not
	Made      []event.Type // what came of it, in order
	Want, Got string
	// Updated is the file with what came instead of what was expected.
	Updated []byte
}

// Passed reports whether what came is what was expected.
func (c CaseResult) Passed() bool { return c.Got == c.Want }

// RunCases runs every case in the folder cases, in the order of their names. Tokens are made
// under TestTokenKey. A pack without cases is not tested and is H-PACK-INVALID.
func (p *Pack) RunCases(ctx context.Context) ([]CaseResult, error) {
	files, err := fs.Glob(p.folder, "cases/*.txt")
	if err != nil || len(files) == 0 {
		return nil, broken(p.Name, "the pack has no cases/*.txt")
	}
	slices.Sort(files)
	var results []CaseResult
	for _, file := range files {
		text, err := fs.ReadFile(p.folder, file)
		if err != nil {
			return nil, fault.Wrap(err, fault.BadPack, "pack.test", file)
		}
		result, err := p.runCase(ctx, file, text)
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return results, nil
}

func (p *Pack) runCase(ctx context.Context, file string, text []byte) (CaseResult, error) {
	before, want, found := bytes.Cut(text, []byte(caseRule))
	if !found {
		return CaseResult{}, broken(file, "a line of ten dashes stands before what is expected")
	}
	in, err := readCase(file, string(before))
	if err != nil {
		return CaseResult{}, err
	}
	result, err := p.Map(ctx, in)
	if ctx.Err() != nil {
		return CaseResult{}, err
	}
	got := result.caseText(err)
	var made []event.Type
	for _, outcome := range result.Records {
		for _, e := range outcome.Events {
			made = append(made, e.Type())
		}
	}
	return CaseResult{
		File: file, Topic: result.Topic, Made: made, Want: string(want), Got: got,
		Updated: slices.Concat(before, []byte(caseRule), []byte(got)),
	}, nil
}

// readCase reads what stands above the rule.
func readCase(file, text string) (Input, error) {
	headers, zones := map[string]string{}, map[string]*time.Location{}
	in := Input{
		Instance: "test",
		Zone:     time.UTC,
		Options:  map[string]string{},
		TokenKey: TestTokenKey(),
		Header:   func(name string) string { return headers[strings.ToLower(name)] },
	}
	rest, headed := text, false
	for {
		line, after, _ := strings.Cut(rest, "\n")
		name, value, ok := strings.Cut(line, ": ")
		header, isHeader := strings.CutPrefix(name, "header ")
		option, isOption := strings.CutPrefix(name, "option ")
		place, isPlace := strings.CutPrefix(name, "zone of ")
		switch {
		case strings.HasPrefix(line, "# "):
		case ok && isHeader:
			headers[strings.ToLower(header)] = value
		case ok && isOption:
			in.Options[option] = value
		case ok && name == "topic":
			in.Topic = value
		case ok && name == "instance":
			in.Instance = retail.InstanceID(value)
		case ok && name == "file":
			in.FileName = value
		case ok && name == "zone" && value == "none":
			in.Zone = nil
		case ok && (name == "zone" || isPlace):
			zone, err := time.LoadLocation(value)
			if err != nil {
				return in, broken(file, "there is no zone of this name")
			}
			if isPlace {
				zones[place], in.Zones = zone, zonesOf(zones)
			} else {
				in.Zone = zone
			}
		case headed && line == "":
			in.Body = []byte(after)
			return in, nil
		case headed:
			return in, broken(file, "an empty line stands between the payload and what is said about it")
		default:
			in.Body = []byte(rest)
			return in, nil
		}
		rest, headed = after, true
	}
}

func zonesOf(zones map[string]*time.Location) Zones {
	return func(_ context.Context, _ retail.SystemID, place string, _ retail.Date) (*time.Location, error) {
		return zones[place], nil
	}
}

// caseText is the result as cases write it.
func (r Result) caseText(err error) string {
	var b []byte
	line := func(parts ...string) { b = append(append(b, strings.Join(parts, "")...), '\n') }
	if r.DeliveryID != "" && !strings.HasPrefix(r.DeliveryID, contentID) {
		line("delivery: ", r.DeliveryID)
	}
	if err != nil {
		line(fault.As(err).Error())
	}
	if r.Ignored != "" {
		line("ignored: ", r.Ignored)
	}
	n := 0
	for _, outcome := range r.Records {
		switch {
		case outcome.Err != nil:
			line(outcome.Err.Error())
		case outcome.Ignored != "":
			line("ignored: ", outcome.Ignored)
		}
		for _, document := range outcome.Tests {
			line("test: ", document.String())
		}
		if outcome.Follow != nil {
			line("follow: ", outcome.Follow.Key())
		}
		b = r.appendOutcome(b, outcome, &n)
		if outcome.Clock != "" {
			line("clock: ", outcome.Clock)
		}
		if outcome.Subject != "" {
			line("subject: ", string(outcome.Subject))
		}
	}
	return string(b)
}
