package wire

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/internal/texttable"
)

var update = flag.Bool("update", false, "write what the text tables expect")

// printRecords writes records as a person reads them.
func printRecords(t *testing.T, d *Document) string {
	t.Helper()
	var b strings.Builder
	envelope := ""
	for r := range d.Records() {
		if e := show(t, r.Envelope); e != envelope {
			envelope = e
			fmt.Fprintf(&b, "in %s\n", e)
		}
		fmt.Fprintf(&b, "%d %s at %d to %d\n", r.Number, r.Kind, r.Start, r.End)
		if r.Err != nil {
			fmt.Fprintf(&b, "  %v\n", r.Err)
			continue
		}
		tree, err := json.MarshalIndent(r.Tree, "  ", "  ")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "  %s\n", compact(string(tree)))
	}
	return b.String()
}

// compact joins the objects that hold only texts into one line each.
func compact(text string) string {
	lines := strings.Split(text, "\n")
	var out []string
	for i := 0; i < len(lines); i++ {
		end := i + 1
		for end < len(lines) && strings.HasSuffix(strings.TrimSuffix(lines[end], ","), `"`) {
			end++
		}
		first, joined := strings.TrimSpace(lines[i]), end < len(lines) && end > i+1
		if !joined || !strings.HasSuffix(first, "{") && !strings.HasSuffix(first, "[") || strings.Trim(strings.TrimSpace(lines[end]), "]},") != "" {
			out = append(out, lines[i])
			continue
		}
		line := lines[i]
		for _, member := range lines[i+1 : end] {
			line += strings.TrimSpace(member) + " "
		}
		out = append(out, strings.TrimSuffix(line, " ")+strings.TrimSpace(lines[end]))
		i = end
	}
	return strings.Join(out, "\n")
}

// testGuides are the guides of the tests.
func testGuides(t testing.TB) []*Guide {
	t.Helper()
	files, err := filepath.Glob("testdata/guides/*.guide")
	if err != nil || len(files) == 0 {
		t.Fatal("no guides")
	}
	var guides []*Guide
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		g, err := NewGuide(strings.TrimSuffix(filepath.Base(file), ".guide"), string(text))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		guides = append(guides, g)
	}
	return guides
}

// TestX12Tables shows the trees of transaction sets.
func TestX12Tables(t *testing.T) {
	guides := testGuides(t)
	texttable.Check(t, "testdata/x12/*.txt", *update, func(t *testing.T, in string) string {
		d, err := X12([]byte(in), X12Options{Guides: guides}, Limits{})
		if err != nil {
			return err.Error() + "\n"
		}
		checkSpans(t, []byte(in), d)
		return printRecords(t, d)
	})
}

// isa is a header of full width with the delimiters of the given characters: element, component,
// terminator, and a repetition separator where the version has one.
func isa(control, delimiters string) string {
	d := strings.Split(delimiters, "")
	standard, version := "U", "00401"
	if len(d) > 3 {
		standard, version = d[3], "00501"
	}
	return strings.Join([]string{"ISA", "00", strings.Repeat(" ", 10), "00", strings.Repeat(" ", 10), "ZZ", "WAREHOUSE      ", "01", "RETAILER       ",
		"261123", "0905", standard, version, control, "0", "P", d[1]}, d[0]) + d[2]
}

// advice is a 945 with one line.
func advice(number string) string {
	return "ST*945*" + number + "~W06*N*ORDER1~LX*1~W12*CC*5*5**EA*012345678905~SE*5*" + number + "~"
}

// envelopeCase is a file of one interchange and what is found in it.
type envelopeCase struct {
	name, in string
	want     []string // "945", or the error's code and detail
	note     string
	group    string // codes of the first group
	set      string // codes of the first set
}

