package pack

import (
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
)

// TestAcknowledge answers a file of sets that are good, broken (one of them ignored) and unknown.
func TestAcknowledge(t *testing.T) {
	p := formatPack(t)
	at := time.Date(2026, 11, 23, 23, 59, 0, 0, time.UTC)
	answer, err := p.Acknowledge(Input{Body: []byte(formatX12)}, Acknowledgement{Control: 7, At: at})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for segment := range strings.SplitSeq(string(answer), "~") {
		if strings.HasPrefix(segment, "ISA") || strings.HasPrefix(segment, "AK2") || strings.HasPrefix(segment, "AK5") || strings.HasPrefix(segment, "IEA") {
			got = append(got, segment)
		}
	}
	want := []string{
		"ISA*00*          *00*          *01*RETAILER       *ZZ*WAREHOUSE      *261123*2359*U*00401*000000007*0*P*:",
		"AK2*850*0001", "AK5*R*4", "AK2*945*0001", "AK5*A", "AK2*945*0002", "AK5*R*4", "AK2*944*0001", "AK5*A", "AK2*856*0002", "AK5*R*1",
		"IEA*3*000000007",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestAcknowledgeMailbag answers each interchange under a control number of its own, which begin
// anew after the largest.
func TestAcknowledgeMailbag(t *testing.T) {
	two := formatX12 + "\n" + strings.ReplaceAll(formatX12, "000000017", "000000018")
	answer, err := formatPack(t).Acknowledge(Input{Body: []byte(two)}, Acknowledgement{Control: controlMax, At: time.Unix(0, 0).UTC()})
	if got := string(answer); err != nil || strings.Count(got, "ISA*") != 2 || !strings.Contains(got, "IEA*3*999999999~") || !strings.Contains(got, "IEA*3*000000001~") {
		t.Errorf("got %s, %v", answer, err)
	}
}

func TestNothingToAcknowledge(t *testing.T) {
	p := formatPack(t)
	for name, c := range map[string]struct {
		pack *Pack
		body string
	}{
		"another format":               {p, "name\tnote\n"},
		"a broken interchange":         {p, "ISA*00*"},
		"a pack without X12":           {testPack(t, nil), formatX12},
		"an acknowledgement by itself": {p, strings.ReplaceAll(strings.NewReplacer("GS*PO", "GS*FA", "GS*SW", "GS*FA", "GS*RE", "GS*FA").Replace(formatX12), "850", "997")},
	} {
		if answer, err := c.pack.Acknowledge(Input{Body: []byte(c.body)}, Acknowledgement{Control: 1}); err != nil || len(answer) != 0 {
			t.Errorf("%s: got %s, %v", name, answer, err)
		}
	}
	if _, err := p.Acknowledge(Input{Body: []byte(formatX12), Options: map[string]string{"x": "y"}}, Acknowledgement{Control: 1}); !fault.HasCode(err, fault.BadConfig) {
		t.Errorf("got %v, want H-CONFIG", err)
	}
}
