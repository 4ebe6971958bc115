package app_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/estate"
	"github.com/heddlehq/heddle/fault"
)

// play runs the demo and returns its object.
func play(t *testing.T, figures estate.Scenario, seed uint64) app.DemoResult {
	t.Helper()
	var out, text bytes.Buffer
	err := app.RunDemo(t.Context(), app.DemoOptions{
		Figures: figures, Seed: seed, JSON: true, Out: &out, Err: &text,
		Clock: time.Now,
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, text.String())
	}
	var result app.DemoResult
	if err := json.Unmarshal(out.Bytes(), &result); err != nil {
		t.Fatal(err)
	}
	return result
}

// TestDemo plays the key scenario E01 through real servers.
func TestDemo(t *testing.T) {
	got := play(t, estate.Scenario{}, 0)
	tb := got.TrialBalance
	if tb.Debit != "399.59" || tb.Credit != "399.59" || tb.Currency != "USD" {
		t.Errorf("got %+v, want 399.59 = 399.59 USD", tb)
	}
	if got.ClearingOpen != 0 || got.SecondRunChanges != 0 || !got.PermutedEqual || !got.ReversedEqual || len(got.Steps) != estate.StepCount {
		t.Errorf("got %+v", got)
	}
}

// TestScenarios plays three more scenarios with seeded prices, quantities, taxes and fees.
func TestScenarios(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		got := play(t, estate.Random(seed), seed)
		if got.TrialBalance.Debit != got.TrialBalance.Credit || strings.HasPrefix(got.TrialBalance.Debit, "0") {
			t.Errorf("seed %d: got %+v", seed, got.TrialBalance)
		}
	}
}

// TestDemoSaysWhatDiffers plays on a clock that runs two hours ahead at each look: no signature
// is young enough, and the demo ends with what the door said.
// reproduces: H-DEMO
func TestDemoSaysWhatDiffers(t *testing.T) {
	var looks atomic.Int64
	start := time.Now()
	err := app.RunDemo(t.Context(), app.DemoOptions{
		Out: io.Discard, Err: io.Discard,
		Clock: func() time.Time { return start.Add(time.Duration(looks.Add(1)) * 2 * time.Hour) },
	})
	if !fault.HasCode(err, fault.DemoDiffers) {
		t.Errorf("got %v, want %s", err, fault.DemoDiffers)
	}
}

// TestScenarioFile keeps the documented scenario equal to the one that is played without a file.
func TestScenarioFile(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "scenario.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := estate.ParseScenario(text)
	if err != nil {
		t.Fatal(err)
	}
	if want := estate.E01(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
