package wire

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// Trees of shared memory say the same as those of their own, also when the memory comes from
// another file.
func TestSharedTrees(t *testing.T) {
	guides := testGuides(t)
	files, err := filepath.Glob("testdata/x12/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no files")
	}
	var memory X12Memory
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		body, _, _ := strings.Cut(string(text), "\n----------\n")
		f, err := OpenX12([]byte(body+"\n"), UTF8, Limits{})
		if err != nil {
			continue // the tables of what is refused
		}
		want := printRecords(t, f.Document(guides, X12Trees{}))
		if got := printRecords(t, f.Document(guides, X12Trees{Memory: &memory})); got != want {
			t.Errorf("%s: got:\n%s\nwant:\n%s", file, got, want)
		}
	}
	const rows = "a,b\n1,x\n2,\n,y\n"
	csv := func(options CSVOptions) *Document {
		d, err := CSV([]byte(rows), options, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if got, want := printRecords(t, csv(CSVOptions{Shared: true})), printRecords(t, csv(CSVOptions{})); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	trees := map[uintptr]bool{}
	for r := range csv(CSVOptions{Shared: true}).Records() {
		trees[reflect.ValueOf(r.Tree).Pointer()] = true
	}
	if len(trees) != 1 {
		t.Errorf("the rows have %d objects, want one", len(trees))
	}
}

// A guide chooses the elements that are read, and marks those that are replaced: with their
// components and repetitions, also where no line of the guide names their segment.
func TestGuideChoosesAndMarks(t *testing.T) {
	guide, err := NewGuide("945", "W06 once reads 02\nN1 reads 01 02\n  N4 once reads nothing\nG62 reads nothing\nREF\nLX reads nothing\n  W12 reads 03")
	if err != nil {
		t.Fatal(err)
	}
	guide.Mark(map[string]string{"N102": "name", "REF02": "number", "PER02": "name"})
	const file = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *261122*1505*^*00501*000000031*0*P*>~GS*SW*A*B*20261122*1505*31*X*005010~" +
		"ST*945*0001~W06*F*2001~N1*ST*ANN~N4*BOSTON~G62*11*1~REF*X*12>34^56~PER*AA*BO~LX*1~W12*CC*2*3~SE*10*0001~GE*1*31~IEA*1*000000031~"
	f, err := OpenX12([]byte(file), UTF8, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, memory := range []*X12Memory{nil, {}} {
		d := f.Document([]*Guide{guide}, X12Trees{Memory: memory, Replace: func(kind, text string) any { return kind + " of " + text }})
		for r := range d.Records() {
			if r.Err != nil {
				t.Fatal(r.Err)
			}
			const want = `{"LX":[{"W12":[{"W1203":"3"}]}],"N1":[{"N101":"ST","N102":"name of ANN"}],` +
				`"PER":[{"PER01":"AA","PER02":"name of BO"}],"REF":[{"REF01":"X","REF02":["number of 12","number of 56"],"REF02_2":["number of 34","number of "]}],` +
				`"ST01":"945","ST02":"0001","W06":{"W0602":"2001"}}`
			if got := show(t, r.Tree); got != want {
				t.Errorf("got\n%s, want\n%s", got, want)
			}
		}
	}
	for name, want := range map[string]string{"W0602": "", "W0601": "W0601", "N401": "N401", "LX01": "LX01", "REF07": "", "ABC01": "", "lines": ""} {
		if got := guide.Unread([]string{name}); got != want {
			t.Errorf("Unread(%s) = %q, want %q", name, got, want)
		}
	}
}
