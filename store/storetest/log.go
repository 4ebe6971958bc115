package storetest

import (
	"context"
	"errors"
	"math"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
)

var logTests = []test{
	{"an empty journal", emptyLog},
	{"what was appended is read", readBack},
	{"a record is read by its position", recordByPosition},
	{"a root is found by the position after it", rootByPosition},
	{"reading begins at any position", readFrom},
	{"reading ends with the caller's error", readStops},
	{"reading ends with its context", readCancelled},
	{"a reader sees whole chunks while others are appended", readWhileAppending},
	{"the largest chunk", largestChunk},
	{"everything is there after opening again", reopenLog},
	{"a chunk's time is never earlier than the one before", clockJumps},
	{"a journal has one tenant and one environment", oneTenant},
}

func emptyLog(t *testing.T, p *place) {
	log := p.open(t).Journal()
	tail, at, err := log.Tail(t.Context())
	if err != nil || tail != journal.Genesis() || !at.IsZero() {
		t.Errorf("Tail: got %v, %v, %v, want genesis", tail, at, err)
	}
	for _, from := range []int64{math.MinInt64, 0, 1, 2, math.MaxInt64} {
		if err := log.Read(t.Context(), from, func(*journal.Chunk) error { return errors.New("called") }); err != nil {
			t.Errorf("Read from %d: %v", from, err)
		}
		_, err := log.Record(t.Context(), from)
		wantCode(t, "Record", err, fault.NoSuchThing)
	}
	if root, ok, err := log.Root(t.Context(), 1); err != nil || !ok || !root.IsZero() {
		t.Errorf("Root at 1: got %v, %v, %v, want zero", root, ok, err)
	}
	for _, next := range []int64{math.MinInt64, -1, 0, 2, math.MaxInt64} {
		if _, ok, err := log.Root(t.Context(), next); err != nil || ok {
			t.Errorf("Root at %d: got %v, %v, want none", next, ok, err)
		}
	}
	if report := verify(t, log); report.Chunks != 0 {
		t.Errorf("VerifyChain: got %+v", report)
	}
}

func readBack(t *testing.T, p *place) {
	log := p.open(t).Journal()
	want := grow(t, log, 1, 16, 17, 2, 500)
	wantTail(t, log, want[4].End())
	if _, at, _ := log.Tail(t.Context()); !at.Equal(want[4].At) {
		t.Errorf("Tail: got time %v, want %v", at, want[4].At)
	}
	var got []*journal.Chunk
	err := log.Read(t.Context(), 1, func(c *journal.Chunk) error {
		got = append(got, c) // fn may keep it
		return nil
	})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Read: got %d chunks, %v, want the %d that were appended", len(got), err, len(want))
	}
	if report := verify(t, log); report.Tail != want[4].End() || report.Chunks != 5 {
		t.Errorf("VerifyChain: got %+v", report)
	}
}

func recordByPosition(t *testing.T, p *place) {
	log := p.open(t).Journal()
	for _, c := range grow(t, log, 1, 40, 3) {
		for _, want := range c.Records {
			got, err := log.Record(t.Context(), want.Position)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("position %d: got %+v, %v, want %+v", want.Position, got, err, want)
			}
		}
	}
	for _, none := range []int64{math.MinInt64, -1, 0, 45, 46, math.MaxInt64} {
		_, err := log.Record(t.Context(), none)
		wantCode(t, "a position that is not there", err, fault.NoSuchThing)
	}
}

func rootByPosition(t *testing.T, p *place) {
	log := p.open(t).Journal()
	ends := map[int64]journal.Hash{1: {}}
	for _, c := range grow(t, log, 3, 1, 5) {
		ends[c.End().Next] = c.Root
	}
	for next := int64(-1); next < 15; next++ {
		want, there := ends[next]
		got, ok, err := log.Root(t.Context(), next)
		if err != nil || ok != there || got != want {
			t.Errorf("Root at %d: got %v, %v, %v, want %v, %v", next, got, ok, err, want, there)
		}
	}
}

func readFrom(t *testing.T, p *place) {
	log := p.open(t).Journal()
	grow(t, log, 3, 1, 5) // ends at 4, 5, 10
	for from, want := range map[int64][]int64{
		-5: {1, 4, 5}, 0: {1, 4, 5}, 1: {1, 4, 5}, 3: {1, 4, 5}, 4: {4, 5}, 5: {5}, 9: {5}, 10: nil, 11: nil, math.MaxInt64: nil,
	} {
		var got []int64
		err := log.Read(t.Context(), from, func(c *journal.Chunk) error {
			got = append(got, c.First)
			return nil
		})
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("from %d: got chunks at %v, %v, want %v", from, got, err, want)
		}
	}
}

func readStops(t *testing.T, p *place) {
	log := p.open(t).Journal()
	grow(t, log, 1, 1, 1)
	enough := errors.New("enough")
	calls := 0
	err := log.Read(t.Context(), 1, func(c *journal.Chunk) error {
		if calls++; calls == 2 {
			return enough
		}
		_, err := log.Record(t.Context(), c.First) // fn may use the log
		return err
	})
	if err != enough || calls != 2 { //nolint:errorlint // as it is, and not wrapped
		t.Errorf("got %v after %d calls, want the error itself after 2", err, calls)
	}
}

