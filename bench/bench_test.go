package bench

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/packs"
)

func builtin(t testing.TB) *pack.Set {
	t.Helper()
	set, err := packs.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func lines(facts []Fact) string {
	var b []byte
	for _, f := range facts {
		b = append(f.Event.AppendFact(b), " about "+string(f.Subject)+"\n"...)
	}
	return string(b)
}

func byPack(t *testing.T, p Payload) []Fact {
	t.Helper()
	of, err := builtin(t).Get(p.Pack)
	if err != nil {
		t.Fatal(err)
	}
	result, err := of.Map(t.Context(), p.Input)
	if err != nil {
		t.Fatal(err)
	}
	var facts []Fact
	for _, r := range result.Records {
		if r.Err != nil || r.Ignored != "" {
			t.Fatalf("record %d: %v%s", r.Start, r.Err, r.Ignored)
		}
		for _, e := range r.Events {
			facts = append(facts, Fact{e, r.Subject})
		}
	}
	return facts
}

// What is compared does the same work: both ways give the same events, byte for byte,
// and name the same person.
func TestByHandGivesTheSameEvents(t *testing.T) {
	for _, p := range Payloads() {
		t.Run(p.Name, func(t *testing.T) {
			want := lines(byPack(t, p))
			facts, err := p.ByHand(p.Input)
			if err != nil {
				t.Fatal(err)
			}
			if got := lines(facts); got != want || want == "" {
				t.Errorf("by hand\n%sby pack\n%s", got, want)
			}
		})
	}
}

// clock goes on by a millisecond with every look.
func clock() func() time.Duration {
	at := time.Duration(0)
	return func() time.Duration {
		at += time.Millisecond
		return at
	}
}

// Work takes processor time, and the clock tells it.
func TestClockTellsWork(t *testing.T) {
	start := spent()
	for n := 0; spent() == start; n++ {
		if n > 1<<30 {
			t.Fatal("the clock stands still")
		}
	}
	if spent() < start {
		t.Error("the clock goes back")
	}
}

func TestRun(t *testing.T) {
	rows, err := Run(t.Context(), builtin(t), Payloads(), Options{Rounds: 3, Turn: 1, Clock: clock()})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(Payloads()) {
		t.Fatalf("got %d rows, want one for each payload", len(rows))
	}
	for i, p := range Payloads() {
		want := Row{Name: p.Name, Bytes: len(p.Input.Body), Pack: time.Millisecond, Hand: time.Millisecond, Percent: 100}
		if rows[i] != want {
			t.Errorf("got %+v, want %+v", rows[i], want)
		}
	}
}

// The clock goes on with every look: a turn of four looks holds 1 + 2 + 4 + 8 payloads.
func TestTurnRepeats(t *testing.T) {
	n := 0
	took, err := Options{Turn: 4 * time.Millisecond, Clock: clock()}.turn(t.Context(), func() error {
		n++
		return nil
	})
	if err != nil || n != 15 || took != 4*time.Millisecond/15 {
		t.Errorf("got %v each for %d, %v; want a fifteenth of four milliseconds", took, n, err)
	}
}

func TestRunEnds(t *testing.T) {
	failing := Payloads()[0]
	failing.ByHand = func(pack.Input) ([]Fact, error) { return nil, expected("another payload") }
	refused := Payloads()[0]
	refused.Input.Body = []byte(`{"test":true}`)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name    string
		ctx     context.Context
		payload Payload
		want    fault.Code
	}{
		{"by hand it fails", t.Context(), failing, fault.UnknownTopic},
		{"the pack refuses it", t.Context(), refused, fault.TrainingDropped},
		{"there is no such pack", t.Context(), Payload{Pack: "none"}, fault.UnknownPack},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Run(c.ctx, builtin(t), []Payload{c.payload}, Options{Rounds: 1, Turn: 1, Clock: clock()}); !fault.HasCode(err, c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	if _, err := Run(ended, builtin(t), Payloads(), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the end of the context", err)
	}
}

// BenchmarkPayloads is what heddle bench packs compares, for a profile: go test ./bench
// -bench 'Payloads/x12_945/pack' -cpuprofile cpu.out.
func BenchmarkPayloads(b *testing.B) {
	set := builtin(b)
	for _, p := range Payloads() {
		of, err := set.Get(p.Pack)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(p.Name+"/pack", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := of.Map(b.Context(), p.Input); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(p.Name+"/hand", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.ByHand(p.Input); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
