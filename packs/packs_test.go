package packs

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/pack"
)

var update = flag.Bool("update", false, "write what came into the cases")

// compiled is the built-in packs, read once for all tests.
var compiled = sync.OnceValues(Builtin)

func builtin(t testing.TB) *pack.Set {
	t.Helper()
	set, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func get(t testing.TB, name string) *pack.Pack {
	t.Helper()
	p, err := builtin(t).Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Every case of every pack gives what it says. go test ./packs -update writes what came.
func TestCases(t *testing.T) {
	for _, p := range builtin(t).All() {
		results, err := p.RunCases(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			t.Run(p.Name+"/"+filepath.Base(r.File), func(t *testing.T) {
				if r.Passed() {
					return
				}
				if *update {
					if err := os.WriteFile(filepath.Join(p.Name, r.File), r.Updated, 0o600); err != nil {
						t.Fatal(err)
					}
					return
				}
				t.Errorf("got\n%s\nwant\n%s", r.Got, r.Want)
			})
		}
	}
}

// Each topic that maps has a case that gives an event, so that no mapping goes untried.
func TestEveryTopicHasACase(t *testing.T) {
	for _, p := range builtin(t).All() {
		results, err := p.RunCases(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		mapped := map[string]bool{}
		for _, r := range results {
			mapped[r.Topic] = mapped[r.Topic] || len(r.Made) > 0
		}
		for _, topic := range p.Topics {
			if topic.Ignored == "" && topic.Follow == nil && !mapped[topic.Name] {
				t.Errorf("%s: no case of the topic %s gives an event", p.Name, topic.Name)
			}
		}
	}
}

func TestBuiltinIsComplete(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	set := builtin(t)
	for _, entry := range entries {
		if !entry.IsDir() || entry.Name() == "testdata" {
			continue
		}
		if p, err := set.Get(entry.Name()); err != nil || p.Name != entry.Name() {
			t.Errorf("the folder %s is no built-in pack: %v", entry.Name(), err)
		}
	}
	if _, err := set.Get("none"); !fault.HasCode(err, fault.UnknownPack) {
		t.Errorf("got %v, want %s", err, fault.UnknownPack)
	}
}

// What surrounds the lines of a till transaction.
const (
	tillHead = `<POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/"><Transaction><BusinessUnit><UnitID>200</UnitID></BusinessUnit><WorkstationID>T1</WorkstationID>`
	tillBody = `<OperatorID>42</OperatorID><CurrencyCode>USD</CurrencyCode><RetailTransaction>`
	tillTail = `</RetailTransaction></Transaction></POSLog>`
)

// A transaction may have a thousand lines, with a tax that has to be split over them.
func TestALongTransaction(t *testing.T) {
	const count = 1000
	var lines strings.Builder
	for i := range count {
		fmt.Fprintf(&lines, "<LineItem><SequenceNumber>%d</SequenceNumber><Sale><ItemID>I</ItemID><ExtendedAmount>1.00</ExtendedAmount><Quantity>1</Quantity></Sale></LineItem>", i)
	}
	body := tillHead + "<SequenceNumber>1</SequenceNumber><EndDateTime>2026-06-03T12:00:00</EndDateTime>" + tillBody + lines.String() +
		`<LineItem><SequenceNumber>9999</SequenceNumber><Tax TaxID="1"><Amount>82.55</Amount></Tax></LineItem>
		<LineItem><SequenceNumber>9998</SequenceNumber><Tender><Amount>1082.55</Amount></Tender></LineItem><Total TotalType="TransactionGrandAmount">1082.55</Total>` + tillTail
	result, err := get(t, poslog).Map(t.Context(), pack.Input{Body: []byte(body), Instance: "test", Zone: time.UTC, TokenKey: pack.TestTokenKey()})
	if err != nil || result.Records[0].Err != nil {
		t.Fatalf("got %v, %v, want an event", err, result.Records[0].Err)
	}
	sale := result.Records[0].Events[0].Data.(*event.Sale)
	if d := unbalanced(sale); len(sale.Lines) != count || d != "" {
		t.Errorf("got %d lines; %s", len(sale.Lines), d)
	}
}