func envelopeCases() []envelopeCase {
	const gs, ge, iea = "GS*SW*WH*RT*20261123*0905*7*X*004010~", "GE*1*7~", "IEA*1*000000001~"
	head := isa("000000001", "*:~")
	return []envelopeCase{
		{name: "all is well", in: head + gs + advice("0001") + ge + iea, want: []string{"945"}},
		{name: "leading zeros of a control number", in: head + gs + advice("0001") + "GE*1*007~IEA*1*1~", want: []string{"945"}},
		{name: "several groups and sets", in: head + gs + advice("0001") + advice("0002") + "GE*2*7~" + gs + advice("0001") + ge + "IEA*2*000000001~",
			want: []string{"945", "945", "945"}},
		{name: "SE01 is wrong for one set", in: head + gs + strings.Replace(advice("0001"), "SE*5", "SE*6", 1) + advice("0002") + "GE*2*7~" + iea,
			want: []string{"H-SYNTAX SE01 says 6 segments; there are 5", "945"}, set: "4"},
		{name: "SE01 is no number", in: head + gs + strings.Replace(advice("0001"), "SE*5", "SE*five", 1) + ge + iea,
			want: []string{"H-SYNTAX SE01 says no number of segments; there are 5"}, set: "4"},
		{name: "SE02 is another", in: head + gs + strings.Replace(advice("0001"), "SE*5*0001", "SE*5*0002", 1) + ge + iea,
			want: []string{"H-SYNTAX SE02 is not the control number of ST02"}, set: "3"},
		{name: "SE is missing", in: head + gs + "ST*945*0001~W06*N*1~" + advice("0002") + "GE*2*7~" + iea,
			want: []string{"H-SYNTAX the transaction set ends without SE", "945"}, set: "2"},
		{name: "ST02 is missing", in: head + gs + "ST*945~SE*2~" + ge + iea, want: []string{"H-SYNTAX ST02 is missing"}, set: "7 3"},
		{name: "ST01 is missing", in: head + gs + "ST**0001~SE*2*0001~" + ge + iea, want: []string{"H-SYNTAX ST01 is missing"}, set: "6"},
		{name: "GE01 is wrong", in: head + gs + advice("0001") + "GE*2*7~" + iea, want: []string{"H-SYNTAX GE01 says 2 transaction sets; there are 1"}, group: "5"},
		{name: "GE02 is another", in: head + gs + advice("0001") + "GE*1*8~" + iea, want: []string{"H-SYNTAX GE02 is not the control number of GS06"}, group: "4"},
		{name: "GE is missing", in: head + gs + advice("0001") + iea, want: []string{"H-SYNTAX the group ends without GE"}, group: "3"},
		{name: "an empty group that is wrong", in: head + gs + "GE*1*7~" + iea, want: []string{"H-SYNTAX GE01 says 1 transaction sets; there are 0"}, group: "5"},
		{name: "IEA01 is wrong", in: head + gs + advice("0001") + ge + "IEA*2*000000001~", want: []string{"H-SYNTAX IEA01 says 2 groups; there are 1"}, note: "021"},
		{name: "IEA02 is another", in: head + gs + advice("0001") + ge + "IEA*1*000000002~", want: []string{"H-SYNTAX IEA02 is not the control number of ISA13"}, note: "001"},
		{name: "IEA is missing", in: head + gs + advice("0001") + ge, want: []string{"H-SYNTAX the interchange ends without IEA"}, note: "023"},
		{name: "nothing but a header", in: head, want: []string{"H-SYNTAX the interchange ends without IEA"}, note: "023"},
		{name: "no group", in: head + "IEA*0*000000001~"},
		{name: "a set without a group", in: head + advice("0001") + "IEA*1*000000001~",
			want: []string{"H-SYNTAX the group ends without GE"}, note: "024", group: "3"},
		{name: "a segment between sets", in: head + gs + "N1*ST~" + advice("0001") + ge + iea,
			want: []string{"H-SYNTAX a segment stands outside of all transaction sets"}, note: "024"},
		{name: "SE of nothing", in: head + gs + advice("0001") + "SE*1*1~" + ge + iea, want: []string{"H-SYNTAX SE ends no transaction set"}, note: "024"},
		{name: "GE of nothing", in: head + "GE*0*1~" + gs + advice("0001") + ge + iea, want: []string{"H-SYNTAX GE ends no group"}, note: "024"},
		{name: "components in a control segment", in: head + "GS*SW*W:H*RT*20261123*0905*7*X*004010~" + advice("0001") + ge + iea,
			want: []string{"H-SYNTAX a control segment holds a separator of components or repetitions"}, note: "022"},
		{name: "a control number that is none", in: strings.Replace(head, "000000001", "00000000A", 1) + gs + advice("0001") + ge + "IEA*1*00000000A~",
			want: []string{"H-SYNTAX ISA13 is no number"}, note: "022"},
		{name: "no guide", in: head + gs + "ST*850*0001~SE*2*0001~" + ge + iea, want: []string{"H-TOPIC there is no guide for transaction sets of this kind"}},
		{name: "text after the interchange", in: head + gs + advice("0001") + ge + iea + "\nEOF\n", want: []string{"945", "H-SYNTAX this belongs to no interchange"}},
		{name: "text before the interchange", in: "//mail\n" + head + gs + advice("0001") + ge + iea, want: []string{"H-SYNTAX this belongs to no interchange", "945"}},
		{name: "an answer of the network", in: head + "TA1*000000009*261122*1200*A*000~" + gs + advice("0001") + ge + iea, want: []string{"TA1", "945"}},
	}
}

