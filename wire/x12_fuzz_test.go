package wire

import (
	"testing"

	"github.com/heddlehq/heddle/fault"
)

func FuzzX12(f *testing.F) {
	head := isa("000000001", "*:~^")
	f.Add([]byte(head + "GS*SW*WH*RT*20261123*0905*7*X*004010~" + advice("0001") + "GE*1*7~IEA*1*000000001~"))
	f.Add([]byte(head + "TA1*1*261122*1200*A*000~GS*SH*A*B*1*1*7*X*004010~ST*856*1~HL*1**S~HL*2*1*O~HL*3*9*I~SE*5*1~GE*1*7~IEA*1*000000001~" + isa("000000002", "~>?")))
	f.Add([]byte(isa("000000001", "*:\n") + "GS*SW*WH\r\nST*945*1\nW06*a:b:c*^:~\nSE*4*1\nIEA"))
	guides := testGuides(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		options, limits := X12Options{Guides: guides}, Limits{Records: 1000, Values: 10_000}
		d, err := X12(body, options, limits)
		if err != nil {
			if c := fault.As(err).Code; c != fault.BadSyntax && c != fault.TooLarge {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		checkSpans(t, body, d)
		first := show(t, records(d))
		if again := show(t, records(d)); again != first {
			t.Fatalf("second reading differs: %s, want %s", again, first)
		}
		interchanges, err := X12Interchanges(body, options, limits)
		if err != nil {
			t.Fatalf("the envelopes are refused: %v", err)
		}
		for _, x := range interchanges {
			checkReply(t, &x, guides)
		}
	})
}
