package packs

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/pack"
)

// people are what the cases tell of persons: names, addresses, phones, emails, cards.
func people() []string {
	return []string{"Ann", "Cass Clerk", "Loom Street", "02139", "555 0100", "example.com", "192.0.2.7", "4242", "4111", "6006490000000000", "ring twice", "too small", "cus_7", "Thanks"}
}

// The cases tell of persons wherever their systems do. Nothing of it is in what comes of them.
func TestCasesTellNobody(t *testing.T) {
	told := map[string]bool{}
	for _, p := range builtin(t).All() {
		results, err := p.RunCases(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			for _, person := range people() {
				before, _, _ := strings.Cut(string(r.Updated), "\n----------\n")
				told[person] = told[person] || strings.Contains(before, person)
				if strings.Contains(r.Got, person) {
					t.Errorf("%s/%s tells %q:\n%s", p.Name, r.File, person, r.Got)
				}
			}
		}
	}
	for _, person := range people() {
		if !told[person] {
			t.Errorf("no case tells %q: the test proves nothing for it", person)
		}
	}
}

// someone stands in for any value that a sender could put anywhere.
const someone = "Ann Example 4111111111111111"

// leaf is a value of a payload: where it stands, and the payload with someone in its place.
type leaf struct {
	place   string
	payload []byte
}

// Any value of a payload can be replaced by personal data; what can then be seen in the events
// are the places listed here: identifiers and codes that belong to systems, and nothing that a
// person writes or is called by. A place that joins the list has to be argued for.
func TestOnlyCodesPass(t *testing.T) {
	for _, c := range privacyCases() {
		t.Run(c.pack+"/"+c.file, func(t *testing.T) {
			p := get(t, c.pack)
			passed := map[string]bool{}
			for _, l := range c.leaves(t, payloadOf(t, c.pack, c.file)) {
				result, err := p.Map(t.Context(), pack.Input{
					Topic: c.topic, FileName: c.name, Body: l.payload, Instance: "test", Zone: time.UTC, TokenKey: pack.TestTokenKey(),
					Options: options(c.pack),
				})
				told := string(result.AppendLines(nil))
				if err != nil {
					told += err.Error()
				}
				for _, outcome := range result.Records {
					told += outcome.Ignored
					if outcome.Err != nil && strings.Contains(outcome.Err.Error(), "Ann") {
						t.Errorf("%s: the fault tells the value: %v", l.place, outcome.Err)
					}
				}
				// Processors are compared in lower case.
				if strings.Contains(strings.ToLower(told), strings.ToLower(someone)) {
					passed[l.place] = true
				}
			}
			var got []string
			for place := range passed {
				got = append(got, place)
			}
			slices.Sort(got)
			if strings.Join(got, " ") != c.want {
				t.Errorf("these places pass:\n%s\nwant\n%s", strings.Join(got, " "), c.want)
			}
		})
	}
}

func options(name string) map[string]string {
	switch name {
	case csvPack:
		return map[string]string{"currency": "USD", "location": "S1", "tender": "CARD"}
	case square:
		return map[string]string{"location": "LOC1"}
	case amazon:
		return map[string]string{"merchant_location": "WH1", "currency": "USD"}
	case x12:
		return map[string]string{"currency": "USD", "allocations": "told"}
	}
	return nil
}

// payloadOf returns what stands between the first empty line and the rule of a case.
func payloadOf(t testing.TB, name, file string) []byte {
	t.Helper()
	text, err := fs.ReadFile(folders, name+"/cases/"+file)
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := bytes.Cut(text, []byte("\n----------\n"))
	_, payload, _ := bytes.Cut(before, []byte("\n\n"))
	return payload
}

func jsonLeaves(t testing.TB, payload []byte) []leaf {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	var leaves []leaf
	give := func(place string) {
		text, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, leaf{place, text})
	}
	var walk func(place string, value any, set func(any))
	walk = func(place string, value any, set func(any)) {
		switch v := value.(type) {
		case map[string]any:
			for name, inner := range v {
				walk(strings.TrimPrefix(place+"."+name, "."), inner, func(x any) { v[name] = x })
			}
		case []any:
			for i, inner := range v {
				walk(place, inner, func(x any) { v[i] = x })
			}
		default:
			set(someone)
			give(place)
			set(value)
		}
	}
	walk("", tree, func(x any) { tree = x })
	return leaves
}

func csvLeaves(t testing.TB, payload []byte) []leaf { return rowLeaves(t, payload, ',') }

func tsvLeaves(t testing.TB, payload []byte) []leaf { return rowLeaves(t, payload, '\t') }

func rowLeaves(t testing.TB, payload []byte, comma rune) []leaf {
	t.Helper()
	reader := csv.NewReader(bytes.NewReader(payload))
	reader.Comma, reader.FieldsPerRecord = comma, -1
	var rows [][]string
	for range 2 {
		row, err := reader.Read()
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	var leaves []leaf
	for i := range rows[1] {
		row := slices.Clone(rows[1])
		row[i] = someone
		var text bytes.Buffer
		writer := csv.NewWriter(&text)
		writer.Comma = comma
		if err := writer.WriteAll([][]string{rows[0], row}); err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, leaf{rows[0][i], text.Bytes()})
	}
	return leaves
}

// xmlLeaves replaces each text and each attribute in turn. A place is the path below the
// record's parent.
func xmlLeaves(t testing.TB, payload []byte) []leaf {
	t.Helper()
	var leaves []leaf
	for n := 0; ; n++ {
		place, text := replaced(t, payload, n)
		if place == "" {
			return leaves
		}
		leaves = append(leaves, leaf{place, text})
	}
}

// replaced writes the document with someone in the place of the nth value; an empty place
// means that there is none.
func replaced(t testing.TB, payload []byte, n int) (place string, text []byte) {
	t.Helper()
	var out bytes.Buffer
	encoder := xml.NewEncoder(&out)
	decoder := xml.NewDecoder(bytes.NewReader(payload))
	var path []string
	count := 0
	take := func(at string) bool {
		if count++; count-1 == n {
			place = at
			return true
		}
		return false
	}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch v := token.(type) {
		case xml.StartElement:
			path = append(path, v.Name.Local)
			v.Name.Space = ""
			var kept []xml.Attr
			for _, attr := range v.Attr {
				if attr.Name.Space == "xmlns" || attr.Name.Local == "xmlns" {
					continue
				}
				attr.Name.Space = ""
				if take(below(path) + "@" + attr.Name.Local) {
					attr.Value = someone
				}
				kept = append(kept, attr)
			}
			v.Attr = kept
			token = v
		case xml.EndElement:
			path = path[:len(path)-1]
			v.Name.Space = ""
			token = v
		case xml.CharData:
			if len(bytes.TrimSpace(v)) > 0 && take(below(path)) {
				token = xml.CharData(someone)
			}
		case xml.ProcInst:
			continue
		}
		if err := encoder.EncodeToken(token); err != nil {
			t.Fatal(err)
		}
	}
	if err := encoder.Flush(); err != nil {
		t.Fatal(err)
	}
	return place, out.Bytes()
}

// below is a path without what surrounds every record.
func below(path []string) string {
	for _, around := range [][]string{{"POSLog", "Transaction", "RetailTransaction"}, {"POSLog", "Transaction"}, {"Document", "BkToCstmrStmt", "Stmt"}} {
		if len(path) > len(around) && slices.Equal(path[:len(around)], around) {
			return strings.Join(path[len(around):], "/")
		}
	}
	return strings.Join(path, "/")
}
