package packs

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store/sqlite"
)

// The days of a real shop go through the csv pack into stock and books. Everything that the
// map says of them stands in these options and in the reference rows of newShop; the sums that
// they have to come to are made by reckon, which reads the files itself.

// shopMap is what the source of the days chose of the pack's options.
func shopMap() map[string]string {
	return map[string]string{
		"columns":         "invoice=InvoiceNo, item=StockCode, quantity=Quantity, time=InvoiceDate, price=UnitPrice, customer=CustomerID",
		"currency":        "GBP",
		"location":        "WEB",
		"tender":          "ACCOUNT",
		"disposition":     "RESTOCK",
		"unpriced_reason": "NO PRICE",
		"not_sold":        "AMAZONFEE, BANK CHARGES, S",
	}
}

// services are the stock codes that are sold and never in stock: postage, carriage, manual
// postings, discounts and gift vouchers.
var services = []string{"POST", "DOT", "C2", "M", "m", "D", "gift_0001_30", "gift_0001_50"}

// notSold are the codes of money between the shop and others.
var notSold = []string{"AMAZONFEE", "BANK CHARGES", "S"}

// shopDay is one file of the dataset.
type shopDay struct {
	name string
	body []byte
}

// shopDays reads the files that patterns name, in the order of days.
func shopDays(t *testing.T, patterns ...string) []shopDay {
	t.Helper()
	var files []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join(samplesOf(t, "dataset-online-retail"), pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no files: %v", err)
		}
		files = append(files, found...)
	}
	days := make([]shopDay, len(files))
	for i, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		days[i] = shopDay{filepath.Base(file), body}
	}
	return days
}

// shopRow is a row as reckon reads it.
type shopRow struct {
	invoice, item string
	quantity      int64
	price         int64 // in pence
	customer      bool
}

// rows reads a day with another reader than the pack's.
func (d shopDay) rows(t *testing.T) []shopRow {
	t.Helper()
	table, err := csv.NewReader(strings.NewReader(string(d.body))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]shopRow, 0, len(table)-1)
	for _, cells := range table[1:] {
		quantity, err := strconv.ParseInt(cells[3], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		pounds, pence, _ := strings.Cut(cells[5], ".")
		price, err := strconv.ParseInt(pounds+(pence + "00")[:2], 10, 64)
		if err != nil || len(pence) > 2 {
			t.Fatalf("%s: %v", cells[5], err)
		}
		rows = append(rows, shopRow{cells[0], cells[1], quantity, price, cells[6] != ""})
	}
	return rows
}

// reckoning is what the days have to come to.
type reckoning struct {
	rows, refused int
	pieces        map[string]int64 // by item, what lies there afterwards
	// In pence, credits below zero.
	sold, returned, paid, stockValue int64
}

// costs gives each item of the days a list cost in whole pence: two fifths of its lowest price.
func costs(t *testing.T, days []shopDay) map[string]int64 {
	t.Helper()
	lowest := map[string]int64{}
	for _, d := range days {
		for _, r := range d.rows(t) {
			if p, seen := lowest[r.item]; r.price > 0 && (!seen || p == 0 || r.price < p) || !seen {
				lowest[r.item] = r.price
			}
		}
	}
	for item, price := range lowest {
		lowest[item] = price * 2 / 5
	}
	return lowest
}

// reckon adds the days up.
func reckon(t *testing.T, days []shopDay, cost map[string]int64) reckoning {
	t.Helper()
	sum := reckoning{pieces: map[string]int64{}}
	for _, d := range days {
		for _, r := range d.rows(t) {
			sum.rows++
			if slices.Contains(notSold, r.item) {
				sum.refused++
				continue
			}
			amount := r.quantity * r.price
			switch {
			case amount > 0:
				sum.sold -= amount
			case amount < 0:
				sum.returned -= amount
			}
			sum.paid += amount
			if slices.Contains(services, r.item) {
				continue
			}
			moved := -r.quantity
			if r.price == 0 && !r.customer { // an adjustment, which is written as what it adds
				moved = r.quantity
			}
			if sum.pieces[r.item] += moved; sum.pieces[r.item] == 0 {
				delete(sum.pieces, r.item)
			}
			sum.stockValue += moved * cost[r.item]
		}
	}
	return sum
}

// shop is an installation that the days are loaded into. It knows of each fact when it
// happened, as if it had been there.
type shop struct {
	t     *testing.T
	house *sqlite.Store
	owner *flow.Owner
	books *booking.Books
	known time.Time
}

