package storetest

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
)

var doorTests = []test{
	{"API keys", apiKeys},
	{"a delivery is remembered and forgotten", remember},
	{"many deliveries are forgotten", forgetMany},
	{"events wait in the order in which they came", waitInOrder},
	{"the work list counts up and closes", worklist},
	{"the work list counts up under many writers", worklistRace},
}

func apiKeys(t *testing.T, p *place) {
	s := p.open(t)
	desk := s.Desk().Keys()
	b := access.Key{
		ID: "b", Principal: access.Principal{ID: "a.lopez", Kind: access.Person}, Scopes: []access.Scope{access.Admin, access.EventsWrite},
		Hash: [32]byte{1, 2, 31: 9}, CreatedAt: noon, ExpiresAt: time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC),
	}
	a := access.Key{ID: "a", Principal: access.Principal{ID: "oms-eu", Kind: access.Machine}, CreatedAt: noon}
	for _, k := range []access.Key{b, a} {
		wantCode(t, "Put", desk.Put(t.Context(), k), "")
	}
	b.RevokedAt = noon.Add(time.Nanosecond)
	wantCode(t, "Put again", desk.Put(t.Context(), b), "")
	_, err := desk.Get(t.Context(), "c")
	wantCode(t, "an unknown key", err, fault.NoSuchThing)
	shut(t, s)
	desk = p.open(t).Desk().Keys()
	if got, err := desk.Get(t.Context(), "b"); err != nil || !reflect.DeepEqual(got, b) {
		t.Errorf("Get: got %+v, %v, want %+v", got, err, b)
	}
	if all, err := desk.List(t.Context()); err != nil || !reflect.DeepEqual(all, []access.Key{a, b}) {
		t.Errorf("List: got %+v, %v, want both by id", all, err)
	}
}

func delivery(id string, at time.Time) intake.Delivery {
	return intake.Delivery{
		DeliveryID: intake.DeliveryID{Source: intake.Source{System: "shopify", Instance: "shop-x"}, ID: id},
		Evidence:   intake.HashOf([]byte(id)), Answer: []byte(`{"answer":"accepted"}`), At: at,
	}
}

func remember(t *testing.T, p *place) {
	s := p.open(t)
	desk := s.Desk().Deliveries()
	old, kept := delivery("old", noon.Add(-1)), delivery("kept", noon)
	_, err := desk.Delivery(t.Context(), old.DeliveryID)
	wantCode(t, "an unknown delivery", err, fault.NoSuchThing)
	for _, d := range []intake.Delivery{old, delivery("kept", noon.Add(-time.Hour)), kept} {
		wantCode(t, "Remember", desk.Remember(t.Context(), d), "")
	}
	silent := delivery("no answer", noon)
	silent.Answer = nil
	wantCode(t, "Remember without an answer", desk.Remember(t.Context(), silent), "")
	other := kept.DeliveryID
	other.Instance = "shop-y"
	_, err = desk.Delivery(t.Context(), other)
	wantCode(t, "the same id of another shop", err, fault.NoSuchThing)
	if n, err := desk.Forget(t.Context(), noon); err != nil || n != 1 {
		t.Errorf("Forget: got %d, %v, want 1", n, err)
	}
	shut(t, s)
	desk = p.open(t).Desk().Deliveries()
	_, err = desk.Delivery(t.Context(), old.DeliveryID)
	wantCode(t, "a forgotten delivery", err, fault.NoSuchThing)
	if got, err := desk.Delivery(t.Context(), kept.DeliveryID); err != nil || !reflect.DeepEqual(got, kept) {
		t.Errorf("got %+v, %v, want %+v", got, err, kept)
	}
	if got, err := desk.Delivery(t.Context(), silent.DeliveryID); err != nil || len(got.Answer) != 0 {
		t.Errorf("without an answer: got %+v, %v", got, err)
	}
}

