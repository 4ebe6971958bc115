package wire

import (
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/internal/texttable"
)

// aReply is late in the evening, where the day matters.
var aReply = X12Reply{Control: 501, Group: 81, Time: time.Date(2026, 11, 23, 23, 59, 0, 0, time.UTC)}

// TestX12Replies shows what is answered to an interchange. A line of a table is a segment.
func TestX12Replies(t *testing.T) {
	guides := testGuides(t)
	texttable.Check(t, "testdata/x12-replies/*.txt", *update, func(t *testing.T, in string) string {
		interchanges, err := X12Interchanges([]byte(in), X12Options{Guides: guides}, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := interchanges[0].Acknowledge(aReply)
		if err != nil {
			t.Fatal(err)
		}
		checkReply(t, &interchanges[0], guides)
		if answer == nil {
			return "nothing\n"
		}
		end := interchanges[0].header.terminator
		return strings.ReplaceAll(string(answer), end, end+"\n")
	})
}

// TestX12ReplyIsRead reads an acknowledgement as any other transaction set.
func TestX12ReplyIsRead(t *testing.T) {
	in := isa("000000017", "*:~") + "GS*SW*WH*RETAIL*20261123*0905*17*X*004010~" + advice("0001") +
		strings.Replace(advice("0002"), "SE*5", "SE*9", 1) + "GE*2*17~IEA*1*000000017~"
	guides := testGuides(t)
	x, err := X12Interchanges([]byte(in), X12Options{}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := x[0].Acknowledge(aReply)
	if err != nil {
		t.Fatal(err)
	}
	d, err := X12(answer, X12Options{Guides: guides}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	r := records(d)
	want := `{"AK1":{"AK101":"SW","AK102":"17"},"AK2":[{"AK201":"945","AK202":"0001","AK5":{"AK501":"A"}},` +
		`{"AK201":"945","AK202":"0002","AK5":{"AK501":"R","AK502":"4"}}],"AK9":{"AK901":"P","AK902":"2","AK903":"2","AK904":"1"},"ST01":"997","ST02":"0001"}`
	if len(r) != 1 || show(t, r[0].Tree) != want {
		t.Errorf("got %s, want %s", show(t, r[0].Tree), want)
	}
	if gs := show(t, r[0].Envelope["GS"]); gs != `{"GS01":"FA","GS02":"RETAIL","GS03":"WH","GS04":"20261123","GS05":"2359","GS06":"81","GS07":"X","GS08":"004010"}` {
		t.Errorf("got the group %s", gs)
	}
}

// TestX12ReplyToContent answers what a caller found when it read the sets.
func TestX12ReplyToContent(t *testing.T) {
	read := func() *X12Interchange {
		in := isa("000000017", "*:~") + "GS*SW*WH*RETAIL*20261123*0905*17*X*004010~" + advice("0001") + advice("0002") + "GE*2*17~IEA*1*000000017~"
		x, err := X12Interchanges([]byte(in), X12Options{}, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return &x[0]
	}
	wrong := []X12Error{{Segment: "W12", Position: 4, Element: 2, Code: "7"}, {Segment: "W12", Position: 4, Element: 5, Code: "1"}, {Segment: "LX", Position: 3, Code: "3"}}
	for _, c := range []struct {
		name   string
		change func(x *X12Interchange)
		want   string // what follows AK1
	}{
		{"nothing is wrong", func(*X12Interchange) {}, "AK2*945*0001~AK5*A~AK2*945*0002~AK5*A~AK9*A*2*2*2~"},
		{"elements are wrong", func(x *X12Interchange) { x.Groups[0].Sets[0].Errors = wrong },
			"AK2*945*0001~AK3*W12*4**8~AK4*2**7~AK4*5**1~AK3*LX*3**3~AK5*R*5~AK2*945*0002~AK5*A~AK9*P*2*2*1~"},
		{"wrong and accepted", func(x *X12Interchange) { x.Groups[0].Sets[1].Errors, x.Groups[0].Sets[1].Noted = wrong[2:], true },
			"AK2*945*0001~AK5*A~AK2*945*0002~AK3*LX*3**3~AK5*E*5~AK9*E*2*2*2~"},
		{"sets that are not supported", func(x *X12Interchange) {
			for _, s := range x.Groups[0].Sets {
				s.Errors = []X12Error{{Code: X12SetNotSupported}}
			}
		}, "AK2*945*0001~AK5*R*1~AK2*945*0002~AK5*R*1~AK9*R*2*2*0~"},
		{"five codes of a set", func(x *X12Interchange) {
			for _, code := range []string{"1", "2", "3", "3", "4", "6", "7"} {
				x.Groups[0].Sets[0].Errors = append(x.Groups[0].Sets[0].Errors, X12Error{Code: code})
			}
		}, "AK2*945*0001~AK5*R*1*2*3*4*6~AK2*945*0002~AK5*A~AK9*P*2*2*1~"},
		{"a group that is not supported", func(x *X12Interchange) { x.Groups[0].Errors = []string{"1"} }, "AK9*R*2*2*0*1~"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := read()
			c.change(x)
			answer, err := x.Acknowledge(aReply)
			if err != nil {
				t.Fatal(err)
			}
			_, after, _ := strings.Cut(string(answer), "AK1*SW*17~")
			if got, _, _ := strings.Cut(after, "SE*"); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	again := read()
	again.Note = X12Duplicate
	answer, err := again.Acknowledge(aReply)
	if _, body, _ := strings.Cut(string(answer), "P*:~"); err != nil || body != "TA1*000000017*261123*0905*R*025~IEA*0*000000501~" {
		t.Errorf("to a duplicate: got %s, %v", answer, err)
	}
}

func TestX12ReplyRefused(t *testing.T) {
	in := isa("000000017", "*:~") + strings.Repeat("GS*SW*WH*RETAIL*20261123*0905*17*X*004010~"+advice("0001")+"GE*1*17~", 2) + "IEA*2*000000017~"
	for _, c := range []struct {
		name   string
		reply  X12Reply
		change func(x *X12Interchange)
		fits   bool
	}{
		{"the largest control numbers", X12Reply{Control: 999_999_999, Group: 999_999_998}, func(*X12Interchange) {}, true},
		{"no control number", X12Reply{Group: 1}, func(*X12Interchange) {}, false},
		{"a control number past the limit", X12Reply{Control: 1_000_000_000, Group: 1}, func(*X12Interchange) {}, false},
		{"no group", X12Reply{Control: 1}, func(*X12Interchange) {}, false},
		{"a group past the limit", X12Reply{Control: 1, Group: 999_999_999}, func(*X12Interchange) {}, false},
		{"a note that is none", aReply, func(x *X12Interchange) { x.Note = "a~" }, false},
		{"a code of a group that is none", aReply, func(x *X12Interchange) { x.Groups[0].Errors = []string{""} }, false},
		{"a code of a set that is none", aReply, func(x *X12Interchange) { x.Groups[1].Sets[0].Errors = []X12Error{{Code: "4*"}} }, false},
		{"a segment that is none", aReply, func(x *X12Interchange) { x.Groups[1].Sets[0].Errors = []X12Error{{Segment: "~", Code: "4"}} }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, err := X12Interchanges([]byte(in), X12Options{}, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			c.change(&x[0])
			_, err = x[0].Acknowledge(c.reply)
			if c.fits && err != nil {
				t.Error(err)
			}
			if !c.fits {
				wantCode(t, err, fault.BadRequest, "")
			}
		})
	}
}

// checkReply requires that an acknowledgement can be read, goes back to the sender, and says of
// each set what was found.
func checkReply(t *testing.T, x *X12Interchange, guides []*Guide) {
	t.Helper()
	answer, err := x.Acknowledge(X12Reply{Control: 5, Group: 9, Time: time.Date(2026, 11, 23, 9, 5, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if answer == nil {
		return
	}
	replies, err := X12Interchanges(answer, X12Options{Guides: guides}, Limits{})
	if err != nil || len(replies) != 1 {
		t.Fatalf("%v in %q", err, answer)
	}
	r := replies[0]
	if r.Note != "" || r.Sender != x.Receiver || r.Receiver != x.Sender || r.Test != x.Test {
		t.Fatalf("got %+v for %+v in %q", r, x, answer)
	}
	for _, g := range r.Groups {
		if len(g.Errors) > 0 || len(g.Sets) != 1 || len(g.Sets[0].Errors) > 0 {
			t.Fatalf("got %+v with %+v in %q", g, g.Sets[0].Errors, answer)
		}
	}
	if again, err := r.Acknowledge(X12Reply{Control: 1, Group: 1}); err != nil || again != nil {
		t.Fatalf("an acknowledgement is answered: %q, %v", again, err)
	}
}