// newShop opens an installation with the master data of the days.
func newShop(t *testing.T, days []shopDay, cost map[string]int64) *shop {
	t.Helper()
	s := &shop{t: t, known: time.Date(2010, 12, 1, 0, 0, 0, 0, time.UTC)}
	var err error
	if s.house, err = sqlite.Open(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.house.Close(); err != nil {
			t.Error(err)
		}
	})
	s.owner, err = flow.Open(t.Context(), s.house.Journal(), s.house.Views(), flow.Options{Tenant: "acme", Environment: "test", Clock: func() time.Time { return s.known }})
	if err != nil {
		t.Fatal(err)
	}
	if s.books, err = booking.Open(t.Context(), s.house.Journal(), s.house.Views(), booking.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.owner.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	s.submit(shopReference(s.known, cost))
	return s
}

// shopReference is the reference data of the days, one row an item.
func shopReference(at time.Time, cost map[string]int64) []*event.Event {
	var events []*event.Event
	set := func(table event.Table, key string, row event.Row) {
		events = append(events, &event.Event{
			Header: event.Header{System: "heddle", Instance: "test", Key: retail.Key(string(table), key), Time: at},
			Data:   &event.ReferenceSet{Table: string(table), RowKey: key, Row: row, Author: "test"},
		})
	}
	set(event.TableLocations, "UK", event.Row{"entity": "LE1", "zone": "Europe/London", "kind": "STORE", "channel": "ONLINE"})
	set(event.TableLocationCodes, "csv·WEB", event.Row{"location": "UK"})
	set(event.TableTenders, "csv·ACCOUNT", event.Row{"class": "BANK_TRANSFER"})
	set(event.TableReasons, "csv·NO PRICE", event.Row{"stock": "DATA_FIX"})
	set(event.TableAccounts, "*·*", event.Row{"account": "{role}", "name": "{role}"})
	set(event.TablePolicies, "LE1·functional_currency", event.Row{"value": "GBP"})
	for _, month := range []string{"2010-12", "2011-01", "2011-02"} {
		first, err := time.Parse("2006-01", month)
		if err != nil {
			panic(err)
		}
		set(event.TablePeriods, "LE1·"+month, event.Row{"from": month + "-01", "to": first.AddDate(0, 1, -1).Format(time.DateOnly), "status": "OPEN"})
	}
	for _, item := range slices.Sorted(maps.Keys(cost)) {
		row := event.Row{"department": "D1", "class": "MERCH", "unit": "EA"}
		if slices.Contains(services, item) {
			row["kind"] = event.ItemService
		} else {
			row["cost"] = fmt.Sprintf("%d.%02d", cost[item]/100, cost[item]%100)
		}
		set(event.TableItems, item, row)
	}
	return events
}

// submit has events decided, each of them when it happened, and returns the answers.
func (s *shop) submit(events []*event.Event) []record.Answer {
	s.t.Helper()
	var answers []record.Answer
	for batch := range slices.Chunk(events, 2000) {
		subs := make([]record.Submission, len(batch))
		for i, e := range batch {
			subs[i] = record.Submission{Event: e}
			if e.Time.After(s.known) {
				s.known = e.Time
			}
		}
		decided, err := s.owner.Submit(s.t.Context(), subs)
		if err != nil {
			s.t.Fatal(err)
		}
		answers = append(answers, decided...)
	}
	return answers
}

// tally counts rows by what became of them: accepted, duplicate, conflict, a code.
type tally map[string]int

func (n tally) String() string {
	var parts []string
	for _, what := range slices.Sorted(maps.Keys(n)) {
		parts = append(parts, fmt.Sprintf("%s %d", what, n[what]))
	}
	return strings.Join(parts, ", ")
}

// load maps days and has their rows decided. Every row has exactly one fate.
func (s *shop) load(days []shopDay) tally {
	s.t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		s.t.Fatal(err)
	}
	p, fates := get(s.t, csvPack), tally{}
	for _, d := range days {
		result, err := p.Map(s.t.Context(), pack.Input{
			FileName: d.name, Body: d.body, Instance: "web", Zone: zone, Options: shopMap(), TokenKey: pack.TestTokenKey(),
		})
		if err != nil {
			s.t.Fatal(err)
		}
		var events []*event.Event
		for _, row := range result.Records {
			switch {
			case row.Err != nil:
				fates[string(row.Err.Code)]++
			case len(row.Events) == 1:
				events = append(events, row.Events[0])
			default:
				s.t.Fatalf("%s: a row gave %d events; %s", d.name, len(row.Events), row.Ignored)
			}
		}
		for _, a := range s.submit(events) {
			fates[cmp.Or(string(a.Code), string(a.Status))]++
		}
	}
	if err := s.books.CatchUp(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	return fates
}

