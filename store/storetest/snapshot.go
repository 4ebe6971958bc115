package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/store"
)

var snapshotTests = []test{
	{"rows and watermark are of one instant", oneInstant},
	{"a snapshot stays as it is while others apply", staysAsItIs},
	{"a scan stops when it is told to", scanStops},
	{"a scan may use its snapshot", scanNested},
	{"a snapshot ends with its context", snapshotCancelled},
	{"closing twice does nothing", closeTwice},
	{"many snapshots at a time", manySnapshots},
}

// oneInstant moves units between counters, so that their sum is the watermark's position
// at every instant, and lets readers add them up meanwhile.
func oneInstant(t *testing.T, p *place) {
	s := p.open(t)
	other := p.open(t).Views()
	done := make(chan struct{})
	var readers sync.WaitGroup
	for n := range 4 {
		v := s.Views()
		if n%2 == 1 {
			v = other
		}
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				got := dumpOf(t, v, "p")
				sum := int64(0)
				for _, n := range got.Counters {
					sum += n
				}
				if at := got.Mark.Next; sum != at-1 || at > 1 && got.Docs["a/at"] != fmt.Sprint(at) {
					t.Errorf("at %d: the counters add up to %d, and the document says %q", at, sum, got.Docs["a/at"])
					return
				}
			}
		})
	}
	for i := range int64(100) {
		from, to := fmt.Sprint("k", i%7), fmt.Sprint("k", (i+3)%7)
		moves := []store.Delta{{Table: "a", Key: from, Add: -9}, {Table: "a", Key: to, Add: 9}, {Table: "b", Key: from, Add: 1}}
		slices.SortFunc(moves[:2], func(x, y store.Delta) int { return compare(x.Key, y.Key) })
		apply(t, s.Views(), "p", i+1, i+2, store.Changes{Docs: []store.Doc{doc("a", "at", fmt.Sprint(i+2))}, Deltas: moves})
	}
	close(done)
	readers.Wait()
}

func compare(a, b string) int {
	if a < b {
		return -1
	}
	return 1
}

func staysAsItIs(t *testing.T, p *place) {
	v := p.open(t).Views()
	apply(t, v, "p", 1, 2, store.Changes{Docs: []store.Doc{doc("a", "x", "1")}, Deltas: []store.Delta{{Table: "a", Key: "x", Add: 1}}})
	s := read(t, v, "p")
	defer closeSnapshot(t, s)
	for i := range int64(5) {
		apply(t, v, "p", i+2, i+3, store.Changes{
			Docs: []store.Doc{doc("a", "x", "2"), doc("b", fmt.Sprint(i), "new table")}, Deltas: []store.Delta{{Table: "a", Key: "x", Add: 1}}})
		wantRows(t, dump(t, s), rows{Mark: mark(2), Docs: map[string]string{"a/x": "1"}, Counters: map[string]int64{"a/x": 1}})
	}
	found, err := s.Docs("b", []string{"0"})
	if err != nil || len(found) != 0 {
		t.Errorf("a table that came later: got %v, %v, want none", found, err)
	}
}

func scanStops(t *testing.T, p *place) {
	v := p.open(t).Views()
	apply(t, v, "p", 1, 2, store.Changes{
		Docs:   []store.Doc{doc("a", "1", ""), doc("a", "2", ""), doc("a", "3", "")},
		Deltas: []store.Delta{{Table: "a", Key: "1", Add: 1}, {Table: "a", Key: "2", Add: 1}, {Table: "a", Key: "3", Add: 1}},
	})
	s := read(t, v, "p")
	defer closeSnapshot(t, s)
	enough := errors.New("enough")
	for _, stop := range []error{nil, enough} {
		var keys, counted []string
		errDocs := s.Scan("a", store.Range{}, func(key string, _ []byte) (bool, error) {
			keys = append(keys, key)
			return len(keys) < 2, onlyAt(len(keys) == 2, stop)
		})
		errCounters := s.ScanCounters("a", store.Range{}, func(key string, _ int64) (bool, error) {
			counted = append(counted, key)
			return len(counted) < 2, onlyAt(len(counted) == 2, stop)
		})
		if errDocs != stop || errCounters != stop { //nolint:errorlint // as it is, and not wrapped
			t.Errorf("got %v and %v, want %v itself", errDocs, errCounters, stop)
		}
		if !slices.Equal(keys, []string{"1", "2"}) || !slices.Equal(counted, keys) {
			t.Errorf("got %v and %v, want 1 and 2", keys, counted)
		}
	}
}

