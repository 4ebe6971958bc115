package pack

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
)

const formatManifest = `
name: dock
system: dock
title: Files of a warehouse
versions: ["1"]
options: [{name: encoding, title: The encoding of its files, is: [windows-1252, shift_jis]}]
topics:
  - name: shipped
    status: described
    when: [{sets: ["945"]}]
    format: x12
    guide: 945.guide
    mapping: shipped.jq
    version: none
    delivery: {interchange: true}
  - name: received
    status: described
    when: [{sets: ["944"]}]
    format: x12
    guide: 944.guide
    mapping: received.jq
    version: none
    delivery: {interchange: true}
  - name: orders
    when: [{sets: ["850", "997"]}]
    ignore: orders are made here
  - name: report
    status: described
    when: [{file: "*.tsv"}]
    format: tsv
    ragged: pad
    mapping: row.jq
    version: none
  - name: list
    status: described
    when: [{file: "*.lst"}]
    format: csv
    quote: none
    delimiter: ";"
    columns: [name, note]
    encoding: windows-1252
    mapping: row.jq
    version: none
  - name: bank
    status: described
    when: [{file: "*.bai"}]
    format: bai2
    mapping: bank.jq
    version: none
`

func formatPack(t testing.TB) *Pack {
	return testPack(t, map[string]string{
		"pack.yaml": formatManifest, "945.guide": "W06 once\nLX\n  W12\n", "944.guide": "W17 once\nW07\n",
		"shipped.jq":  `ignore("shipped \(.W06.W0602) of \($envelope.ISA.ISA06): \([.LX[].W12[].W1203] | join("+"))")`,
		"received.jq": `ignore("received \(.W17.W1703)")`,
		"row.jq":      `ignore("\(.name), \(.note)")`,
		"bank.jq":     `ignore("\(.code) of \($envelope.account.account // .account)")`,
	})
}

const formatX12 = "ISA*00*          *00*          *ZZ*WAREHOUSE      *01*RETAILER       *261123*0905*U*00401*000000017*0*P*:~" +
	"GS*PO*W*R*20261123*0905*1*X*004010~ST*850*0001~SE*3*0001~GE*1*1~" +
	"GS*SW*W*R*20261123*0905*2*X*004010~ST*945*0001~W06*N*S1~LX*1~W12*CC*5*4~W12*CC*2*2~SE*6*0001~ST*945*0002~W06*N*S2~SE*9*0002~GE*2*2~" +
	"GS*RE*W*R*20261123*0905*3*X*004010~ST*944*0001~W17*F*20261123*R1~SE*3*0001~ST*856*0002~SE*2*0002~GE*2*3~IEA*3*000000017~"

// TestMapFormats maps payloads whose records say what became of them.
func TestMapFormats(t *testing.T) {
	p := formatPack(t)
	for _, c := range []struct {
		name, file, body string
		options          map[string]string
		topic, delivery  string
		want             []string
	}{
		{name: "transaction sets of several topics", body: formatX12, topic: "shipped", delivery: "ZZ·WAREHOUSE·01·RETAILER·000000017",
			want: []string{"orders are made here", "shipped S1 of WAREHOUSE: 4+2", "H-SYNTAX", "received R1", "H-TOPIC"}},
		{name: "two interchanges have no common identity", body: formatX12 + "\n" + strings.ReplaceAll(formatX12, "000000017", "000000018"), topic: "shipped", delivery: "sha256-",
			want: []string{"orders are made here", "shipped S1 of WAREHOUSE: 4+2", "H-SYNTAX", "received R1", "H-TOPIC",
				"orders are made here", "shipped S1 of WAREHOUSE: 4+2", "H-SYNTAX", "received R1", "H-TOPIC"}},
		{name: "tabs", file: "a.tsv", body: "name\tnote\n5\" nail\n", topic: "report", delivery: "sha256-", want: []string{`5" nail, `}},
		{name: "no header, and another encoding", file: "a.lst", body: "Zo\xeb;\"\n", topic: "list", delivery: "sha256-", want: []string{`Zoë, "`}},
		{name: "the encoding of an installation", file: "a.tsv", body: "name\tnote\n\x93\xfa\x96\x7b\t1\n", options: map[string]string{"encoding": "shift_jis"},
			topic: "report", delivery: "sha256-", want: []string{"日本, 1"}},
		{name: "a bank report", file: "a.bai", topic: "bank", delivery: "sha256-",
			body: "01,B,R,261123,0600,1,,,2/\n02,R,B,1,261122,,,/\n03,77,,010,5,,/\n16,142,5,Z/\n49,10,3/\n98,10,1,5/\n99,10,1,7/\n", want: []string{"03 of 77", "16 of 77"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := Input{FileName: c.file, Body: []byte(c.body), Instance: "one", Zone: time.UTC, Options: c.options, TokenKey: []byte("key")}
			result, err := p.Map(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, o := range result.Records {
				if o.Err != nil {
					got = append(got, string(o.Err.Code))
				} else {
					got = append(got, o.Ignored)
				}
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") || result.Topic != c.topic || !strings.HasPrefix(result.DeliveryID, c.delivery) {
				t.Errorf("got %q of %s as %s, want %q of %s as %s", got, result.Topic, result.DeliveryID, c.want, c.topic, c.delivery)
			}
		})
	}
}

func TestMapFormatsRefused(t *testing.T) {
	for _, c := range []struct {
		name, body string
		code       fault.Code
	}{
		{"a broken interchange", "ISA*00*", fault.BadSyntax},
		{"sets that nobody knows", strings.NewReplacer("*850*", "*860*", "*945*", "*861*", "*944*", "*862*").Replace(formatX12), fault.UnknownTopic},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := formatPack(t).Map(context.Background(), Input{Body: []byte(c.body), TokenKey: []byte("key")})
			if !fault.HasCode(err, c.code) {
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
}

func TestFilesThatAreCut(t *testing.T) {
	p := formatPack(t)
	for _, c := range []struct {
		file, body string
		want       bool
	}{
		{"a.tsv", "name\n1\n", true},
		{"a.lst", "1;2\n", false},
		{"a.tsv", "\xff\xfea\x00\n\x00", false},
		{"a.bai", "01,\n", false},
	} {
		if got := p.CutByRows(context.Background(), Input{FileName: c.file, Body: []byte(c.body)}); got != c.want {
			t.Errorf("%s %q: got %v, want %v", c.file, c.body, got, c.want)
		}
	}
}