// wantStock compares positions, which are all sellable.
func (s *shop) wantStock(positions []stock.Position, want map[string]int64) {
	s.t.Helper()
	got := map[string]int64{}
	for _, p := range positions {
		if p.Bucket == event.Sellable && p.Quantity != 0 {
			got[string(p.Item)] = int64(p.Quantity) / 1000
		}
	}
	if !maps.Equal(got, want) {
		for item := range want {
			if got[item] != want[item] {
				s.t.Errorf("%s: got %d, want %d", item, got[item], want[item])
			}
		}
		s.t.Errorf("got %d items, want %d", len(got), len(want))
	}
}

// wantBooks compares the entries and their sums.
func (s *shop) wantBooks(want reckoning) {
	s.t.Helper()
	roles := map[ledger.Role]int64{}
	entries, _, err := s.books.Entries(s.t.Context(), booking.Filter{}, "", 0)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range entries {
		left := int64(0)
		for _, p := range e.Postings() {
			minor := p.Minor
			if p.Side == ledger.Cr {
				minor = -minor
			}
			left += minor
			roles[p.Role] += minor
		}
		if left != 0 || e.Currency() != "GBP" {
			s.t.Errorf("the entry %s is %d %s off", e.ID(), left, e.Currency())
		}
	}
	for _, c := range []struct {
		role ledger.Role
		want int64
	}{
		{ledger.SalesRevenue, want.sold},
		{ledger.SalesReturns, want.returned},
		{ledger.TenderClearing, want.paid},
		{ledger.Inventory, want.stockValue},
	} {
		if roles[c.role] != c.want {
			s.t.Errorf("%s: got %s, want %s", c.role, money.Of(roles[c.role], "GBP"), money.Of(c.want, "GBP"))
		}
	}
	parked, err := s.books.Waiting(s.t.Context(), 10)
	if err != nil || len(parked) > 0 {
		s.t.Errorf("these wait: %+v, %v", parked, err)
	}
}

// TestOnlineRetail loads days of the dataset, each by itself, and loads them again.
func TestOnlineRetail(t *testing.T) {
	testOnlineRetail(t, shopDays(t, "2010-12-19.csv", "2011-02-22.csv"))
}

func testOnlineRetail(t *testing.T, days []shopDay) *shop {
	t.Helper()
	cost := costs(t, days)
	s := newShop(t, days, cost)
	started := time.Now()
	first := s.load(days[:1])
	known := s.known
	fates := s.load(days[1:])
	took := time.Since(started)
	for what, n := range first {
		fates[what] += n
	}

	want := reckon(t, days, cost)
	if got := (tally{"accepted": want.rows - want.refused, "H-TOPIC": want.refused}); !maps.Equal(fates, got) {
		t.Errorf("got %s, want %s of %d rows", fates, got, want.rows)
	}
	t.Logf("%d rows, %d a second", want.rows, int64(want.rows)*int64(time.Second)/int64(took))
	positions, _, err := s.owner.Positions(t.Context(), "", "UK")
	if err != nil {
		t.Fatal(err)
	}
	s.wantStock(positions, want.pieces)
	s.wantBooks(want)

	// What was known when the first day was over is what the first day brought.
	positions, err = s.owner.AsOf(t.Context(), "", "UK", stock.Instant{Known: known})
	if err != nil {
		t.Fatal(err)
	}
	s.wantStock(positions, reckon(t, days[:1], cost).pieces)

	s.wantNothingNew(days, want)
	s.wantOneConflict(days[len(days)-1])
	return s
}

// wantNothingNew loads the days again: each row is known, and nothing changes.
func (s *shop) wantNothingNew(days []shopDay, want reckoning) {
	s.t.Helper()
	tail, err := s.owner.Tail(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	if got := s.load(days); !maps.Equal(got, tally{"duplicate": want.rows - want.refused, "H-TOPIC": want.refused}) {
		s.t.Errorf("again: got %s", got)
	}
	again, err := s.owner.Tail(s.t.Context())
	if err != nil || again != tail {
		s.t.Errorf("the journal grew from %+v to %+v, %v", tail, again, err)
	}
	s.wantBooks(want)
}

// wantOneConflict loads a day of which one row says another quantity.
func (s *shop) wantOneConflict(day shopDay) {
	s.t.Helper()
	lines := strings.SplitAfter(string(day.body), "\n")
	cells := strings.Split(lines[7], ",")
	if len(cells) != 8 {
		s.t.Fatalf("row 7 of %s has a comma in a text", day.name)
	}
	cells[3] += "0"
	lines[7] = strings.Join(cells, ",")
	got := s.load([]shopDay{{day.name, []byte(strings.Join(lines, ""))}})
	if got["V-DUP-02"] != 1 || got["accepted"] != 0 {
		s.t.Errorf("a changed row: got %s, want one V-DUP-02", got)
	}
}
