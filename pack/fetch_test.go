package pack

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/heddlehq/heddle/fault"
)

const askingManifest = `
name: shop
system: shop
title: A shop that is asked
versions: ["1"]
options: [{name: place, title: A place}]
topics:
  - name: notice
    status: described
    when: [{path: .type, is: [notice]}]
    format: json
    follow: {fetch: order, with: {order_id: .id}}
  - name: ping
    ignore: it says nothing
  - name: orders
    status: described
    format: json
    mapping: order.jq
    version: none
api:
  auth: {scheme: header, header: X-Token}
  headers: {Shop-Version: "7", Shop-Place: "{options.place}"}
  rate: {every: 500ms, burst: 4}
  answers: {throttled: [430], gone: [451]}
fetches:
  - name: order
    method: GET
    path: /v1/{options.place}/orders/{order_id}
    query: {place: "{options.place}", note: "of {order_id}"}
    records: .order
    topic: orders
  - name: changed
    method: POST
    path: /v1/search
    body: "{since, place: $options.place, note: \"from \\(.since)\"}"
    records: .orders[]?
    topic: orders
    paging: {cursor: .cursor, body: cursor}
polls:
  - {name: orders, fetch: changed, every: 5m, overlap: 1m, changed: .updated}
`

func askingPack(t testing.TB, changes ...string) (*Pack, error) {
	t.Helper()
	text := askingManifest
	for i := 0; i < len(changes); i += 2 {
		if strings.Count(text, changes[i]) != 1 {
			t.Fatalf("%q does not stand in the manifest once", changes[i])
		}
		text = strings.Replace(text, changes[i], changes[i+1], 1)
	}
	return Load(fstest.MapFS{"pack.yaml": {Data: []byte(text)}, "order.jq": {Data: []byte(`ignore("nothing")`)}})
}