func TestX12Envelope(t *testing.T) {
	for _, c := range envelopeCases() {
		t.Run(c.name, func(t *testing.T) {
			options := X12Options{Guides: testGuides(t)}
			d, err := X12([]byte(c.in), options, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			checkSpans(t, []byte(c.in), d)
			var got []string
			for r := range d.Records() {
				if r.Err != nil {
					got = append(got, string(r.Err.Code)+" "+r.Err.Detail)
				} else {
					got = append(got, r.Kind)
				}
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got %q, want %q", got, c.want)
			}
			x, err := X12Interchanges([]byte(c.in), options, Limits{})
			if err != nil || len(x) != 1 || x[0].Note != c.note {
				t.Fatalf("got %+v, %v, want one interchange with note %q", x, err, c.note)
			}
			group, set := "", ""
			if len(x[0].Groups) > 0 {
				group = strings.Join(x[0].Groups[0].Errors, " ")
				if sets := x[0].Groups[0].Sets; len(sets) > 0 {
					for _, e := range sets[0].Errors {
						set = strings.TrimSpace(set + " " + e.Code)
					}
				}
			}
			if group != c.group || set != c.set {
				t.Errorf("got codes %q of the group and %q of the set, want %q and %q", group, set, c.group, c.set)
			}
		})
	}
}

func TestX12Refused(t *testing.T) {
	head := isa("000000001", "*:~")
	for _, c := range []struct {
		name, in string
		limits   Limits
		code     fault.Code
		subject  string
	}{
		{"nothing", "", Limits{}, fault.BadSyntax, "byte 0"},
		{"another format", "UNB+UNOA:1", Limits{}, fault.BadSyntax, "byte 0"},
		{"a set without envelope", advice("0001"), Limits{}, fault.BadSyntax, "byte 0"},
		{"a header that is cut off", "\n" + head[:100], Limits{}, fault.BadSyntax, "byte 1"},
		{"a date that is none", strings.Replace(head, "261123", "26-123", 1), Limits{}, fault.BadSyntax, "byte 0"},
		{"no terminator", head[:105], Limits{}, fault.BadSyntax, "byte 0"},
		{"a letter as terminator", head[:105] + "X", Limits{}, fault.BadSyntax, "byte 0"},
		{"a space as terminator", head[:105] + " ", Limits{}, fault.BadSyntax, "byte 0"},
		{"a space as separator", strings.ReplaceAll(head, "*", " "), Limits{}, fault.BadSyntax, "byte 0"},
		{"a letter as component separator", isa("000000001", "*X~"), Limits{}, fault.BadSyntax, "byte 0"},
		{"delimiters that are the same", isa("000000001", "*~~"), Limits{}, fault.BadSyntax, "byte 0"},
		{"repetitions like elements", isa("000000001", "*:~:"), Limits{}, fault.BadSyntax, "byte 0"},
		{"an element that is too long", strings.Replace(head, "RETAILER       ", "RETAILER        ", 1), Limits{}, fault.BadSyntax, "byte 0"},
		{"a separator of repetitions in the header", strings.Replace(isa("000000001", "*:~^"), "RETAILER ", "RETAILER^", 1), Limits{}, fault.BadSyntax, "byte 0"},
		{"a delimiter in the header", strings.Replace(head, "RETAILER ", "RETAILER:", 1), Limits{}, fault.BadSyntax, "byte 0"},
		{"bytes past the limit", head, Limits{Bytes: 105}, fault.TooLarge, "document"},
		{"sets past the limit", head + "GS*SW*A*B*1*1*1*X*1~" + advice("1") + advice("2") + advice("3"), Limits{Records: 2}, fault.TooLarge, ""},
		{"groups past the limit", head + strings.Repeat("GS*SW~GE*0*~", 3), Limits{Records: 2}, fault.TooLarge, ""},
		{"interchanges past the limit", head + head + head, Limits{Records: 2}, fault.TooLarge, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := X12([]byte(c.in), X12Options{}, c.limits)
			wantCode(t, err, c.code, c.subject)
		})
	}
}

