package packs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/itchyny/gojq"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/pack"
)

// sample is a payload that a real system or its vendor published, and what is done with it before it is mapped.
type sample struct {
	file string
	// header is the topic that the system would have sent with it.
	header string
	// member unwraps a body that a poll wraps and a webhook does not.
	member string
	// query takes a part of it, or puts it beside what it is asked for with, in jq.
	query string
	// event wraps an object into the event that would tell it, and wrap into any other JSON, in
	// which %s stands for it.
	event, wrap string
	// mend replaces parts of it, in pairs: where the published text is broken and would hide what is in it.
	mend []string
	// topic is as what a poll or a person hands it over; empty means that the pack recognises it.
	topic string
	// fetch is the question that it answers, each a list in it: what is in it is mapped one by one.
	fetch, each string
	options     map[string]string
	// rows reads a file of many records by itself, and says what has to come of each of them; tally
	// says how often: "sale 12". Other samples have it in testdata/samples.
	rows  func(t *testing.T, body []byte) []string
	tally string
	// unbalanced says that the sample itself contradicts its header.
	unbalanced bool
}

func samplesOf(t *testing.T, folder string) string {
	t.Helper()
	root := os.Getenv("HEDDLE_SAMPLES")
	if root == "" {
		t.Skip("HEDDLE_SAMPLES is not set")
	}
	return filepath.Join(root, folder)
}

// body reads the sample in the form in which the system sends it.
func (s sample) body(t *testing.T, folder string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(folder, s.file))
	if err != nil {
		t.Fatal(err)
	}
	if s.query != "" {
		body = queried(t, body, s.query)
	}
	if s.member != "" {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(body, &object); err != nil {
			t.Fatal(err)
		}
		body = object[s.member]
	}
	if s.event != "" {
		body = []byte(`{"id":"evt_1","type":"` + s.event + `","created":1795273201,"data":{"object":` + string(body) + `}}`)
	}
	body = []byte(strings.NewReplacer(s.mend...).Replace(string(body)))
	if s.wrap != "" {
		body = fmt.Appendf(nil, s.wrap, body)
	}
	return body
}

// queried is what a jq expression gives of a document.
func queried(t *testing.T, body []byte, text string) []byte {
	t.Helper()
	query, err := gojq.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var document any
	if err := json.Unmarshal(body, &document); err != nil {
		t.Fatal(err)
	}
	value, _ := query.Run(document).Next()
	if err, failed := value.(error); failed {
		t.Fatal(err)
	}
	out, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (s sample) run(t *testing.T, p *pack.Pack, folder string) (pack.Result, error) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	in := pack.Input{
		FileName: s.file, Topic: s.topic, Body: s.body(t, folder), Instance: "sample", Zone: zone, TokenKey: pack.TestTokenKey(), Options: s.options,
		Header: func(name string) string {
			if name == "X-Shopify-Topic" || name == "X-WC-Webhook-Topic" {
				return s.header
			}
			return ""
		},
	}
	if s.fetch != "" || s.each != "" {
		return s.records(t, p, in)
	}
	return p.Map(t.Context(), in)
}

// records maps the records of an answer, as a poll does, or of a list in it.
func (s sample) records(t *testing.T, p *pack.Pack, in pack.Input) (pack.Result, error) {
	t.Helper()
	var bodies []json.RawMessage
	if fetch := p.Fetch(s.fetch); fetch != nil {
		page, err := fetch.Read(t.Context(), pack.Answer{Header: func(string) string { return "" }, Body: in.Body}, "")
		if err != nil {
			return pack.Result{}, err
		}
		for _, record := range page.Records {
			bodies = append(bodies, record.Body)
		}
		in.Topic = fetch.Topic
	} else {
		var lists map[string]json.RawMessage
		if err := errors.Join(json.Unmarshal(in.Body, &lists), json.Unmarshal(lists[s.each], &bodies)); err != nil {
			t.Fatal(err)
		}
	}
	var all pack.Result
	for _, body := range bodies {
		in.Body = body
		result, err := p.Map(t.Context(), in)
		if err != nil {
			return result, err
		}
		result.Records = append(all.Records, result.Records...)
		all = result
	}
	return all, nil
}

// asItCame says whether the payload is what its publisher wrote, or a part of it: an envelope of the
// test's own, and what it mends, prove nothing of the system.
func (s sample) asItCame() bool {
	return s.event == "" && s.wrap == "" && len(s.mend) == 0 && !strings.ContainsAny(s.query, "{+")
}

// sampleTable is the samples of one folder, all of them, and the pack that reads them.
type sampleTable struct {
	pack, folder string
	samples      []sample
}