func TestAskingRefused(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"no api", "api:\n  auth: {scheme: header, header: X-Token}\n", "versions2:\n", "line"},
		{"an unknown scheme", "scheme: header, header: X-Token", "scheme: magic", "scheme is bearer, basic"},
		{"a key without its header", "scheme: header, header: X-Token", "scheme: header", "header names the one"},
		{"a header for a bearer token", "scheme: header, header: X-Token", "scheme: bearer, header: X-Token", "a header belongs to"},
		{"a credential in the pack", `Shop-Version: "7"`, `authorization: "Bearer x"`, "authorization is not for a pack to set"},
		{"no rate", "every: 500ms, burst: 4", "every: 500ms", "burst at least 1"},
		{"no time", "every: 500ms, burst: 4", "every: often, burst: 4", "a duration like 500ms"},
		{"a rate header that tells nothing", "every: 500ms, burst: 4", "every: 500ms, burst: 4, header: X", "header and tells come together"},
		{"a rate header that tells something else", "every: 500ms, burst: 4", "every: 500ms, burst: 4, header: X, tells: all", "tells is used or rate"},
		{"an unknown meaning", "throttled: [430]", "slow: [430]", "there are throttled, failing"},
		{"a success that is none", "throttled: [430]", "throttled: [200]", "between 300 and 599"},
		{"a method that changes", "method: GET", "method: DELETE", "method is GET or POST"},
		{"a host", "path: /v1/search", "path: https://elsewhere/v1", "begins with a slash"},
		{"a query in the path", "path: /v1/search", "path: /v1/search?a=b", "has no query"},
		{"a body with GET", "method: POST", "method: GET", "a body belongs to POST"},
		{"an unknown topic", "records: .order\n    topic: orders", "records: .order\n    topic: nonesuch", "topic names one that is mapped"},
		{"an ignored topic", "records: .order\n    topic: orders", "records: .order\n    topic: ping", "topic names one that is mapped"},
		{"no topic", "records: .order\n    topic: orders", "records: .order", "topic says what a record is"},
		{"two fetches of a name", "name: changed", "name: order", "a name of its own"},
		{"a value that is not given", "with: {order_id: .id}", "with: {id: .id}", "needs {order_id}, which is not given"},
		{"a value of a poll that is not given", "path: /v1/search", "path: /v1/{order_id}", "needs {order_id}, which is not given"},
		{"an unknown option", "/v1/{options.place}/orders", "/v1/{options.shop}/orders", "a place is {name}"},
		{"an open place", "/v1/search", "/v1/{since", "a place is {name}"},
		{"a body that does not compile", "{since, place", "{since place", "fetch changed body"},
		{"a body that asks the world", "{since, place", "{now: now, place", "now is not available"},
		{"records that are no path", "records: .orders[]?", "records: .orders[", "fetch changed records"},
		{"a path to follow that does not compile", "order_id: .id", "order_id: '.id['", "topic notice follow"},
		{"a follow-up of an unknown fetch", "follow: {fetch: order,", "follow: {fetch: none,", "fetch names one of the fetches"},
		{"a value of a strange name", "with: {order_id: .id}", "with: {Order-ID: .id}", "words of lower-case letters"},
		{"paging of two kinds", "{cursor: .cursor, body: cursor}", "{cursor: .cursor, body: cursor, link: next}", "paging is one of"},
		{"a cursor that goes nowhere", "{cursor: .cursor, body: cursor}", "{cursor: .cursor}", "carried by query or by body"},
		{"pages without a parameter", "{cursor: .cursor, body: cursor}", "{pages: X-Pages}", "carried by query"},
		{"an address with a parameter", "{cursor: .cursor, body: cursor}", "{link: next, query: x}", "asked for as it is"},
		{"a poll of an unknown fetch", "fetch: changed", "fetch: none", "fetch names one of the fetches"},
		{"a poll without changes", ", changed: .updated", "", "changed is the path"},
		{"a poll without rest", "every: 5m", "every: 1ms", "at least 1s"},
		{"times that are none", "changed: .updated", "changed: .updated, times: local", "times is zoned, naive, epoch or date"},
		{"an ignored topic that is followed", "ignore: it says nothing", "ignore: it says nothing\n    follow: {fetch: order, with: {order_id: .id}}", "a topic that is ignored has no"},
		{"a fetch beside itself", "records: .order\n", "records: .order\n    beside: {lines: order}\n", "fetches with nothing beside them"},
		{"an unknown fetch beside", "records: .order\n", "records: .order\n    beside: {lines: none}\n", "fetches with nothing beside them"},
		{"the member of the record itself", "records: .order\n", "records: .order\n    beside: {record: changed}\n", "by a member other than record"},
		{"a poll with others beside it", "records: .orders[]?\n", "records: .orders[]?\n    beside: {order: order}\n", "have the poll's topic follow"},
		{"a value of a fetch beside that is not given", "records: .order\n    topic: orders\n", "records: .order\n    topic: orders\n    beside: {lines: lines}\n  - {name: lines, method: GET, path: '/v1/{line_id}', topic: orders}\n", "needs {line_id}, which is not given"},
		{"a larger limit", "path: /v1/search", "path: /v1/search\n    limits: {pages: 1001}", "limits are at most"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := askingPack(t, c.from, c.to)
			if !fault.HasCode(err, fault.BadPack) || c.want != "line" && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestRequests(t *testing.T) {
	p, err := askingPack(t)
	if err != nil {
		t.Fatal(err)
	}
	place := map[string]string{"place": "a/b c"}
	since := p.Poll("orders").Since(time.Date(2026, 6, 1, 12, 0, 0, 7, time.FixedZone("", 7200)))
	for _, c := range []struct {
		name, fetch string
		q           Question
		want        string
	}{
		{"a value in a path stays in its segment", "order", Question{Options: place, Values: map[string]string{"order_id": "../x?y#z"}},
			"GET /v1/a%2Fb%20c/orders/..%2Fx%3Fy%23z?note=of+..%2Fx%3Fy%23z&place=a%2Fb+c [Accept=application/json Shop-Place=a/b c Shop-Version=7] "},
		{"a dot", "order", Question{Options: place, Values: map[string]string{"order_id": ".."}}, "H-REQUEST: shop order: the value order_id is missing, or none that can stand there"},
		{"no value", "order", Question{Options: place}, "H-REQUEST: shop order: the value order_id is missing, or none that can stand there"},
		{"no option", "order", Question{Values: map[string]string{"order_id": "1"}}, "H-CONFIG: shop order: the path /v1/{options.place}/orders/{order_id} needs an option that the source does not choose"},
		{"another option", "order", Question{Options: map[string]string{"colour": "red"}}, `H-CONFIG: shop: the pack has no option "colour"`},
		{"the first page", "changed", Question{Values: since}, `POST /v1/search [Accept=application/json Shop-Version=7 Content-Type=application/json] {"note":"from 2026-06-01T10:00:00Z","place":null,"since":"2026-06-01T10:00:00Z"}`},
		{"the next page", "changed", Question{Values: since, Next: "c\"2"}, `POST /v1/search [Accept=application/json Shop-Version=7 Content-Type=application/json] {"cursor":"c\"2","note":"from 2026-06-01T10:00:00Z","place":null,"since":"2026-06-01T10:00:00Z"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := p.Request(t.Context(), p.Fetch(c.fetch), c.q)
			var header []string
			for _, h := range r.Header {
				header = append(header, h[0]+"="+h[1])
			}
			got := fmt.Sprintf("%s %s %v %s", r.Method, r.Path, header, r.Body)
			if err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestTimesOfPolls(t *testing.T) {
	at := time.Date(2026, 6, 1, 14, 0, 0, 999, time.FixedZone("", 7200))
	for form, want := range map[string]string{"zoned": "2026-06-01T12:00:00Z", "naive": "2026-06-01T12:00:00", "epoch": "1780315200", "date": "2026-06-01"} {
		p, err := askingPack(t, "changed: .updated", "changed: .updated, times: "+form)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Poll("orders").Since(at)["since"]; got != want {
			t.Errorf("%s: got %s, want %s", form, got, want)
		}
	}
}

func TestStatuses(t *testing.T) {
	p, err := askingPack(t)
	if err != nil {
		t.Fatal(err)
	}
	for status, want := range map[int]Answered{
		429: Throttled, 430: Throttled, 408: Failing, 425: Failing, 500: Failing, 503: Failing, 599: Failing, 401: Unauthorised, 403: Unauthorised,
		404: Gone, 410: Gone, 451: Gone, 400: Denied, 409: Denied, 422: Denied, 302: Denied, 304: Denied,
	} {
		if got := p.API.Answered(status); got != want {
			t.Errorf("%d: got %s, want %s", status, got, want)
		}
	}
}

// readingPack is a pack whose fetch finds records and pages in a way.
func readingPack(t *testing.T, records, paging string) *Pack {
	t.Helper()
	changes := []string{"records: .order\n", "limits: {}\n"}
	if records != "" {
		changes[1] = fmt.Sprintf("records: '%s'\n", records)
	}
	if paging != "" {
		changes = append(changes, "path: /v1/{options.place}/orders/{order_id}\n", "path: /v1/{order_id}\n    paging: "+paging+"\n")
	}
	p, err := askingPack(t, changes...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A record is the bytes that the system wrote, digit for digit and blank for blank.
func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, records, paging, body string
		header                      map[string]string
		asked                       string
		want                        []string
		next                        string
		err                         string
	}{
		{name: "each of an array", records: ".orders[]?", body: ` {"n": 1, "orders": [ {"id": 820982911946154508, "x": 1.50 },{"a":"\u00e4"} ]}`,
			want: []string{`{"id": 820982911946154508, "x": 1.50 }`, `{"a":"\u00e4"}`}},
		{name: "one member", records: ".order", body: `{"order": {"id":1}}`, want: []string{`{"id":1}`}},
		{name: "a member that is not there", records: ".order", body: `{"errors":[]}`},
		{name: "a member of a member that is not there", records: ".payload.orders", body: `{}`},
		{name: "null", records: ".order", body: `{"order":null}`},
		{name: "the whole", body: `{"id":1}`, header: map[string]string{"Content-Type": "application/json"}, want: []string{`{"id":1}`}},
		{name: "anything, where nothing is looked for", body: "id;qty\n1;2\n", header: map[string]string{"Content-Type": "text/csv"}, want: []string{"id;qty\n1;2\n"}},
		{name: "an array of its own", records: ".[]", body: "\ufeff[1, 2]", want: []string{"1", "2"}},
		{name: "the last", records: ".[-1]", body: `[{"id":1},{"id":2}]`, want: []string{`{"id":2}`}},
		{name: "some", records: ".[] | select(.kind == \"a\")", body: `[{"kind":"a"},{"kind":"b"}]`, want: []string{`{"kind":"a"}`}},
		{name: "strange names", records: `.["a.b"]["\""][]`, body: `{"a.b":{"\u0022":[ true ]}}`, want: []string{`true`}},
		{name: "a slice", records: ".[0:1]", body: `[1]`, err: "a slice of an array is no record"},
		{name: "what is made", records: "{a: 1}", body: `{}`, err: "H-MAPPING"},
		{name: "no JSON", records: ".[]", body: `<html>`, err: "H-SYNTAX"},
		{name: "a cursor", records: ".o?", paging: "{cursor: .next, query: c}", body: `{"next":"n2"}`, next: "n2"},
		{name: "a cursor that is a number", records: ".[]?", paging: "{cursor: .next, query: c}", body: `{"next":12}`, want: []string{"12"}, next: "12"},
		{name: "no cursor", records: ".o?", paging: "{cursor: .next, query: c}", body: `{}`},
		{name: "an empty cursor", records: ".o?", paging: "{cursor: .next, query: c}", body: `{"next":""}`},
		{name: "the same cursor", records: ".o?", paging: "{cursor: .next, query: c}", body: `{"next":"n2"}`, asked: "n2", err: "names itself"},
		{name: "a cursor that is none", records: ".o?", paging: "{cursor: .next, query: c}", body: `{"next":{}}`, err: "no text"},
		{name: "an address", records: ".o?", paging: "{url: .next}", body: `{"next":"https://x/2"}`, next: "https://x/2"},
		{name: "a link", records: ".o?", paging: "{link: next}", body: `{}`, header: map[string]string{"Link": `<https://x/1>; rel="previous", <https://x/3?a=1,2>; title="a" ; rel=next`}, next: "https://x/3?a=1,2"},
		{name: "a link to something else", records: ".o?", paging: "{link: next}", body: `{}`, header: map[string]string{"Link": `<https://x/1>; rel="previous"`}},
		{name: "a broken link", records: ".o?", paging: "{link: next}", body: `{}`, header: map[string]string{"Link": `<https://x/1; rel="next"`}},
		{name: "no link", records: ".o?", paging: "{link: next}", body: `{}`},
		{name: "the first of two pages", records: ".[]", paging: "{pages: X-Pages, query: page}", body: `[1]`, header: map[string]string{"X-Pages": "2"}, want: []string{"1"}, next: "2"},
		{name: "the last of two pages", records: ".[]", paging: "{pages: X-Pages, query: page}", body: `[1]`, header: map[string]string{"X-Pages": "2"}, asked: "2", want: []string{"1"}},
		{name: "an empty page before the last", records: ".[]", paging: "{pages: X-Pages, query: page}", body: `[]`, header: map[string]string{"X-Pages": "9"}, asked: "2"},
		{name: "pages without their number", records: ".[]", paging: "{pages: X-Pages, query: page}", body: `[]`, err: "X-Pages"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := readingPack(t, c.records, c.paging)
			page, err := p.Fetch("order").Read(t.Context(), Answer{Header: func(name string) string { return c.header[name] }, Body: []byte(c.body)}, c.asked)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("got %v, want %s", err, c.err)
				}
				return
			}
			var got []string
			for _, r := range page.Records {
				got = append(got, string(r.Body))
			}
			if kind := cmp.Or(c.header["Content-Type"], "application/json"); len(got) > 0 && page.ContentType != kind {
				t.Errorf("got content type %q, want %q", page.ContentType, kind)
			}
			if err != nil || !slices.Equal(got, c.want) || page.Next != c.next {
				t.Errorf("got %q, next %q, %v; want %q, next %q", got, page.Next, err, c.want, c.next)
			}
		})
	}
}