func forgetMany(t *testing.T, p *place) {
	desk := p.open(t).Desk().Deliveries()
	const many = 1001 // one more than is forgotten in one go
	for i := range many {
		if err := desk.Remember(t.Context(), delivery(fmt.Sprint(i), noon)); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []int{many, 0} {
		if n, err := desk.Forget(t.Context(), noon.Add(1)); err != nil || n != want {
			t.Errorf("Forget: got %d, %v, want %d", n, err, want)
		}
	}
}

func waitInOrder(t *testing.T, p *place) {
	s := p.open(t)
	desk := s.Desk().Waiting()
	for _, id := range []string{"c", "a", "b", "a"} {
		wantCode(t, "Keep", desk.Keep(t.Context(), id, []byte("event "+id)), "")
	}
	wantCode(t, "Keep again", desk.Keep(t.Context(), "c", []byte("again")), "")
	wantCode(t, "Release of what is not there", desk.Release(t.Context(), "z"), "")
	last := int64(0)
	kept := func(after int64, limit int) string {
		t.Helper()
		all, err := desk.Kept(t.Context(), after, limit)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, k := range all {
			last = k.Number
			out = append(out, k.ID+"="+string(k.Event))
		}
		return strings.Join(out, ", ")
	}
	if got, want := kept(0, 10), "c=event c, a=event a, b=event b"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := kept(0, 1), "c=event c"; got != want {
		t.Errorf("with a limit of 1: got %s, want %s", got, want)
	}
	if got, want := kept(last, 1), "a=event a"; last == 0 || got != want {
		t.Errorf("behind the first: got %s, want %s", got, want)
	}
	wantCode(t, "Release", desk.Release(t.Context(), "c"), "")
	shut(t, s)
	desk = p.open(t).Desk().Waiting()
	wantCode(t, "Release again", desk.Release(t.Context(), "c"), "")
	if got, want := kept(0, 10), "a=event a, b=event b"; got != want {
		t.Errorf("after a release: got %s, want %s", got, want)
	}
	wantCode(t, "Keep of what was released", desk.Keep(t.Context(), "c", []byte("new")), "")
	if got, want := kept(0, 10), "a=event a, b=event b, c=new"; got != want {
		t.Errorf("after a release and a Keep: got %s, want %s", got, want)
	}
}

func item(subject string, at time.Time) exception.Item {
	return exception.New(exception.Report{Code: fault.LocationUnknown, Source: exception.SourceIntake, Subject: subject, Detail: at.String()}, at)
}

func worklist(t *testing.T, p *place) {
	s := p.open(t)
	desk := s.Desk().Worklist()
	first, again, second := item("one", noon), item("one", noon.Add(time.Hour)), item("two", noon)
	for _, i := range []exception.Item{first, second, again} {
		wantCode(t, "Raise", desk.Raise(t.Context(), i), "")
	}
	closed := first.Again(again).Resolve(noon.Add(2*time.Hour), "position 7")
	want := func(what string, items ...exception.Item) {
		t.Helper()
		if got, err := desk.Items(t.Context()); err != nil || !reflect.DeepEqual(got, items) {
			t.Errorf("%s: got %+v, %v, want %+v", what, got, err, items)
		}
	}
	want("raised", first.Again(again), second)
	wantCode(t, "Resolve", desk.Resolve(t.Context(), first.Resolve(noon.Add(2*time.Hour), "position 7")), "")
	want("resolved", closed, second)
	wantCode(t, "Resolve of what is closed", desk.Resolve(t.Context(), first.Resolve(noon, "somebody else")), "")
	wantCode(t, "Resolve of what is not there", desk.Resolve(t.Context(), item("three", noon)), "")
	shut(t, s)
	desk = p.open(t).Desk().Worklist()
	want("opened again", closed, second)
	wantCode(t, "Raise of what is closed", desk.Raise(t.Context(), again), "")
	want("open again", closed.Again(again), second)
}

func worklistRace(t *testing.T, p *place) {
	stores := []intake.Worklist{p.open(t).Desk().Worklist(), p.open(t).Desk().Worklist()}
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for range 10 {
				wantCode(t, "Raise", stores[n%2].Raise(t.Context(), item("one", noon)), "")
			}
		})
	}
	all.Wait()
	if got, err := stores[0].Items(t.Context()); err != nil || len(got) != 1 || got[0].Count != 80 {
		t.Errorf("got %+v, %v, want one item with a count of 80", got, err)
	}
}
