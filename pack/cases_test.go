package pack

import (
	"context"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
)

func TestRunCases(t *testing.T) {
	token := string(Token(TestTokenKey(), "person", "Ann"))
	line := func(id, no, rest string) string {
		return `{"specversion":"1.0","id":"` + id + `","source":"depot/shop-9","type":"retail.stock_adjusted.v1","subject":"` + no + `·1",` + rest
	}
	event := line("d1", "5", `"time":"2026-11-01T09:00:00Z","tz":"+01:00","businessdate":"2026-11-01","datacontenttype":"application/json","data":{"adjustment":"5","author":"`+token+`","bucket":"SELLABLE","item":"A","line":"1","location":"L","quantity":"1","reason":"FOUND"}}`)
	const hook = "# A comment.\nheader X-Topic: stock\nheader X-Delivery: d1\ninstance: shop-9\nzone: Europe/Berlin\n\n"
	for _, c := range []struct{ name, text, want string }{
		{"an event", hook + `{"no":5,"item":"A","place":"L","qty":1,"time":"2026-11-01T10:00:00","picker":"Ann"}`, "delivery: d1\n" + event + "\nsubject: " + token + "\n"},
		{"a refusal", hook + `{"test":true}`, "delivery: d1\nV-TRN-01: stock.jq: a test move\n"},
		{"ignored", hook + `{"qty":"0"}`, "delivery: d1\nignored: nothing moved\n"},
		{"a topic that is ignored", "header x-topic: ping\n\n", "ignored: a ping says nothing\n"},
		{"a broken payload", "topic: stock/hook\n\n{", "H-SYNTAX: byte 1: a member's name is expected\n"},
		{"without a first part", `{"kind":"none"}`, "H-TOPIC: depot: no topic of the pack fits the payload\n"},
		{"an option that there is not", "option mode: fast\n\n{}", "H-CONFIG: depot: the pack has no option \"mode\"\n"},
		{"a file of records", "file: stock-1.csv\n\nno;item;place;qty;time\n1;A;L;0;\n2\n", "ignored: nothing moved\nH-SYNTAX: byte 32: this row has 1 fields; there are 5 columns\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, expected := range []string{c.want, c.want + "more\n"} {
				p := testPack(t, map[string]string{"cases/a.txt": c.text + caseRule + expected})
				results, err := p.RunCases(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				r := results[0]
				if r.Got != c.want || r.Passed() != (expected == c.want) {
					t.Errorf("passed %v: got\n%swant\n%s", r.Passed(), r.Got, c.want)
				}
				if want := strings.Count(c.want, "specversion"); len(r.Made) != want || r.Topic == "" && want > 0 {
					t.Errorf("got %d events of %q, want %d", len(r.Made), r.Topic, want)
				}
				if string(r.Updated) != c.text+caseRule+c.want {
					t.Errorf("got the updated file\n%s", r.Updated)
				}
			}
		})
	}
}

func TestRunCasesInOrder(t *testing.T) {
	p := testPack(t, map[string]string{"cases/b.txt": "{}" + caseRule, "cases/a.txt": "{}" + caseRule, "cases/note.md": "x"})
	results, err := p.RunCases(t.Context())
	if err != nil || len(results) != 2 || results[0].File != "cases/a.txt" || results[1].File != "cases/b.txt" {
		t.Errorf("got %+v, %v, want a and b", results, err)
	}
}

func TestRunCasesRefused(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no rule", "{}", "a line of ten dashes"},
		{"no empty line", "topic: stock/hook\n{}" + caseRule, "an empty line"},
		{"no such zone", "zone: Mars/Base\n\n{}" + caseRule, "there is no zone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := testPack(t, map[string]string{"cases/a.txt": c.text})
			_, err := p.RunCases(t.Context())
			if f := fault.As(err); !fault.HasCode(err, fault.BadPack) || f.Subject != "cases/a.txt" || !strings.Contains(f.Detail, c.want) {
				t.Errorf("got %v, want %s of cases/a.txt", err, fault.BadPack)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if results, err := testPack(t, map[string]string{"cases/a.txt": "{}" + caseRule}).RunCases(ctx); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %+v, %v, want nothing known after the caller left", results, err)
	}
	if _, err := testPack(t, nil).RunCases(t.Context()); !fault.HasCode(err, fault.BadPack) {
		t.Errorf("got %v, want %s for a pack without cases", err, fault.BadPack)
	}
}

func FuzzCase(f *testing.F) {
	for _, seed := range []string{"topic: a\n\n{}", "# x\n", "zone: UTC\nfile: a\nheader B: c\n\nx", "{}", "header : \n\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		in, err := readCase("cases/a.txt", text)
		switch {
		case err != nil && !fault.HasCode(err, fault.BadPack):
			t.Fatalf("refused with %v", err)
		case err == nil && !strings.HasSuffix(text, string(in.Body)):
			t.Fatalf("got the payload %q, want the end of %q", in.Body, text)
		}
	})
}
