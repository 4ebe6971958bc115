package api_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/reference"
)

// TestTablesDescribeThemselves lists the tables with their keys and columns.
func TestTablesDescribeThemselves(t *testing.T) {
	h := newHouse(t)
	for _, table := range decoded[api.Tables](h.get("/v1/reference").is(200)).Tables {
		if table.Table == "item_units" {
			if table.Key != "item·unit" || len(table.Columns) != 2 || !table.Columns[0].Required || table.Columns[0].Form != "whole" {
				t.Errorf("got %+v", table)
			}
			return
		}
	}
	t.Error("item_units is not listed")
}

func rowPath(table, key string) string { return "/v1/reference/" + table + "/" + url.PathEscape(key) }

// TestARowThroughTime changes a row three times, and reads what holds on a day, who set it,
// and what was known at an instant.
func TestARowThroughTime(t *testing.T) {
	h := newHouse(t)
	path := rowPath("item_codes", "gtin·0036000291452")
	h.get(path).problem(404, fault.NoSuchThing)
	put := func(body string) answer { return h.do(call{as: "oms", method: "PUT", path: path, body: body}).is(200) }
	put(`{"row":{"item":"A"}}`)
	known := h.now
	h.now = h.now.Add(time.Hour)
	put(`{"row":{"item":"B"}}`)
	put(`{"effective_from":"2026-08-01","row":{"item":"C"}}`)
	put(`{"effective_from":"2026-09-01","row":{}}`)
	for _, c := range []struct{ query, item string }{
		{"", "B"}, {"?on=2026-08-01", "C"}, {"?on=2026-07-31", "B"}, {"?on=2026-09-02", ""},
		{"?as_of=" + known.Format(time.RFC3339), "A"}, {"?on=2026-08-01&as_of=" + known.Format(time.RFC3339), "A"},
	} {
		got := decoded[api.RowHistory](h.get(path + c.query).is(200))
		if got.Key != "gtin·00036000291452" || got.Row["item"] != c.item {
			t.Errorf("%q: got %s %v, want %s", c.query, got.Key, got.Row, c.item)
		}
	}
	got := decoded[api.RowHistory](h.get(path).is(200))
	if len(got.Versions) != 3 || len(got.Changes) != 4 || got.Changes[0].Author != "oms" || got.Changes[1].Version != 1 {
		t.Errorf("got %+v", got)
	}
	rows := decoded[api.TableRows](h.get("/v1/reference/item_codes?on=2026-08-15").is(200)).Rows
	if len(rows) != 1 || rows[0].Row["item"] != "C" {
		t.Errorf("got %+v", rows)
	}
	if rows := decoded[api.TableRows](h.get("/v1/reference/item_codes?on=2026-09-15").is(200)).Rows; len(rows) != 0 {
		t.Errorf("ended: got %+v", rows)
	}
}

// TestEditsMeet refuses a change that was made for what the row no longer says.
// reproduces: H-CHANGED
func TestEditsMeet(t *testing.T) {
	h := newHouse(t)
	path := rowPath("items", "A/1")
	put := func(class, header, tag string) answer {
		return h.do(call{as: "oms", method: "PUT", path: path, body: fmt.Sprintf(`{"row":{"class":%q}}`, class), header: map[string]string{header: tag}})
	}
	put("X", "If-Match", "*").problem(412, fault.Superseded)
	first := put("X", "If-None-Match", "*").is(200).header.Get("ETag")
	put("Y", "If-None-Match", "*").problem(412, fault.Superseded)
	if got := h.get(path).header.Get("ETag"); got != first || got == "" {
		t.Errorf("got %s, want %s", got, first)
	}
	second := put("Y", "If-Match", first).is(200).header.Get("ETag")
	put("Z", "If-Match", first).problem(412, fault.Superseded)
	if second == first {
		t.Error("the tag did not change with the row")
	}
	put("Z", "If-Match", second).is(200)
	put("Z", "If-Match", "*").is(200)
	h.do(call{as: "oms", method: "PUT", path: rowPath("colours", "A"), body: `{"row":{}}`}).problem(404, fault.NoSuchThing)
	h.do(call{as: "oms", method: "PUT", path: rowPath("item_codes", "gtin·036000291453"), body: `{"row":{"item":"A"}}`}).problem(400, fault.SchemaInvalid)
}

// TestLoads loads a table with its control totals: what it changes is told first, done then,
// and nothing the second time.
func TestLoads(t *testing.T) {
	h := newHouse(t)
	load := func(query, control string) api.Loaded {
		return decoded[api.Loaded](h.post("/v1/reference/item_units"+query, `{"rows":[
			{"key":"A·CS","row":{"num":"12"}},{"key":"A·PF","row":{"num":"none"}},{"key":"B·CS","row":{"num":"6","den":"1"}},
			{"key":"B·CS","row":{"num":"7"}},{"key":"C·CS","row":{}}]`+control+`}`).is(200))
	}
	count := func(l api.Loaded) [5]int { return [5]int{l.New, l.Changed, l.Ended, l.Unchanged, l.Refused} }
	if got := load("?dry_run=true", ""); count(got) != [5]int{2, 0, 0, 1, 2} {
		t.Errorf("dry run: got %+v", got)
	}
	h.get(rowPath("item_units", "A·CS")).problem(404, fault.NoSuchThing)
	got := load("", `,"control":{"rows":5}`)
	if count(got) != [5]int{2, 0, 0, 1, 2} || got.Results[0].Change != reference.New || got.Results[1].Answer.Code != fault.SchemaInvalid {
		t.Errorf("got %+v", got)
	}
	if got := load("", ""); count(got) != [5]int{0, 0, 0, 3, 2} {
		t.Errorf("again: got %+v", got)
	}
	for _, control := range []string{`{"rows":2}`, `{"totals":{"num":"19"}}`} {
		h.post("/v1/reference/item_units", `{"rows":[{"key":"D·CS","row":{"num":"12"}}],"control":`+control+`}`).problem(400, fault.ControlTotal)
	}
	h.get(rowPath("item_units", "D·CS")).problem(404, fault.NoSuchThing)
	changed := decoded[api.Loaded](h.post("/v1/reference/item_units", `{"rows":[
		{"key":"A·CS","effective_from":"2026-08-01","row":{"num":"24"}},{"key":"B·CS","effective_from":"2026-08-01","row":{}},
		{"key":"A·CS","effective_from":"2026-07-15","row":{"num":"12"}}]}`).is(200))
	if count(changed) != [5]int{0, 1, 1, 1, 0} || changed.Results[0].Before["num"] != "12" {
		t.Errorf("got %+v", changed)
	}
	nameless := `{"rows":[{"key":"D·CS","row":{"num":"12"}},{"key":"","row":{"num":"12"}},{"key":"·CS","row":{"num":"12"}}],"control":{"rows":3}}`
	if got := decoded[api.Loaded](h.post("/v1/reference/item_units", nameless).is(200)); count(got) != [5]int{1, 0, 0, 0, 2} || got.Results[1].Answer.Code != fault.SchemaInvalid {
		t.Errorf("without a key: got %+v", got)
	}
	h.post("/v1/reference/colours", `{"rows":[]}`).problem(404, fault.NoSuchThing)
}