func readCancelled(t *testing.T, p *place) {
	log := p.open(t).Journal()
	grow(t, log, 1, 1, 1)
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	err := log.Read(ctx, 1, func(*journal.Chunk) error {
		calls++
		cancel()
		return nil
	})
	wantCode(t, "Read", err, fault.TooBusy)
	if calls != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v after %d calls, want context.Canceled after 1", err, calls)
	}
	_, _, err = log.Tail(ctx)
	wantCode(t, "Tail", err, fault.TooBusy)
	_, err = log.Record(ctx, 1)
	wantCode(t, "Record", err, fault.TooBusy)
	_, _, err = log.Root(ctx, 2)
	wantCode(t, "Root", err, fault.TooBusy)
	wantTail(t, log, verify(t, log).Tail) // with a context of its own everything works
}

func readWhileAppending(t *testing.T, p *place) {
	log := p.open(t).Journal()
	const chunks = 150
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for running := true; running; {
				select {
				case <-done:
					running = false
				default:
				}
				before, _, err := log.Tail(context.Background())
				if err != nil {
					t.Errorf("Tail: %v", err)
					return
				}
				if got := verify(t, log).Tail; got.Next < before.Next {
					t.Errorf("read up to %d, and the tail was %d before", got.Next, before.Next)
				}
			}
		})
	}
	tail := journal.Genesis()
	for i := range chunks {
		c := seal(t, tail, noon, 1+i%20)
		if err := log.Append(t.Context(), c); err != nil {
			t.Errorf("Append: %v", err)
			break
		}
		tail = c.End()
		wantTail(t, log, tail)
	}
	close(done)
	readers.Wait()
	if got := verify(t, log).Tail; got != tail {
		t.Errorf("got tail %v, want %v", got, tail)
	}
}

func largestChunk(t *testing.T, p *place) {
	log := p.open(t).Journal()
	noise := make([]byte, journal.BodyMax-journal.Record{}.Size())
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	one := sealOf(t, journal.Genesis(), noon, journal.Record{Fact: noise})
	many := make([]journal.Record, journal.BodyMax/(journal.Record{}.Size()+1))
	for i := range many {
		many[i] = journal.Record{Fact: []byte{byte('0' + i%10)}}
	}
	all := sealOf(t, one.End(), noon, many...)
	for _, c := range []*journal.Chunk{one, all} {
		if err := log.Append(t.Context(), c); err != nil {
			t.Fatalf("Append of %d records: %v", len(c.Records), err)
		}
	}
	if got := verify(t, log).Tail; got != all.End() {
		t.Errorf("got tail %v, want %v", got, all.End())
	}
	last := all.Records[len(many)-1]
	if got, err := log.Record(t.Context(), last.Position); err != nil || string(got.Fact) != string(last.Fact) {
		t.Errorf("the last record: got %q, %v, want %q", got.Fact, err, last.Fact)
	}
}

func reopenLog(t *testing.T, p *place) {
	s := p.open(t)
	chunks := grow(t, s.Journal(), 3, 20)
	shut(t, s)
	log := p.open(t).Journal()
	wantTail(t, log, chunks[1].End())
	wantCode(t, "the last chunk again", log.Append(t.Context(), chunks[1]), "")
	wantTail(t, log, chunks[1].End())
	more := grow(t, log, 2)
	if got := verify(t, log); got.Tail != more[0].End() || got.Chunks != 3 {
		t.Errorf("VerifyChain: got %+v", got)
	}
}

func clockJumps(t *testing.T, p *place) {
	log := p.open(t).Journal()
	first := grow(t, log, 2)[0]
	wantCode(t, "a nanosecond earlier", log.Append(t.Context(), seal(t, first.End(), first.At.Add(-1), 1)), fault.InternalError)
	wantTail(t, log, first.End())
	same := seal(t, first.End(), first.At, 1)
	wantCode(t, "the same time", log.Append(t.Context(), same), "")
	later := seal(t, same.End(), time.Date(2261, 12, 31, 23, 59, 59, 999999999, time.UTC), 1)
	wantCode(t, "the latest time", log.Append(t.Context(), later), "")
	if got, err := log.Record(t.Context(), later.First); err != nil || !got.At.Equal(later.At) {
		t.Errorf("got time %v, %v, want %v", got.At, err, later.At)
	}
}

func oneTenant(t *testing.T, p *place) {
	log := p.open(t).Journal()
	first := grow(t, log, 2)[0]
	other, err := journal.Seal("other", "test", first.End(), first.At, records(0, 1))
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, "another tenant", log.Append(t.Context(), other), fault.BadConfig)
	production, err := journal.Seal("acme", "production", first.End(), first.At, records(0, 1))
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, "another environment", log.Append(t.Context(), production), fault.BadConfig)
	wantTail(t, log, first.End())
}