func sampleTables() []sampleTable {
	return []sampleTable{
		{shopify, "shopify", shopifySamples()},
		{woocommerce, "woocommerce", woocommerceSamples()},
		{stripe, "stripe", stripeSamples()},
		{poslog, "poslog", poslogSamples()},
		{camt053, "bank-camt", camtSamples()},
		{bai2, "bank-bai2", bai2Samples()},
		{epcis, "epcis", epcisSamples()},
		{square, "square", squareSamples()},
		{csvPack, "dataset-online-retail", csvSamples()},
		{adyen, "adyen", adyenSamples()},
		{adyenPlatform, "adyen", adyenPlatformSamples()},
		{amazon, "amazon", amazonSamples()},
		{x12, "x12", x12Samples()},
	}
}

// TestSamples runs every published payload of these systems: it is mapped, refused with a
// code, or ignored with a reason.
func TestSamples(t *testing.T) {
	for _, c := range sampleTables() {
		t.Run(c.pack, func(t *testing.T) {
			folder := samplesOf(t, c.folder)
			c.test(t, folder)
			entries, err := os.ReadDir(folder)
			if err != nil {
				t.Fatal(err)
			}
			known := samplesIn(c.folder)
			for _, entry := range entries {
				if !known[entry.Name()] && filepath.Ext(entry.Name()) != ".xsd" {
					t.Errorf("%s is not in the table", entry.Name())
				}
			}
		})
	}
}

// samplesIn names the files of a folder that stand in the tables.
func samplesIn(folder string) map[string]bool {
	known := map[string]bool{}
	for _, table := range sampleTables() {
		if table.folder != folder {
			continue
		}
		for _, s := range table.samples {
			known[s.file] = true
		}
	}
	return known
}

// test maps each sample of the table and compares what came of it with the text.
func (c sampleTable) test(t *testing.T, folder string) {
	p := get(t, c.pack)
	want, got, ran := expected(t, c.pack), &bytes.Buffer{}, 0
	for _, s := range c.samples {
		t.Run(s.file, func(t *testing.T) {
			ran++
			result, err := s.run(t, p, folder)
			s.wantBalanced(t, result)
			if s.rows != nil {
				s.wantRows(t, result, folder)
				return
			}
			title, text := s.title(), report(result, err)
			fmt.Fprintf(got, "%s\n%s\n", title, text)
			if want[title] != text && !*update {
				t.Errorf("%s\ngot\n%s\nwant\n%s", title, text, want[title])
			}
			delete(want, title)
		})
	}
	if ran < len(c.samples) {
		return // -run asked for a few
	}
	if *update && got.Len() > 0 {
		if err := os.WriteFile(expectedFile(c.pack), got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	for title := range want {
		t.Errorf("no sample of the table is %q", title)
	}
}

// wantBalanced compares what an order or a sale comes to with its header, save where the sample itself contradicts it.
func (s sample) wantBalanced(t *testing.T, result pack.Result) {
	t.Helper()
	for _, outcome := range result.Records {
		for _, e := range outcome.Events {
			if d := unbalanced(e.Data); d != "" && !s.unbalanced {
				t.Errorf("%s does not balance: %s", e.Key, d)
			}
		}
	}
}

// unbalanced says how the amounts of an order or a sale contradict its header, if they do.
func unbalanced(body event.Body) string {
	switch d := body.(type) {
	case *event.OrderPlaced:
		total := taxes(d.ShippingTaxes)
		if d.Shipping != nil {
			total += d.Shipping.Minor
		}
		for _, l := range d.Lines {
			total += l.Net.Minor
			if !d.PricesIncludeTax {
				total += taxes(l.Taxes)
			}
		}
		if total != d.Total.Minor {
			return fmt.Sprintf("lines %d, header %d", total, d.Total.Minor)
		}
	case *event.MPOrder:
		var total int64
		if d.Shipping != nil {
			total = d.Shipping.Minor
		}
		if !d.PricesIncludeTax {
			total += taxes(d.ShippingTaxes)
		}
		for _, l := range d.Lines {
			total += l.Net.Minor
			if !d.PricesIncludeTax {
				total += taxes(l.Taxes)
			}
		}
		if total != d.Total.Minor {
			return fmt.Sprintf("lines %d, header %d", total, d.Total.Minor)
		}
	case *event.Sale:
		var total, paid int64
		for _, l := range d.Lines {
			total += l.Net.Minor + taxes(l.Taxes)
		}
		for _, tender := range d.Tenders {
			paid += tender.Amount.Minor
		}
		if d.Rounding != nil {
			paid -= d.Rounding.Minor
		}
		if total != d.Total.Minor || paid != d.Total.Minor {
			return fmt.Sprintf("lines %d, tenders %d, header %d", total, paid, d.Total.Minor)
		}
	}
	return ""
}

func taxes(all []event.Tax) int64 {
	var sum int64
	for _, tax := range all {
		sum += tax.Amount.Minor
	}
	return sum
}