func TestX12SetAtTheLimit(t *testing.T) {
	wrap := func(set string) []byte {
		return []byte(isa("000000001", "*:~") + "GS*SW*A*B*1*1*1*X*1~" + set + "GE*1*1~IEA*1*000000001~")
	}
	kinds := func(count int) string {
		var set strings.Builder
		set.WriteString("ST*945*0001~W06*1~")
		for n := range count {
			fmt.Fprintf(&set, "%c%02d~", 'P'+n/100, n%100)
		}
		return set.String() + fmt.Sprintf("SE*%d*0001~", count+3)
	}
	levels := "ST*856*0001~HL*1**S~HL*2*1*O~N1*SF~SE*5*0001~"
	many := "ST*945*0001~ABC" + strings.Repeat("*", 98) + "*x~SE*3*0001~"
	for _, c := range []struct {
		name, set string
		limits    Limits
		code      fault.Code // empty: it is read
	}{
		{"values", advice("0001"), Limits{Values: 15}, ""},
		{"values past the limit", advice("0001"), Limits{Values: 14}, fault.TooLarge},
		{"levels", levels, Limits{Depth: 4}, ""},
		{"levels past the limit", levels, Limits{Depth: 3}, fault.TooLarge},
		{"elements", many, Limits{}, ""},
		{"elements past the limit", strings.Replace(many, "*x", "**x", 1), Limits{}, fault.BadSyntax},
		{"an HL without a number", "ST*856*0001~HL***S~SE*3*0001~", Limits{}, fault.BadSyntax},
		{"kinds of segments", kinds(499), Limits{}, ""},
		{"kinds of segments past the limit", kinds(500), Limits{}, fault.BadSyntax},
		{"a segment without identifier", "ST*945*0001~w12*1~SE*3*0001~", Limits{}, fault.BadSyntax},
		{"a segment twice that is there once", "ST*945*0001~W06*N~W06*N~SE*4*0001~", Limits{}, fault.BadSyntax},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := X12(wrap(c.set), X12Options{Guides: testGuides(t)}, c.limits)
			if err != nil {
				t.Fatal(err)
			}
			for r := range d.Records() {
				if c.code == "" && r.Err != nil {
					t.Error(r.Err)
				}
				if c.code != "" {
					wantCode(t, r.Err, c.code, "")
				}
			}
		})
	}
}

