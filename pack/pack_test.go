package pack

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/wire"
)

const testManifest = `
name: depot
system: depot
title: A depot's own formats
versions: ["1"]
delivery: {header: X-Delivery}
personal:
  - {kind: person, fields: [picker, "@OperatorName"]}
topics:
  - name: stock/hook
    status: described
    when: [{header: X-Topic, is: [stock, inventory]}]
    format: json
    mapping: stock.jq
    version: .changed | if . == null then null else source_version end
    subject: .picker
    personal: [{kind: note, paths: [".notes | values[] | .text", ".free"]}]
  - name: stock/event
    status: described
    when: [{path: .kind, is: [stock.changed]}]
    format: json
    delivery: {path: .event}
    mapping: stock.jq
    version: none
  - name: stock/file
    status: sampled
    system: depot_file
    when: [{file: "stock-*.csv"}, {columns: [item, place]}]
    format: csv
    delimiter: ";"
    delivery: {content: true}
    mapping: stock.jq
    version: none
  - name: stock/xml
    status: proven
    when: [{root: Stock}]
    format: xml
    record: Move
    arrays: [Tag]
    mapping: stock-xml.jq
    version: none
    subject: $envelope.Clerk["@OperatorName"]
    delivery: {content: true}
  - name: ping
    when: [{header: X-Topic, is: [ping]}]
    ignore: a ping says nothing
`

const testMapping = `
if .test == true then refuse("V-TRN-01"; "a test move") else . end
| if .qty == "0" then ignore("nothing moved") else . end
| (.place | require("the place")) as $place
| {
    type: "stock_adjusted.v1",
    key: [.no, "1"] | key,
    time: (.time | local_time),
    data: {
      adjustment: (.no | tostring), line: "1", item: .item, location: $place,
      bucket: "SELLABLE", quantity: (.qty | quantity), reason: "FOUND",
      author: .picker
    }
  }
`

const testXMLMapping = `
{
  type: "stock_adjusted.v1",
  key: [$envelope.No, (.Line | text)] | key,
  time: ($envelope.Time | local_time),
  data: {
    adjustment: $envelope.No, line: .Line, item: (.Item | text), location: (.Item | attr("Place")),
    bucket: "SELLABLE", quantity: (.Qty | quantity), reason: "FOUND",
    author: $envelope.Clerk["@OperatorName"], ext: {tags: .Tag}
  }
}
`