func onlyAt(here bool, err error) error {
	if here {
		return err
	}
	return nil
}

// scanNested reads the same table in a scan of it, by every way there is.
func scanNested(t *testing.T, p *place) {
	v := p.open(t).Views()
	apply(t, v, "p", 1, 2, store.Changes{
		Docs:   []store.Doc{doc("a", "1", "one"), doc("a", "2", "two"), doc("a", "3", "three")},
		Deltas: []store.Delta{{Table: "a", Key: "1", Add: 1}, {Table: "a", Key: "2", Add: 2}},
	})
	s := read(t, v, "p")
	defer closeSnapshot(t, s)
	var got []string
	err := s.Scan("a", store.Range{}, func(key string, value []byte) (bool, error) {
		again, err := s.Docs("a", []string{key})
		if err != nil || string(again[key]) != string(value) {
			t.Errorf("%s: got %q, %v, want %q", key, again[key], err, value)
		}
		got = append(got, string(value))
		inner := 0
		err = errors.Join(
			s.Scan("a", store.Range{From: key}, func(string, []byte) (bool, error) { inner++; return true, nil }),
			s.ScanCounters("a", store.Range{From: key}, func(string, int64) (bool, error) { inner++; return true, nil }))
		got = append(got, fmt.Sprint(inner))
		return true, err
	})
	if want := []string{"one", "5", "two", "3", "three", "1"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func snapshotCancelled(t *testing.T, p *place) {
	v := p.open(t).Views()
	apply(t, v, "p", 1, 2, store.Changes{Docs: []store.Doc{doc("a", "1", ""), doc("a", "2", "")}, Deltas: []store.Delta{{Table: "a", Key: "1", Add: 1}}})
	for range 40 { // more than there may be connections: each is given back in order
		ctx, cancel := context.WithCancel(t.Context())
		s, err := v.Read(ctx, "p")
		if err != nil {
			t.Fatalf("Read: %v", err)
		}
		err = s.Scan("a", store.Range{}, func(string, []byte) (bool, error) {
			cancel()
			return true, nil
		})
		wantCode(t, "Scan", err, fault.TooBusy)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Scan: got %v, want context.Canceled inside", err)
		}
		_, err = s.Docs("a", []string{"1"})
		wantCode(t, "Docs", err, fault.TooBusy)
		_, err = s.Counters("a", []string{"1"})
		wantCode(t, "Counters", err, fault.TooBusy)
		closeSnapshot(t, s)
		_, err = v.Read(ctx, "p")
		wantCode(t, "Read", err, fault.TooBusy)
		cancel()
	}
	wantRows(t, dumpOf(t, v, "p"), rows{Mark: mark(2), Docs: map[string]string{"a/1": "", "a/2": ""}, Counters: map[string]int64{"a/1": 1}})
}

func closeTwice(t *testing.T, p *place) {
	v := p.open(t).Views()
	apply(t, v, "p", 1, 2, docs(doc("a", "x", "1")))
	s := read(t, v, "p")
	closeSnapshot(t, s)
	again := read(t, v, "p") // may have got what s gave back
	closeSnapshot(t, s)
	wantRows(t, dump(t, again), rows{Mark: mark(2), Docs: map[string]string{"a/x": "1"}})
	closeSnapshot(t, again)
}

// manySnapshots asks for more at a time than there may be connections: they take turns.
func manySnapshots(t *testing.T, p *place) {
	v := p.open(t).Views()
	apply(t, v, "p", 1, 2, docs(doc("a", "x", "1")))
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if got := dumpOf(t, v, "p"); got.Docs["a/x"] != "1" {
				t.Errorf("got %+v", got)
			}
		})
	}
	all.Wait()
}