// TestX12Mailbag reads interchanges that follow one another with delimiters of their own, also
// where one of them lost its end.
func TestX12Mailbag(t *testing.T) {
	interchange := func(control, delimiters string) string {
		d := strings.Split(delimiters, "")
		group := "GS*SW*WH*RT*20261123*0905*7*X*004010~" + advice("0001") + "GE*1*7~IEA*1*" + control + "~"
		return isa(control, delimiters) + strings.NewReplacer("*", d[0], "~", d[2]).Replace(group)
	}
	broken := interchange("000000002", "*:~")
	broken = broken[:len(broken)-60]
	in := interchange("000000001", "*:~") + "\r\n \n" + broken + interchange("000000003", "~>?^") + interchange("000000004", "|:\n") + "\x00" + interchange("000000003", "*:~")
	x, err := X12Interchanges([]byte(in), X12Options{}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range x {
		if !strings.HasPrefix(in[i.Start:i.End], "ISA") {
			t.Errorf("the interchange does not stand at %d to %d", i.Start, i.End)
		}
		got = append(got, i.Identity()+" "+i.Note)
	}
	want := []string{"ZZ·WAREHOUSE·01·RETAILER·000000001 ", "ZZ·WAREHOUSE·01·RETAILER·000000002 023", "ZZ·WAREHOUSE·01·RETAILER·000000003 ",
		"ZZ·WAREHOUSE·01·RETAILER·000000004 ", "ZZ·WAREHOUSE·01·RETAILER·000000003 "}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
	d, err := X12([]byte(in), X12Options{Guides: testGuides(t)}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	first, read := "", 0
	for r := range d.Records() {
		if r.Err != nil {
			continue
		}
		read++
		if tree := show(t, r.Tree); first == "" {
			first = tree
		} else if tree != first {
			t.Errorf("with other delimiters: got %s, want %s", tree, first)
		}
	}
	if read != 4 {
		t.Errorf("got %d sets, want 4", read)
	}
	file, err := OpenX12([]byte(in), "", Limits{})
	if err != nil || !file.Has("945") || file.Has("940") || file.Has("TA1") {
		t.Errorf("got %v, want a file of nothing but 945", err)
	}
}

// TestGuide shows where segments go that a guide names, narrows, or does not name.
func TestGuide(t *testing.T) {
	for _, c := range []struct{ name, guide, set, want string }{
		{"names and narrowed lines", "N1*ST as ship_to once\n  N4 once\nN1\n  N4 once\nDTM*011**1 as shipped\nDTM",
			"N1*SF*A~N4*X~N1*ST*B~N4*Y~DTM*011*261123*1~DTM*011*261123*2~",
			`"DTM":[{"DTM01":"011","DTM02":"261123","DTM03":"2"}],"N1":[{"N101":"SF","N102":"A","N4":{"N401":"X"}}],` +
				`"ship_to":{"N101":"ST","N102":"B","N4":{"N401":"Y"}},"shipped":[{"DTM01":"011","DTM02":"261123","DTM03":"1"}]`},
		{"a segment ends the loops inside", "N1\n  N3\nG62", "N1*ST~G62*11~N3*A~", `"G62":[{"G6201":"11"}],"N1":[{"N101":"ST"}],"N3":[{"N301":"A"}]`},
		{"an unnamed segment stays and ends nothing", "LX\n  W12\n    N9", "LX*1~W12*CC~ZZ*1~N9*LT~",
			`"LX":[{"LX01":"1","W12":[{"N9":[{"N901":"LT"}],"W1201":"CC","ZZ":[{"ZZ01":"1"}]}]}]`},
		{"levels of two kinds", "HL***S as shipment\n  TD5\nHL\n  LIN once", "HL*1**S~TD5*B~HL*2*1*I~LIN**UP~HL*3*1*I~TD5*C~",
			`"shipment":[{"HL":[{"HL01":"2","HL02":"1","HL03":"I","LIN":{"LIN02":"UP"}},{"HL01":"3","HL02":"1","HL03":"I","TD5":[{"TD501":"C"}]}],` +
				`"HL01":"1","HL03":"S","TD5":[{"TD501":"B"}]}]`},
		{"levels that the guide does not name", "BSN once", "HL*1**S~HL*1**S~", `"HL":[{"HL01":"1","HL03":"S"},{"HL01":"1","HL03":"S"}]`},
		{"a caret is data before version 00402", "", "MSG*a^b~", `"MSG":[{"MSG01":"a^b"}]`},
		{"an element without a name in the guide", "", "AB" + strings.Repeat("*", 30) + "x~", `"AB":[{"AB30":"x"}]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := NewGuide("999", c.guide)
			if err != nil {
				t.Fatal(err)
			}
			head := strings.Replace(isa("000000001", "*:~^"), "00501", "00401", 1)
			in := head + "GS*XX*A*B*1*1*1*X*1~ST*999*1~" + c.set + fmt.Sprintf("SE*%d*1~GE*1*1~IEA*1*000000001~", strings.Count(c.set, "~")+2)
			d, err := X12([]byte(in), X12Options{Guides: []*Guide{g}}, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			r := records(d)[0]
			if r.Err != nil {
				t.Fatal(r.Err)
			}
			got := strings.Replace(strings.Replace(show(t, r.Tree), `"ST01":"999","ST02":"1",`, "", 1), `,"ST01":"999","ST02":"1"`, "", 1)
			if got != "{"+c.want+"}" {
				t.Errorf("got %s, want {%s}", got, c.want)
			}
		})
	}
}

// TestX12Encodings reads a file whose terminator is a byte that UTF-8 does not have.
func TestX12Encodings(t *testing.T) {
	in := isa("000000001", "*:\x85") + strings.ReplaceAll("GS*SW*A*B*1*1*1*X*1~ST*945*1~N1*ST*CAF\xc9~SE*3*1~GE*1*1~IEA*1*000000001~", "~", "\x85")
	d, err := X12([]byte(in), X12Options{Guides: testGuides(t), Encoding: Windows1252}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	r := records(d)[0]
	if want := `{"N1":[{"N101":"ST","N102":"CAFÉ"}],"ST01":"945","ST02":"1"}`; r.Err != nil || show(t, r.Tree) != want {
		t.Errorf("got %s, %v, want %s", show(t, r.Tree), r.Err, want)
	}
	if span := in[r.Start:r.End]; !strings.HasPrefix(span, "ST*") || !strings.HasSuffix(span, "SE*3*1\x85") {
		t.Errorf("got the bytes %q", span)
	}
	x, err := X12Interchanges([]byte(in), X12Options{Encoding: Windows1252}, Limits{})
	if err != nil || x[0].End != int64(len(in)) || x[0].Groups[0].Sets[0].Start != r.Start {
		t.Errorf("got %+v, %v", x, err)
	}
}

// TestX12Spans requires that records of what is cut off reach to its end, and that each has the
// envelope of its own group.
func TestX12Spans(t *testing.T) {
	in := isa("000000001", "*:~") + "GS*SW*A*B*1*1*1*X*1~" + advice("0001") + "GE*1*1~GS*SW*C*D*1*1*2*X*1~" + advice("0002") + "ST*945*0003~W06*N*1~"
	d, err := X12([]byte(in), X12Options{Guides: testGuides(t)}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for r := range d.Records() {
		got = append(got, r.Envelope["GS"].(map[string]any)["GS02"].(string)+" "+in[r.Start:r.End])
	}
	want := []string{"A " + advice("0001"), "C " + advice("0002"), "C ST*945*0003~W06*N*1~"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestGuideRefused(t *testing.T) {
	for _, c := range []struct{ name, text, subject string }{
		{"no segment", "W06\nw07", "line 2"},
		{"a control segment", "SE once", "line 1"},
		{"an unknown word", "W06 one", "line 1"},
		{"as without a name", "W06 as", "line 1"},
		{"a name like a segment's", "W06 as N1", "line 1"},
		{"once twice", "W06 once once", "line 1"},
		{"a name twice", "# guide\nN1*ST as party\nN1*SF as party once", "line 3"},
		{"a segment twice", "N1\nN1", "line 2"},
		{"a narrowed segment that stands once and has no name", "N1*ST once", "line 1"},
		{"HL below another segment", "BSN\n  HL", "line 2"},
		{"HL once", "HL once", "line 1"},
		{"an HL and something below it with one name", "HL***S as item\n  LIN as item", "guide"},
		{"too many lines", strings.Repeat("\n", 500), "guide"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := NewGuide("945", c.text)
			wantCode(t, err, fault.BadPack, c.subject)
		})
	}
	if _, err := NewGuide("945", strings.Repeat("\n", 499)); err != nil {
		t.Errorf("500 lines: %v", err)
	}
}
