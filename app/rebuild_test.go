package app_test

import (
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/store"
	"github.com/heddlehq/heddle/store/sqlite"
)

// projection reads a projection's watermark and the documents of a table.
func projection(t *testing.T, s store.Store, name, table string) (journal.Watermark, map[string]string) {
	t.Helper()
	snapshot, err := s.Views().Read(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer snapshot.Close()
	docs := map[string]string{}
	err = snapshot.Scan(table, store.Range{}, func(key string, value []byte) (bool, error) {
		docs[key] = string(value)
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return snapshot.Watermark(), docs
}

// TestRebuild makes both projections of an installation anew: the same rows at the same
// watermark, and nothing beside them.
func TestRebuild(t *testing.T) {
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	fill(t, s, workedExample(t, "E01", ""))
	for name, table := range map[string]string{flow.Operations: "reference", booking.Name: "entry"} {
		t.Run(name, func(t *testing.T) {
			wantMark, want := projection(t, s, name, table)
			mark, err := app.Rebuild(t.Context(), s, name, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			gotMark, got := projection(t, s, name, table)
			if mark != wantMark || gotMark != wantMark || len(got) != len(want) || len(got) == 0 {
				t.Errorf("%d rows at %v, want %d at %v", len(got), gotMark, len(want), wantMark)
			}
			for key, value := range want {
				if got[key] != value {
					t.Errorf("%q: got %s, want %s", key, got[key], value)
				}
			}
			all, err := s.Views().Projections(t.Context())
			if err != nil || len(all) != 2 {
				t.Errorf("projections %v, %v", all, err)
			}
		})
	}
	if _, err := app.Rebuild(t.Context(), s, "others", slog.New(slog.DiscardHandler)); !fault.HasCode(err, fault.BadRequest) {
		t.Errorf("an unknown projection: %v, want H-REQUEST", err)
	}
}

// fill gives events to an owner on the store, and books them.
func fill(t *testing.T, s store.Store, events string) {
	t.Helper()
	clock := func() time.Time { return time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC) }
	owner, err := flow.Open(t.Context(), s.Journal(), s.Views(), flow.Options{Tenant: "acme", Environment: "test", Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(events) {
		e, _, err := event.Parse([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := owner.Submit(t.Context(), []record.Submission{{Event: e}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := owner.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	books, err := booking.Open(t.Context(), s.Journal(), s.Views(), booking.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(books.CatchUp(t.Context()), books.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
}