func TestChanged(t *testing.T) {
	p, err := askingPack(t)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, body, want string }{
		{"the newest", `{"orders":[{"updated":"2026-06-01T12:00:00+02:00"},{"updated":"2026-06-01T11:00:00Z"},{"updated":"2026-06-01T10:30:00"}]}`, "2026-06-01T11:00:00Z"},
		{"in seconds", `{"orders":[{"updated":1780315200}]}`, "2026-06-01T12:00:00Z"},
		{"none", `{"orders":[]}`, "0001-01-01T00:00:00Z"},
		{"one that does not tell", `{"orders":[{"updated":"2026-06-01T11:00:00Z"},{}]}`, "H-MAPPING: poll orders changed: a record does not tell when it was changed"},
		{"no time", `{"orders":[{"updated":"soon"}]}`, "H-MAPPING: poll orders changed: a record does not tell when it was changed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			page, err := p.Fetch("changed").Read(t.Context(), Answer{Body: []byte(c.body)}, "")
			if err != nil {
				t.Fatal(err)
			}
			at, err := p.Poll("orders").Changed(t.Context(), page.Records)
			got := at.Format(time.RFC3339)
			if err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestThinTopics(t *testing.T) {
	p, err := askingPack(t)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, body, want string }{
		{"text", `{"type":"notice","id":"o 1"}`, `order order_id="o 1"`},
		{"a large number", `{"type":"notice","id":820982911946154508}`, `order order_id="820982911946154508"`},
		{"nothing", `{"type":"notice"}`, "V-SCH-01: topic notice follow: the value order_id is missing, or none to ask with"},
		{"an object", `{"type":"notice","id":{}}`, "V-SCH-01: topic notice follow: the value order_id is missing, or none to ask with"},
		{"256 bytes", `{"type":"notice","id":"` + strings.Repeat("x", 256) + `"}`, `order order_id="` + strings.Repeat("x", 256) + `"`},
		{"257 bytes", `{"type":"notice","id":"` + strings.Repeat("x", 257) + `"}`, "V-SCH-01: topic notice follow: the value order_id is missing, or none to ask with"},
	} {
		t.Run(c.name, func(t *testing.T) {
			result, err := p.Map(t.Context(), Input{Body: []byte(c.body), Instance: "main", TokenKey: TestTokenKey()})
			if err != nil || len(result.Records) != 1 {
				t.Fatalf("got %+v, %v", result, err)
			}
			outcome := result.Records[0]
			got := fmt.Sprint(outcome.Err)
			if outcome.Follow != nil {
				got = outcome.Follow.Key()
			}
			if got != c.want || outcome.Ignored != "" {
				t.Errorf("got %s, ignored %q, want %s", got, outcome.Ignored, c.want)
			}
		})
	}
}

// A person is never what is asked for: what is sent to a system stands in its logs.
func TestAPersonIsNotAskedFor(t *testing.T) {
	p, err := askingPack(t, "topics:\n", "personal: [{kind: person, fields: [id]}]\ntopics:\n")
	if err != nil {
		t.Fatal(err)
	}
	result, err := p.Map(t.Context(), Input{Body: []byte(`{"type":"notice","id":"ann"}`), Instance: "main", TokenKey: TestTokenKey()})
	if err != nil || result.Records[0].Err == nil || result.Records[0].Follow != nil {
		t.Errorf("got %+v, %v, want a refusal", result, err)
	}
}

func TestDescriptions(t *testing.T) {
	p, err := askingPack(t)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintln(p.Fetches[0]) + fmt.Sprintln(p.Fetches[1]) + fmt.Sprintln(p.Polls[0])
	want := "order: GET /v1/{options.place}/orders/{order_id}, as orders\nchanged: POST /v1/search, as orders\norders: changed every 5m0s, from 1m0s before the last\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestJoin(t *testing.T) {
	p, err := askingPack(t, "records: .order\n    topic: orders\n", "records: .order\n    topic: orders\n    beside: {b_lines: changed, a_notes: changed}\n")
	if err != nil {
		t.Fatal(err)
	}
	got := string(p.Fetch("order").Join(Fetched{Body: []byte(`{"id": 1}`)}, [][]Fetched{nil, {{Body: []byte(`{"n":1.50}`)}, {Body: []byte(`2`)}}}).Records[0].Body)
	if want := `{"record":{"id": 1},"a_notes":[],"b_lines":[{"n":1.50},2]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzLinkTo(f *testing.F) {
	f.Add(`<https://x/1>; rel="previous", <https://x/3>; rel="next"`)
	f.Add(`<a>;,<b>;rel==next`)
	f.Fuzz(func(t *testing.T, header string) {
		if address := linkTo(header, "next"); !strings.Contains(header, address) {
			t.Errorf("got %q, which is not in the header", address)
		}
	})
}

// FuzzRead holds that a record's bytes are a part of the answer.
func FuzzRead(f *testing.F) {
	p, err := askingPack(f)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"orders":[{"updated":1},[ ],"\u00e4"],"cursor":"x"}`))
	f.Add([]byte("\ufeff{\"orders\":{\"a\":1e9}}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		page, err := p.Fetch("changed").Read(t.Context(), Answer{Body: body}, "")
		if err != nil {
			return
		}
		for _, r := range page.Records {
			if !strings.Contains(string(body), string(r.Body)) {
				t.Errorf("%q is not in the answer", r.Body)
			}
		}
	})
}
