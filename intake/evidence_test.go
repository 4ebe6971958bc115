package intake_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/retail"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func masterKey(t testing.TB, fill string) intake.MasterKey {
	t.Helper()
	text, err := intake.NewMasterKey(strings.NewReader(strings.Repeat(fill, 32)))
	if err != nil {
		t.Fatal(err)
	}
	key, err := intake.ParseMasterKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func openVault(t testing.TB, m *memory) *intake.Vault {
	t.Helper()
	v, err := intake.OpenVault(context.Background(), m, masterKey(t, "k"), "acme")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// file is a payload in which each customer's lines are one segment.
func file(lines ...string) intake.Payload {
	p := intake.Payload{ContentType: "text/csv", Source: intake.Source{System: "poslog", Instance: "estate"}, Delivery: "d1", ReceivedAt: noon}
	for _, line := range lines {
		who, _, named := strings.Cut(line, ":")
		start := len(p.Body)
		p.Body = append(p.Body, line+"\n"...)
		if named {
			p.Segments = append(p.Segments, segment(start, len(p.Body), retail.Token(who)))
		}
	}
	return p
}

func segment(start, end int, who retail.Token) intake.Segment {
	return intake.Segment{Range: intake.Range{Start: start, End: end}, Subject: who}
}

func put(t testing.TB, v *intake.Vault, p intake.Payload) journal.Hash {
	t.Helper()
	hash, err := v.Put(context.Background(), p)
	if err != nil {
		t.Fatalf("Put: %v", err)
	}
	return hash
}

func read(t testing.TB, v *intake.Vault, hash journal.Hash) intake.Copy {
	t.Helper()
	c, err := v.Get(context.Background(), hash)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	return c
}

func erase(t testing.TB, v *intake.Vault, who retail.Token) intake.Erasure {
	t.Helper()
	found, err := v.Erase(context.Background(), who, noon.Add(time.Hour))
	if err != nil {
		t.Fatalf("Erase: %v", err)
	}
	return found
}

func TestErasingOneCustomerLeavesTheOthers(t *testing.T) {
	// reproduces: H-ERASED
	m := newMemory()
	v := openVault(t, m)
	p := file("store 7", "ada: 1 coat", "ben: 2 hats", "ada: 3 bags", "total 6")
	hash := put(t, v, p)
	if hash != intake.HashOf(p.Body) {
		t.Errorf("got hash %s, want the SHA-256 of the body", hash)
	}
	got := read(t, v, hash)
	if !bytes.Equal(got.Body, p.Body) || got.Erased != nil || got.ContentType != "text/csv" || got.Delivery != "d1" || got.Source != p.Source || !got.ReceivedAt.Equal(noon) {
		t.Errorf("before: got %+v", got)
	}
	if found := erase(t, v, "ada"); found != intake.ErasedNow {
		t.Errorf("got %s, want %s", found, intake.ErasedNow)
	}
	got = read(t, v, hash)
	want := "store 7\n" + "            " + "ben: 2 hats\n" + "            " + "total 6\n"
	if string(got.Body) != want {
		t.Errorf("got body\n%q, want\n%q", got.Body, want)
	}
	if want := []intake.Range{{Start: 8, End: 20}, {Start: 32, End: 44}}; !slices.Equal(got.Erased, want) {
		t.Errorf("got erased %v, want %v", got.Erased, want)
	}
	if found := erase(t, v, "ada"); found != intake.NothingHeld {
		t.Errorf("again: got %s, want %s", found, intake.NothingHeld)
	}
	only := put(t, v, file("ben: alone"))
	erase(t, v, "ben")
	if _, err := v.Get(t.Context(), only); !fault.HasCode(err, fault.EvidenceErased) {
		t.Errorf("everything erased: got %v, want %s", err, fault.EvidenceErased)
	}
}

func TestNobodyCanReadWhatIsStored(t *testing.T) {
	m := newMemory()
	put(t, openVault(t, m), file("store seven", "ada: one coat"))
	shown := fmt.Sprintf("%v %+v %#v", masterKey(t, "k"), masterKey(t, "k"), masterKey(t, "k"))
	for _, e := range m.evidence {
		for _, part := range e.Parts {
			shown += string(part.Sealed)
		}
	}
	for _, k := range m.keys {
		shown += string(k.Wrapped)
	}
	for _, never := range []string{"seven", "coat", strings.Repeat("k", 32), hex.EncodeToString([]byte(strings.Repeat("k", 32))), "[107 107 107 107"} {
		if strings.Contains(shown, never) {
			t.Errorf("%q can be read in what is stored or printed", never)
		}
	}
}

func TestAPayloadIsKeptOnce(t *testing.T) {
	m := newMemory()
	v := openVault(t, m)
	p := file("store 7", "ada: 1 coat")
	first := put(t, v, p)
	p.Delivery, p.Segments = "d2", nil
	if again := put(t, v, p); again != first || m.puts != 1 {
		t.Errorf("got %s after %d writes, want the same hash after one", again, m.puts)
	}
	if got := read(t, v, first); got.Delivery != "d1" {
		t.Errorf("got delivery %s, want what was first said", got.Delivery)
	}
}

func TestASubjectThatComesBackGetsANewKey(t *testing.T) {
	m := newMemory()
	v := openVault(t, m)
	old := put(t, v, file("ada: old", "till"))
	erase(t, v, "ada")
	later := put(t, v, file("ada: new", "till"))
	if got := read(t, v, later); string(got.Body) != "ada: new\ntill\n" || got.Erased != nil {
		t.Errorf("got %q, want it whole", got.Body)
	}
	if got := read(t, v, old); string(got.Body) != "         till\n" {
		t.Errorf("got %q, want the old payload still erased", got.Body)
	}
	if again := put(t, v, file("ada: old", "till")); again != old {
		t.Errorf("got %s, want %s", again, old)
	}
	if got := read(t, v, old); string(got.Body) != "         till\n" {
		t.Errorf("sent again: got %q, want what was erased to stay erased", got.Body)
	}
}

func TestAMendedPackCutsAnew(t *testing.T) {
	m := newMemory()
	v := openVault(t, m)
	p := file("till", "ada: coat", "ben: hat", "eve: bag")
	whole := p
	whole.Segments = p.Segments[2:]
	hash := put(t, v, whole) // a mapping that knew eve only
	erase(t, v, "eve")
	put(t, v, p)
	if got := read(t, v, hash); string(got.Body) != "till\nada: coat\nben: hat\n         " {
		t.Errorf("got %q, want all but eve", got.Body)
	}
	erase(t, v, "ada")
	if got := read(t, v, hash); string(got.Body) != "till\n          ben: hat\n         " {
		t.Errorf("got %q, want ada to be erasable now", got.Body)
	}
	erase(t, v, "eve")
	put(t, v, p)
	if got := read(t, v, hash); string(got.Body) != "till\n          ben: hat\n         " {
		t.Errorf("sent again: got %q, want nothing to come back", got.Body)
	}
}

func TestABytesOfTwoPeopleNeedsBothKeys(t *testing.T) {
	for _, who := range []retail.Token{"cashier", "customer"} {
		m := newMemory()
		v := openVault(t, m)
		p := file("till 12 sale to X by Y")
		p.Segments = []intake.Segment{segment(8, 22, "customer"), segment(18, 22, "cashier")}
		hash := put(t, v, p)
		if got := read(t, v, hash); !bytes.Equal(got.Body, p.Body) {
			t.Fatalf("got %q, want it whole", got.Body)
		}
		erase(t, v, who)
		want := map[retail.Token]string{"cashier": "till 12 sale to X     \n", "customer": "till 12               \n"}[who]
		if got := read(t, v, hash); string(got.Body) != want {
			t.Errorf("without the %s: got %q, want %q", who, got.Body, want)
		}
	}
}

func TestNeighboursAreSealedTogether(t *testing.T) {
	m := newMemory()
	hash := put(t, openVault(t, m), file("ada: 1", "ada: 2", "till", "ada: 3"))
	parts := m.evidence[hash].Parts
	if len(parts) != 2 {
		t.Fatalf("got %d parts, want ada's and the tenant's", len(parts))
	}
	if want := []intake.Range{{Start: 0, End: 14}, {Start: 19, End: 26}}; !slices.Equal(parts[0].Ranges, want) {
		t.Errorf("got ranges %v, want %v", parts[0].Ranges, want)
	}
}

func TestTheMasterKeyMustBeTheOne(t *testing.T) {
	m := newMemory()
	put(t, openVault(t, m), file("till"))
	tests := []struct {
		name   string
		master intake.MasterKey
		tenant retail.TenantID
		ok     bool
	}{
		{"the one", masterKey(t, "k"), "acme", true},
		{"another", masterKey(t, "x"), "acme", false},
		{"none", intake.MasterKey{}, "acme", false},
		{"another tenant", masterKey(t, "k"), "globex", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := intake.OpenVault(t.Context(), m, tt.master, tt.tenant)
			if tt.ok != (err == nil) || !tt.ok && !fault.HasCode(err, fault.BadConfig) {
				t.Errorf("got %v, want opened %v", err, tt.ok)
			}
		})
	}
}

