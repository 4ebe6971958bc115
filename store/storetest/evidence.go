package storetest

import (
	"bytes"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/retail"
)

var evidenceTests = []test{
	{"a payload is kept as it was given", keepEvidence},
	{"a payload is cut anew only over what is stored", cutAnew},
	{"two writers of one payload: one is done", twoCutters},
	{"keys are found by owner and by id", findKeys},
	{"erasing destroys the keys of one owner", eraseKeys},
	{"the vault works on it", vault},
}

func dataKey(n int, owner retail.Token) intake.DataKey {
	return intake.DataKey{
		ID: intake.KeyID(fmt.Sprint("key", n)), Owner: owner,
		Wrapped: fmt.Appendf(nil, "wrapped %d of %s", n, owner), CreatedAt: noon.UTC().Add(time.Duration(-n) * time.Hour),
	}
}

func payload(revision int) intake.Evidence {
	return intake.Evidence{
		Hash: intake.HashOf([]byte("a payload")), Revision: revision, Size: 9, ContentType: "text/plain",
		Source: intake.Source{System: "poslog", Instance: "west"}, Delivery: "d-1", ReceivedAt: noon,
		Parts: []intake.Part{
			{Keys: []intake.KeyID{"key1"}, Ranges: []intake.Range{{Start: 0, End: 2}, {Start: 7, End: 9}}, Sealed: []byte{0, 1, 255}},
			{Keys: []intake.KeyID{"key1", "key2"}, Ranges: []intake.Range{{Start: 2, End: 7}}},
		},
	}
}

func putEvidence(t testing.TB, s intake.EvidenceStore, e intake.Evidence, want bool, fresh ...intake.DataKey) {
	t.Helper()
	if done, err := s.PutEvidence(t.Context(), e, fresh); err != nil || done != want {
		t.Errorf("PutEvidence of revision %d: got %v, %v, want %v", e.Revision, done, err, want)
	}
}

func wantEvidence(t testing.TB, s intake.EvidenceStore, want intake.Evidence) {
	t.Helper()
	if got, err := s.Evidence(t.Context(), want.Hash); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Evidence: got %+v, %v, want %+v", got, err, want)
	}
}

func keepEvidence(t *testing.T, p *place) {
	s := p.open(t)
	desk := s.Desk().Evidence()
	_, err := desk.Evidence(t.Context(), payload(1).Hash)
	wantCode(t, "an unknown hash", err, fault.NoSuchThing)
	putEvidence(t, desk, payload(1), true, dataKey(1, ""), dataKey(2, "ada"))
	empty := intake.Evidence{Hash: intake.HashOf(nil), Revision: 1, ReceivedAt: noon}
	putEvidence(t, desk, empty, true)
	large := payload(1)
	large.Hash = intake.HashOf([]byte("a large one"))
	large.Parts[0].Sealed = bytes.Repeat([]byte{7}, 3<<20)
	putEvidence(t, desk, large, true)
	shut(t, s)
	desk = p.open(t).Desk().Evidence()
	for _, want := range []intake.Evidence{payload(1), empty, large} {
		wantEvidence(t, desk, want)
	}
}

func cutAnew(t *testing.T, p *place) {
	desk := p.open(t).Desk().Evidence()
	putEvidence(t, desk, payload(2), false, dataKey(1, ""))
	putEvidence(t, desk, payload(1), true, dataKey(2, ""))
	putEvidence(t, desk, payload(1), false, dataKey(3, ""))
	putEvidence(t, desk, payload(3), false, dataKey(4, ""))
	wantEvidence(t, desk, payload(1))
	next := payload(2)
	next.Parts = next.Parts[1:]
	putEvidence(t, desk, next, true, dataKey(5, ""))
	wantEvidence(t, desk, next)
	got, err := desk.Keys(t.Context(), []intake.KeyID{"key1", "key2", "key3", "key4", "key5"})
	if err != nil || len(got) != 2 {
		t.Errorf("Keys: got %v, %v, want those of what was written: key2 and key5", got, err)
	}
}

func twoCutters(t *testing.T, p *place) {
	desks := []intake.EvidenceStore{p.open(t).Desk().Evidence(), p.open(t).Desk().Evidence()}
	for revision := range 20 {
		var done [2]bool
		var both sync.WaitGroup
		for n, desk := range desks {
			both.Go(func() {
				var err error
				done[n], err = desk.PutEvidence(t.Context(), payload(revision+1), []intake.DataKey{dataKey(2*revision+n, "")})
				wantCode(t, "PutEvidence", err, "")
			})
		}
		both.Wait()
		if done[0] == done[1] {
			t.Errorf("revision %d: got %v, want one done", revision+1, done)
		}
	}
	if live, err := desks[0].LiveKeys(t.Context(), []retail.Token{""}); err != nil || len(live) != 20 {
		t.Errorf("LiveKeys: got %d, %v, want 20", len(live), err)
	}
}