// testPack loads the depot's pack with files replaced or added.
func testPack(t testing.TB, files map[string]string) *Pack {
	t.Helper()
	p, err := Load(testFolder(files))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func testFolder(files map[string]string) fs.FS {
	folder := fstest.MapFS{}
	for name, text := range map[string]string{"pack.yaml": testManifest, "stock.jq": testMapping, "stock-xml.jq": testXMLMapping} {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return folder
}

func input(body string, headers ...string) Input {
	return Input{Body: []byte(body), Instance: "d1", Zone: time.UTC, TokenKey: TestTokenKey(), Header: func(name string) string {
		for i := 0; i < len(headers); i += 2 {
			if headers[i] == name {
				return headers[i+1]
			}
		}
		return ""
	}}
}

const oneMove = `{"kind":"stock.changed","event":"evt_1","no":820982911946154508,"item":"A","place":"L1","qty":"2.500","time":"2026-11-01T10:00:00","picker":"Ann Example","changed":"2026-11-01T10:00:01Z"}`

func TestMap(t *testing.T) {
	p := testPack(t, nil)
	const event = `"source":"depot/d1","type":"retail.stock_adjusted.v1","subject":"820982911946154508·1","time":"2026-11-01T10:00:00Z","businessdate":"2026-11-01",`
	const data = `"datacontenttype":"application/json","data":{"adjustment":"820982911946154508","author":"%s","bucket":"SELLABLE","item":"A","line":"1","location":"L1","quantity":"2.5","reason":"FOUND"}}` + "\n"
	token := string(Token(TestTokenKey(), "person", "Ann Example"))
	for _, c := range []struct {
		name        string
		in          Input
		topic, want string
	}{
		{"recognised by header", input(oneMove, "X-Topic", "inventory", "X-Delivery", "d-7"), "stock/hook",
			`{"specversion":"1.0","id":"d-7",` + event + `"sourceversion":"1793527201000000",` + fmt.Sprintf(data, token)},
		{"recognised by path", input(oneMove), "stock/event", `{"specversion":"1.0","id":"evt_1",` + event + fmt.Sprintf(data, token)},
	} {
		t.Run(c.name, func(t *testing.T) {
			result, err := p.Map(t.Context(), c.in)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(result.AppendLines(nil)); got != c.want || result.Topic != c.topic {
				t.Errorf("%s:\ngot  %s\nwant %s (%+v)", result.Topic, got, c.want, result.Records)
			}
		})
	}
}

func TestTheMappingsOwnVersionWins(t *testing.T) {
	p := testPack(t, map[string]string{"stock.jq": testMapping + "| .source_version = 7"})
	result, err := p.Map(t.Context(), input(oneMove, "X-Topic", "stock"))
	if got := result.AppendLines(nil); err != nil || !strings.Contains(string(got), `"sourceversion":"7"`) {
		t.Errorf("got %s, %v, want version 7", got, err)
	}
}

func TestMapRecords(t *testing.T) {
	p := testPack(t, nil)
	const header = "no;item;place;qty;time\n"
	const rows = "1;A;L1;1;2026-11-01T10:00:00Z\n" + // an event
		"2;A;L1\n" + // ragged
		"3;A;L1;much;2026-11-01T10:00:00Z\n" + // no quantity
		"4;A;;1;2026-11-01T10:00:00Z\n" + // no place
		"5;A;L1;0;2026-11-01T10:00:00Z\n" + // ignored
		";A;L1;1;2026-11-01T10:00:00Z\n" + // no key
		"7;A;L1;0.0001;2026-11-01T10:00:00Z\n" + // too fine
		"8;;L1;1;2026-11-01T10:00:00Z\n" + // the event's own rule
		"9;B;L2;1;2026-11-01T10:00:00Z\n" // an event
	in := input(header + rows)
	in.FileName = "stock-7.csv"
	result, err := p.Map(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	at := int64(len(header))
	for _, outcome := range result.Records {
		if outcome.Start != at {
			t.Errorf("got a record at %d, want it at %d", outcome.Start, at)
		}
		at = outcome.End
		switch {
		case outcome.Err != nil:
			got = append(got, string(outcome.Err.Code))
		case outcome.Ignored != "":
			got = append(got, outcome.Ignored)
		default:
			got = append(got, outcome.Events[0].Key)
		}
	}
	want := "1·1 H-SYNTAX V-SCH-01 V-SCH-01 nothing moved V-SCH-01 V-SCH-01 V-SCH-01 9·1"
	if strings.Join(got, " ") != want || result.System != "depot_file" || result.Topic != "stock/file" {
		t.Errorf("%s as %s: got %s, want %s", result.Topic, result.System, got, want)
	}
	if !strings.HasPrefix(result.DeliveryID, contentID) || len(result.DeliveryID) != len(contentID)+64 {
		t.Errorf("got delivery id %q, want a hash of the content", result.DeliveryID)
	}
	if lines := strings.Split(string(result.AppendLines(nil)), "\n"); !strings.Contains(lines[0], `"id":"`+result.DeliveryID+`"`) || !strings.Contains(lines[1], `"id":"`+result.DeliveryID+`·2"`) || !strings.Contains(lines[1], `"source":"depot_file/d1"`) {
		t.Errorf("got lines %s, want the delivery id, then with a number", lines)
	}
}

func TestMapXML(t *testing.T) {
	p := testPack(t, nil)
	const body = `<d:Stock xmlns:d="u"><No>77</No><Time>2026-11-01T23:30:00</Time><Clerk OperatorName="Ann Example">4</Clerk>` +
		`<Move><Line>1</Line><Item Place="L1">A</Item><Qty>1</Qty><Tag>x</Tag></Move><Move><Line>2</Line><Item Place="L1">B</Item><Qty>one</Qty></Move></d:Stock>`
	result, err := p.Map(t.Context(), input(body))
	if err != nil || len(result.Records) != 2 {
		t.Fatalf("got %+v, %v, want two records", result, err)
	}
	first, second := result.Records[0], result.Records[1]
	if first.Err != nil || body[first.Start:first.End] != `<Move><Line>1</Line><Item Place="L1">A</Item><Qty>1</Qty><Tag>x</Tag></Move>` {
		t.Errorf("got %+v, want the first Move", first)
	}
	want := Token(TestTokenKey(), "person", "Ann Example")
	if first.Subject != want || !strings.Contains(string(result.AppendLines(nil)), `"author":"`+string(want)+`"`) {
		t.Errorf("got subject %s, want %s, in the event, too", first.Subject, want)
	}
	if second.Err == nil || second.Err.Code != fault.SchemaInvalid || second.Events != nil {
		t.Errorf("got %+v, want the second refused", second)
	}
}

// reproduces: H-TOPIC
func TestMapRefused(t *testing.T) {
	p := testPack(t, nil)
	named := func(topic, body string) Input { in := input(body); in.Topic = topic; return in }
	small := input(oneMove, "X-Topic", "stock")
	small.Limits = wire.Limits{Bytes: 10}
	keyless := input(oneMove)
	keyless.TokenKey = nil
	for _, c := range []struct {
		name string
		in   Input
		code fault.Code
	}{
		{"unknown to every topic", input(`{"kind":"other"}`), fault.UnknownTopic},
		{"unknown text", input(`hello`), fault.UnknownTopic},
		{"nothing", input(``), fault.UnknownTopic},
		{"unknown root", input(`<Other/>`), fault.UnknownTopic},
		{"topic that there is not", named("nope", `{}`), fault.UnknownTopic},
		{"broken JSON of an unknown topic", input(`{"kind":`), fault.BadSyntax},
		{"broken JSON of a known topic", input(`{"no":1`, "X-Topic", "stock"), fault.BadSyntax},
		{"broken XML", input(`<Stock><Move>`), fault.BadSyntax},
		{"broken XML of an unknown topic", input(`<Other>`), fault.BadSyntax},
		{"too large", small, fault.TooLarge},
		{"no key for tokens", keyless, fault.InternalError},
	} {
		t.Run(c.name, func(t *testing.T) {
			result, err := p.Map(t.Context(), c.in)
			if !fault.HasCode(err, c.code) || len(result.Records) != 0 {
				t.Errorf("got %+v, %v, want %s", result, err, c.code)
			}
			if result.DeliveryID == "" && c.code != fault.InternalError {
				t.Error("got no delivery id, want one to keep the evidence by")
			}
		})
	}
}

func TestMapIgnoresATopic(t *testing.T) {
	result, err := testPack(t, nil).Map(t.Context(), input(`not even JSON`, "X-Topic", "ping"))
	if err != nil || result.Ignored != "a ping says nothing" || result.Records != nil {
		t.Errorf("got %+v, %v, want an ignored payload", result, err)
	}
}

func TestMapEndsWithItsCaller(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, in := range []Input{input(oneMove), input(oneMove, "X-Topic", "stock"), input("item;place\n1;2\n")} {
		result, err := testPack(t, nil).Map(ctx, in)
		if !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) || result.Records != nil {
			t.Errorf("got %+v, %v, want nothing known", result, err)
		}
	}
}

func TestMapIsPure(t *testing.T) {
	p := testPack(t, nil)
	in := input(oneMove, "X-Topic", "stock")
	before := string(in.Body)
	first, err := p.Map(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		again, err := p.Map(t.Context(), in)
		if got, want := string(again.AppendLines(nil)), string(first.AppendLines(nil)); err != nil || got != want || string(in.Body) != before {
			t.Fatalf("got %s, %v, want %s", got, err, want)
		}
	}
}

func TestMapRefusesWhatIsNoEvent(t *testing.T) {
	for _, c := range []struct{ name, mapping, want string }{
		{"no object", `1`, "H-MAPPING: stock.jq: it gave something that is not an object"},
		{"nothing", `empty`, "ignored: the mapping gave no event"},
		{"an unknown member", `{type: "stock_adjusted.v1", key: "1", time: "2026-11-01T10:00:00Z", colour: 1, data: {}}`, "V-SCH-01: "},
		{"an unknown type", `{type: "stock_stolen.v1", key: "1", time: "2026-11-01T10:00:00Z", data: {}}`, "V-SCH-01: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := testPack(t, map[string]string{"stock.jq": c.mapping})
			result, err := p.Map(t.Context(), input(`{}`, "X-Topic", "stock"))
			if got := result.caseText(err); !strings.HasPrefix(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestVersionAndSubjectAreChecked(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"a version that is no number", "version: none\n  - name: stock/file", "version: .item\n  - name: stock/file", "H-MAPPING: topic stock/event version: a version is a whole number\n"},
		{"a negative version", "version: none\n  - name: stock/file", "version: \"-1\"\n  - name: stock/file", "H-MAPPING: topic stock/event version: a version is a whole number\n"},
		{"two versions", "version: none\n  - name: stock/file", "version: 1, 2\n  - name: stock/file", "H-MAPPING: topic stock/event version: it gave 2 values; one is expected\n"},
		{"a subject that is not personal", "version: none\n  - name: stock/file", "version: none\n    subject: .item\n  - name: stock/file", "H-MAPPING: topic stock/event subject: it is not marked as personal\n"},
		{"a personal path that cannot be followed", "version: none\n  - name: stock/file", "version: none\n    personal: [{kind: x, paths: [.item.name]}]\n  - name: stock/file", "H-MAPPING: topic stock/event personal: expected an object but got: string\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(testManifest, c.from) {
				t.Fatal("the manifest has another form")
			}
			p := testPack(t, map[string]string{"pack.yaml": strings.Replace(testManifest, c.from, c.to, 1)})
			result, err := p.Map(t.Context(), input(oneMove))
			if got := result.caseText(err); got != "delivery: evt_1\n"+c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// The depot with two options, whose mapping tells what it may know of a record.
func optionPack(t testing.TB) *Pack {
	t.Helper()
	return testPack(t, map[string]string{
		"pack.yaml": "options: [{name: reason, title: Why}, {name: mode, title: How, is: [slow, fast]}]\n" + testManifest,
		"stock.jq": `{type: "stock_adjusted.v1", key: [$file, $number] | key, time: (.time | local_time), data: {
			adjustment: $file, line: ($number | tostring), item: .item, location: .place, bucket: "SELLABLE", quantity: "1",
			reason: ($options.reason // "FOUND")}}`,
		"stock-xml.jq": `{type: "stock_adjusted.v1", key: [$envelope.No, $number] | key, time: "2026-11-01T10:00:00Z", data: {
			adjustment: "a", line: "1", item: "A", location: "L", bucket: "SELLABLE", quantity: "1", reason: "FOUND"}}`,
	})
}

func TestMappingKnowsFileNumberAndOptions(t *testing.T) {
	p := optionPack(t)
	in := input("item;place;time\nA;L;2026-11-01T10:00:00Z\n\nB;L;x\nC;L;2026-11-01T10:00:00Z\n")
	in.FileName = "drop/stock-7.csv"
	in.Options = map[string]string{"reason": "LOST", "mode": "fast"}
	result, err := p.Map(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	got := string(result.AppendLines(nil))
	for _, want := range []string{`"subject":"stock-7.csv·1"`, `"subject":"stock-7.csv·3"`, `"reason":"LOST"`} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s in it", got, want)
		}
	}
	result, err = p.Map(t.Context(), input("<Stock><a><No>1</No><Move/><Move/></a><a><Move/><No>2</No></a></Stock>"))
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, outcome := range result.Records {
		keys = append(keys, outcome.Events[0].Key)
	}
	if got := strings.Join(keys, " "); got != "1·1 1·2 2·1" {
		t.Errorf("got %s, want each parent to count its own records", got)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	p := optionPack(t)
	for _, options := range []map[string]string{{"colour": "red"}, {"mode": "medium"}} {
		in := input(oneMove)
		in.Options = options
		if _, err := p.Map(t.Context(), in); !fault.HasCode(err, fault.BadConfig) || !fault.HasCode(p.CheckOptions(options), fault.BadConfig) {
			t.Errorf("%v: got %v, want %s", options, err, fault.BadConfig)
		}
	}
	if err := p.CheckOptions(map[string]string{"mode": "slow", "reason": "any"}); err != nil {
		t.Errorf("got %v, want options that the pack has", err)
	}
}

func TestRecogniseByPathOfElements(t *testing.T) {
	p := testPack(t, map[string]string{"pack.yaml": strings.Replace(testManifest, "root: Stock", "root: Stock/Moves", 1)})
	for body, want := range map[string]fault.Code{"<Stock><Moves/></Stock>": "", "<Stock><Head/><Moves/></Stock>": fault.UnknownTopic, "<Stock/>": fault.UnknownTopic} {
		if _, err := p.Map(t.Context(), input(body)); (err != nil || want != "") && !fault.HasCode(err, want) {
			t.Errorf("%s: got %v, want %q", body, err, want)
		}
	}
}

// reproduces: H-PACK
func TestSet(t *testing.T) {
	p := testPack(t, nil)
	set, err := NewSet(p)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := set.Get("depot"); err != nil || got != p || len(set.All()) != 1 {
		t.Errorf("got %v, %v, want the depot's pack", got, err)
	}
	if _, err := set.Get("none"); !fault.HasCode(err, fault.UnknownPack) {
		t.Errorf("got %v, want %s", err, fault.UnknownPack)
	}
	if _, err := NewSet(p, p); !fault.HasCode(err, fault.BadPack) {
		t.Errorf("got %v, want %s", err, fault.BadPack)
	}
}

func FuzzMap(f *testing.F) {
	for _, seed := range []string{oneMove, "no;item;place;qty;time\n1;A;L1;1;2026-11-01T10:00:00Z\n2\n", `<Stock><No>1</No><Move><Line>1</Line></Move></Stock>`, `{"kind":"stock.changed","notes":"x"}`, "\ufeff{}"} {
		f.Add(seed, "")
		f.Add(seed, "stock")
	}
	p := testPack(f, nil)
	f.Fuzz(func(t *testing.T, body, topic string) {
		result, err := p.Map(t.Context(), input(body, "X-Topic", topic))
		if err != nil {
			if c := fault.As(err).Code; c != fault.UnknownTopic && c != fault.BadSyntax && c != fault.TooLarge {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		for _, o := range result.Records {
			if count(len(o.Events) > 0, o.Ignored != "", o.Err != nil) != 1 || o.Start < 0 || o.End > int64(len(body)) || o.Start > o.End {
				t.Fatalf("got %+v, want one outcome within the payload", o)
			}
			if o.Err != nil && o.Err.Kind == fault.Internal {
				t.Fatalf("got %v, want no fault of our own", o.Err)
			}
		}
	})
}
