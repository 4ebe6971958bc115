package collect

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
)

func TestCutRows(t *testing.T) {
	many := strings.Repeat("a\n", small.rows)
	for _, c := range []struct {
		name, text string
		ends       bool
		want       string // what belongs into the part
	}{
		{"whole rows", "a\nb\n", true, "a\nb\n"},
		{"a last row without an end", "a\nb", true, "a\nb"},
		{"a row that goes on after the bytes", "a\nb", false, "a\n"},
		{"a line end in quotes", "a,\"x\ny\"\nb\n", false, "a,\"x\ny\"\nb\n"},
		{"quotes in quotes", "a,\"x\"\"\ny\"\nb\nc", false, "a,\"x\"\"\ny\"\nb\n"},
		{"rows before a quote that is never closed", "a\nb,\"x\nc\nd\n", true, "a\n"},
		{"a quote that is never closed", "b,\"x\nc\nd\n", true, "b,\"x\n"},
		{"a quote that is never closed in the last row", "b,\"x", true, "b,\"x"},
		{"a row longer than the bytes", "aaaa", false, "aaaa"},
		{"as many rows as fit", many, true, many},
		{"one row more", many + "b\n", true, many},
		{"nothing", "", true, ""},
	} {
		if got := c.text[:cutRows([]byte(c.text), small.rows, c.ends)]; got != c.want {
			t.Errorf("%s: got %.40q, want %.40q", c.name, got, c.want)
		}
	}
}

// small are limits at which short files have many parts.
var small = cutLimits{bytes: 12, rows: 3}

// TestCutIsWhole cuts files of any bytes: the parts in order are the file, whatever is in it, and
// each but the first begins with the first row.
func TestCutIsWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkCut(t, []byte(rapid.StringMatching(`[ab",\n\r]{0,80}`).Draw(t, "file")))
	})
}

// FuzzCut does the same with bytes of the fuzzer's.
func FuzzCut(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n\"3\n4\",5\n"))
	f.Add([]byte("a\n\"never closed\nb\n"))
	f.Fuzz(func(t *testing.T, text []byte) { checkCut(t, text) })
}

func checkCut(t interface{ Fatalf(string, ...any) }, text []byte) {
	k := &knife{file: bytes.NewReader(text), size: int64(len(text)), byRows: true, header: text[:bytes.IndexByte(text, '\n')+1], limits: small}
	var joined []byte
	for parts := 1; ; parts++ {
		p, err := k.next(int64(len(joined)), parts)
		if err != nil {
			t.Fatalf("part %d: %v", parts, err)
		}
		rest := p.body[p.header:]
		if p.start > 0 && !bytes.HasPrefix(p.body, k.header) || p.header > 0 && p.start == 0 || int64(len(rest)) > small.bytes {
			t.Fatalf("part %d from %d: %q with a header of %d bytes", parts, p.start, p.body, p.header)
		}
		joined = append(joined, rest...)
		if int64(len(joined)) != p.end || !p.last && p.end == p.start {
			t.Fatalf("part %d goes from %d to %d, and %d bytes were given", parts, p.start, p.end, len(joined))
		}
		if p.last {
			break
		}
	}
	if !bytes.Equal(joined, text) {
		t.Fatalf("the parts together are not the file")
	}
}

// TestUnclosedQuote has one quote that is never closed among good rows of one file: it costs one
// record.
func TestUnclosedQuote(t *testing.T) {
	r := newRig(t)
	r.lay(day, "item,location,qty,value\nA,S1,1,2.00\n\"B,S1,1,2.00\nC,S1,1,2.00\nD,S1,1,2.00\n")
	r.look()
	r.wantCounts("taken 4: 3 accepted 1 refused")
	r.wantFacts(day+"·1", day+"·3", day+"·4")
	if l := r.receipt(day + receiptEnd).Records[1]; l.Record != 2 || l.Code != fault.BadSyntax {
		t.Errorf("got %+v", l)
	}
}

// TestKnife tells files that can be cut by rows from others.
func TestKnife(t *testing.T) {
	r := newRig(t)
	long := "item,location,qty,value\n" + strings.Repeat("A,S1,1,2.00\n", headBytes/10)
	for _, c := range []struct {
		name, text string
		byRows     bool
	}{
		{"rows", rows(1), true},
		{"more rows than are looked at", long, true},
		{"rows without a line end", "item,location,qty,value", false},
		{"other columns", "a,b\n1,2\n", false},
		{"XML", "<notes>\n</notes>\n", false},
		{"two bytes a character", "i\x00t\x00\n\x00", false},
		{"nothing", "", false},
	} {
		file := filepath.Join(t.TempDir(), "f")
		must(t, os.WriteFile(file, []byte(c.text), 0o600))
		opened, err := os.Open(file)
		must(t, err)
		k, err := r.watch.newKnife(context.Background(), intake.File{Size: int64(len(c.text))}, opened)
		if err != nil || k.byRows != c.byRows {
			t.Errorf("%s: got %v, %v, want %v", c.name, k != nil && k.byRows, err, c.byRows)
		}
		if c.byRows && string(k.header) != "item,location,qty,value\n" {
			t.Errorf("%s: got the first row %q", c.name, k.header)
		}
		must(t, opened.Close())
	}
}
