package fetch_test

import (
	"fmt"
	"testing"
	"time"
)

// The process dies before or after any call that leaves something behind: taking a record in,
// moving a cursor, closing or keeping a follow-up. Started again it goes on, and everything has
// come in once.
func TestKills(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		t.Run(fmt.Sprintf("after the call: %v", after), func(t *testing.T) {
			t.Parallel()
			for at := 1; survives(t, &death{at: at, after: after}) || at <= 10; at++ {
				if at > 100 {
					t.Fatal("it never gets through")
				}
			}
		})
	}
}

// survives lets the process die and live on, and reports whether it died at all.
func survives(t *testing.T, d *death) bool {
	t.Helper()
	r := newRig(t)
	r.source = polling("search")
	r.death = d
	for i := range 5 {
		r.vendor.put(moveOf(fmt.Sprintf("m-%d", i), "1", noon.Add(-time.Minute)))
	}
	r.vendor.put(moveOf("only followed", "10", noon.Add(-2*time.Hour)))
	r.open()
	r.notify("e-1", "only followed")
	r.notify("e-2", "m-3")
	r.notify("e-3", "gone")
	r.run(4 * time.Minute)
	died := d.dead
	r.close()
	r.death = nil
	r.open().run(8 * time.Minute)
	what := fmt.Sprintf("killed at call %d", d.at)
	wantText(t, what+": on hand", r.onHand(), "15")
	wantText(t, what+": facts", r.facts(), 6)
	wantText(t, what+": follow-ups", r.status().FollowUps, 1)
	wantLines(t, what+": work list", r.items(), `H-FETCH-GONE counter/main move move_id="gone": the answer has no record`)
	wantText(t, what+": since", r.status().Polls[0].Since, noon.Add(-time.Minute))
	r.close()
	return died
}

// A catch-up of many pages does not begin again after a crash.
func TestACursorSurvives(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.source = polling("search")
	for i := range 9 {
		r.vendor.put(moveOf(fmt.Sprintf("m-%d", i), "1", noon.Add(-time.Minute)))
	}
	r.death = &death{at: 6} // two pages with their cursors are durable, the third is not
	r.open().run(time.Minute)
	wantText(t, "asked", len(r.vendor.requests()), 2)
	r.close()
	r.death = nil
	r.open().run(time.Minute)
	asked := r.vendor.requests()
	wantText(t, "asked", len(asked), 4)
	wantText(t, "first", asked[0], asked[0][:9]+`POST /v2/moves/search {"cursor":"after-2","filter":{"updated_at":{"start_at":"2026-06-01T10:58:00Z"}},"limit":2,"places":null,"sort":"updated_at"}`)
	wantText(t, "on hand", r.onHand(), "9")
}