func findKeys(t *testing.T, p *place) {
	desk := p.open(t).Desk().Evidence()
	tenant, ada, ben := dataKey(1, ""), dataKey(3, "ada"), dataKey(2, "ben")
	putEvidence(t, desk, payload(1), true, tenant, ada, ben)
	same := dataKey(9, "ada")
	same.CreatedAt = ada.CreatedAt
	putEvidence(t, desk, payload(2), true, same)
	for _, c := range []struct {
		owners []retail.Token
		want   []intake.DataKey
	}{
		{nil, nil},
		{[]retail.Token{"cem"}, nil},
		{[]retail.Token{""}, []intake.DataKey{tenant}},
		{[]retail.Token{"", "ben", "cem", "ada", "ada"}, []intake.DataKey{ada, same, ben, tenant}},
	} {
		got, err := desk.LiveKeys(t.Context(), c.owners)
		if err != nil || len(got) != len(c.want) || len(got) > 0 && !reflect.DeepEqual(got, c.want) {
			t.Errorf("LiveKeys of %q: got %v, %v, want %v", c.owners, got, err, c.want)
		}
	}
	got, err := desk.Keys(t.Context(), []intake.KeyID{"key3", "none", "key3"})
	if err != nil || !reflect.DeepEqual(got, []intake.DataKey{ada}) {
		t.Errorf("Keys: got %v, %v, want %v", got, err, ada)
	}
}

func eraseKeys(t *testing.T, p *place) {
	s := p.open(t)
	desk := s.Desk().Evidence()
	at := noon.Add(time.Hour)
	erase := func(owner retail.Token, want int) {
		t.Helper()
		if n, err := desk.EraseKeys(t.Context(), owner, at); err != nil || n != want {
			t.Errorf("EraseKeys of %s: got %d, %v, want %d", owner, n, err, want)
		}
	}
	putEvidence(t, desk, payload(1), true, dataKey(1, ""), dataKey(2, "ada"), dataKey(3, "ada"), dataKey(4, "ben"))
	erase("cem", 0)
	erase("ada", 2)
	erase("ada", 0)
	later := dataKey(5, "ada")
	putEvidence(t, desk, payload(2), true, later)
	shut(t, s)
	desk = p.open(t).Desk().Evidence()
	live, err := desk.LiveKeys(t.Context(), []retail.Token{"ada", "ben"})
	if err != nil || !reflect.DeepEqual(live, []intake.DataKey{later, dataKey(4, "ben")}) {
		t.Errorf("LiveKeys: got %v, %v, want the later one of ada, and that of ben", live, err)
	}
	gone := dataKey(2, "ada")
	gone.Wrapped, gone.ErasedAt = nil, at
	got, err := desk.Keys(t.Context(), []intake.KeyID{"key2"})
	if err != nil || !reflect.DeepEqual(got, []intake.DataKey{gone}) {
		t.Errorf("Keys: got %+v, %v, want %+v", got, err, gone)
	}
}

// vault runs the user of all this over it.
func vault(t *testing.T, p *place) {
	text, err := intake.NewMasterKey(bytes.NewReader(bytes.Repeat([]byte{5}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	master, err := intake.ParseMasterKey(text)
	if err != nil {
		t.Fatal(err)
	}
	s := p.open(t)
	v, err := intake.OpenVault(t.Context(), s.Desk().Evidence(), master, "acme")
	if err != nil {
		t.Fatal(err)
	}
	body := []byte("total 7; Ada 3; Ben 4")
	hash, err := v.Put(t.Context(), intake.Payload{Body: body, ReceivedAt: noon, Segments: []intake.Segment{
		{Range: intake.Range{Start: 9, End: 14}, Subject: "ada"}, {Range: intake.Range{Start: 16, End: 21}, Subject: "ben"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := v.Erase(t.Context(), "ada", noon); err != nil || found != intake.ErasedNow {
		t.Errorf("Erase: got %v, %v, want %v", found, err, intake.ErasedNow)
	}
	shut(t, s)
	if v, err = intake.OpenVault(t.Context(), p.open(t).Desk().Evidence(), master, "acme"); err != nil {
		t.Fatal(err)
	}
	if got, err := v.Get(t.Context(), hash); err != nil || string(got.Body) != "total 7;      ; Ben 4" {
		t.Errorf("Get: got %q, %v", got.Body, err)
	}
}