func TestParseMasterKey(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "short": "c2hvcnQ=", "not base64": "hunter2!", "33 bytes": strings.Repeat("YWFh", 11)} {
		_, err := intake.ParseMasterKey([]byte(text))
		if !fault.HasCode(err, fault.BadConfig) {
			t.Errorf("%s: got %v, want %s", name, err, fault.BadConfig)
		}
		if text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("%s: the fault repeats the secret", name)
		}
	}
	if _, err := intake.NewMasterKey(strings.NewReader("too short")); !fault.HasCode(err, fault.InternalError) {
		t.Errorf("got %v, want %s", err, fault.InternalError)
	}
}

func TestLimitsOfAPayload(t *testing.T) {
	v := openVault(t, newMemory())
	many := func(n int) (segments []intake.Segment) {
		for i := range n {
			segments = append(segments, segment(i, i+1, "ada"))
		}
		return segments
	}
	deep := func(n int) (segments []intake.Segment) {
		for i := range n {
			segments = append(segments, segment(0, 10, retail.Token(fmt.Sprint(i))))
		}
		return segments
	}
	body := make([]byte, intake.PayloadMax+1)
	tests := []struct {
		name     string
		body     []byte
		segments []intake.Segment
		want     fault.Code
	}{
		{"empty", nil, nil, ""},
		{"32 MiB", body[:intake.PayloadMax], nil, ""},
		{"one byte more", body, nil, fault.TooLarge},
		{"65536 segments", body[:intake.SegmentsMax], many(intake.SegmentsMax), ""},
		{"one segment more", body[:intake.SegmentsMax+1], many(intake.SegmentsMax + 1), fault.TooLarge},
		{"a byte of 16 people", body[:11], deep(intake.SegmentDepth), ""},
		{"of one more", body[:12], deep(intake.SegmentDepth + 1), fault.BadMapping},
		{"a segment of nobody", body[:10], []intake.Segment{segment(0, 1, "")}, fault.BadMapping},
		{"an empty segment", body[:10], []intake.Segment{segment(1, 1, "ada")}, fault.BadMapping},
		{"a segment before the start", body[:10], []intake.Segment{segment(-1, 1, "ada")}, fault.BadMapping},
		{"a segment to the end", body[:10], []intake.Segment{segment(9, 10, "ada")}, ""},
		{"a segment past the end", body[:10], []intake.Segment{segment(9, 11, "ada")}, fault.BadMapping},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hash, err := v.Put(t.Context(), intake.Payload{Body: tt.body, Segments: tt.segments, ReceivedAt: noon})
			if tt.want != "" {
				if !fault.HasCode(err, tt.want) {
					t.Fatalf("got %v, want %s", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := read(t, v, hash); !bytes.Equal(got.Body, tt.body) {
				t.Error("got another body back")
			}
		})
	}
}

func TestPutGivesWayToOthers(t *testing.T) {
	m := newMemory()
	v := openVault(t, m)
	p := file("till", "ada: coat")
	blind := p
	blind.Segments = nil
	m.beforePut = func() { put(t, v, blind) }
	hash := put(t, v, p) // finds the other's, and cuts it anew
	if m.puts != 2 {
		t.Errorf("got %d writes, want 2", m.puts)
	}
	erase(t, v, "ada")
	if got := read(t, v, hash); string(got.Body) != "till\n          " {
		t.Errorf("got %q, want ada to be erasable", got.Body)
	}
}

func TestEraseNamesItsSubject(t *testing.T) {
	m := newMemory()
	v := openVault(t, m)
	hash := put(t, v, file("till"))
	if _, err := v.Erase(t.Context(), "", noon); !fault.HasCode(err, fault.BadRequest) {
		t.Errorf("got %v, want %s: nobody erases the tenant's key", err, fault.BadRequest)
	}
	read(t, v, hash)
	if found := erase(t, v, "stranger"); found != intake.NothingHeld {
		t.Errorf("got %s, want %s", found, intake.NothingHeld)
	}
}

func TestGetUnknown(t *testing.T) {
	if _, err := openVault(t, newMemory()).Get(t.Context(), journal.Hash{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("got %v, want not found", err)
	}
}

// Whatever is put, cut, cut anew and erased, in whatever order: each byte can be read as
// long as nobody whom it told of was erased since, and never again afterwards.
func TestEvidenceAgainstAModel(t *testing.T) {
	people := []retail.Token{"ada", "ben", "eve"}
	rapid.Check(t, func(r *rapid.T) {
		v := openVault(t, newMemory())
		body := rapid.SliceOfN(rapid.Byte(), 1, 24).Draw(r, "body")
		tells := make([]map[retail.Token]bool, len(body)) // who each byte tells of, as far as was said
		gone := make([]bool, len(body))
		hash := intake.HashOf(body)
		r.Repeat(map[string]func(*rapid.T){
			"put": func(r *rapid.T) {
				p := intake.Payload{Body: body, ReceivedAt: noon}
				for range rapid.IntRange(0, 3).Draw(r, "segments") {
					start := rapid.IntRange(0, len(body)-1).Draw(r, "start")
					end := rapid.IntRange(start+1, len(body)).Draw(r, "end")
					p.Segments = append(p.Segments, segment(start, end, rapid.SampledFrom(people).Draw(r, "who")))
				}
				put(t, v, p)
				for i := range body {
					if tells[i] == nil {
						tells[i] = map[retail.Token]bool{}
					}
					for _, s := range p.Segments {
						if s.Start <= i && i < s.End {
							tells[i][s.Subject] = true
						}
					}
				}
			},
			"erase": func(r *rapid.T) {
				who := rapid.SampledFrom(people).Draw(r, "who")
				erase(t, v, who)
				for i := range body {
					gone[i] = gone[i] || tells[i][who]
				}
			},
			"": func(r *rapid.T) {
				if tells[0] == nil {
					return // nothing was put yet
				}
				want := slices.Clone(body)
				for i := range want {
					if gone[i] {
						want[i] = ' '
					}
				}
				c, err := v.Get(context.Background(), hash)
				if !slices.Contains(gone, false) {
					if !fault.HasCode(err, fault.EvidenceErased) {
						r.Fatalf("got %v, want %s", err, fault.EvidenceErased)
					}
					return
				}
				if err != nil || !bytes.Equal(c.Body, want) {
					r.Fatalf("got %q, %v; want %q", c.Body, err, want)
				}
				for i := range body {
					inErased := slices.ContainsFunc(c.Erased, func(e intake.Range) bool { return e.Start <= i && i < e.End })
					if inErased != gone[i] {
						r.Fatalf("byte %d: got erased %v, want %v", i, inErased, gone[i])
					}
				}
			},
		})
	})
}
