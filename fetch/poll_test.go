package fetch_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fetch"
	"github.com/heddlehq/heddle/pack"
)

func packFollowUp(name, id string) pack.FollowUp {
	return pack.FollowUp{Fetch: name, With: map[string]string{"move_id": id}}
}

func polling(names ...string) func(*fetch.Source) {
	return func(s *fetch.Source) {
		for _, name := range names {
			s.Polls = append(s.Polls, fetch.PollFrom{Name: name, Since: noon.Add(-time.Hour)})
		}
	}
}

// Each poll asks in the way of one kind of vendor, and brings the same.
func TestPolls(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		want []string
	}{
		{"search", []string{
			`12:00:00 POST /v2/moves/search {"filter":{"updated_at":{"start_at":"2026-06-01T10:58:00Z"}},"limit":2,"places":["S1","S2"],"sort":"updated_at"}`,
			`12:00:00 POST /v2/moves/search {"cursor":"after-2","filter":{"updated_at":{"start_at":"2026-06-01T10:58:00Z"}},"limit":2,"places":["S1","S2"],"sort":"updated_at"}`,
			`12:00:00 POST /v2/moves/search {"cursor":"after-4","filter":{"updated_at":{"start_at":"2026-06-01T10:58:00Z"}},"limit":2,"places":["S1","S2"],"sort":"updated_at"}`,
			`12:05:00 POST /v2/moves/search {"filter":{"updated_at":{"start_at":"2026-06-01T11:49:00Z"}},"limit":2,"places":["S1","S2"],"sort":"updated_at"}`,
		}},
		{"linked", []string{
			`12:00:00 GET /admin/moves.json?limit=2&place=S1%2CS2&updated_at_min=2026-06-01T10%3A58%3A00Z`,
			`12:00:00 GET /admin/moves.json?limit=2&page_info=2026-06-01T10:58:00Z~after-2`,
			`12:00:00 GET /admin/moves.json?limit=2&page_info=2026-06-01T10:58:00Z~after-4`,
			`12:05:00 GET /admin/moves.json?limit=2&place=S1%2CS2&updated_at_min=2026-06-01T11%3A49%3A00Z`,
		}},
		{"numbered", []string{
			`12:00:00 GET /wp-json/moves?dates_are_gmt=true&modified_after=2026-06-01T10%3A58%3A00&order=desc&orderby=modified&page=1&per_page=2`,
			`12:00:00 GET /wp-json/moves?dates_are_gmt=true&modified_after=2026-06-01T10%3A58%3A00&order=desc&orderby=modified&page=2&per_page=2`,
			`12:00:00 GET /wp-json/moves?dates_are_gmt=true&modified_after=2026-06-01T10%3A58%3A00&order=desc&orderby=modified&page=3&per_page=2`,
			`12:05:00 GET /wp-json/moves?dates_are_gmt=true&modified_after=2026-06-01T11%3A49%3A00&order=desc&orderby=modified&page=1&per_page=2`,
		}},
		// Two at once, then one a minute: the third page waits, and with it the next round.
		{"by_token", []string{
			`12:00:00 GET /orders/v0/moves?LastUpdatedAfter=2026-06-01T10%3A58%3A00Z`,
			`12:00:00 GET /orders/v0/moves?LastUpdatedAfter=2026-06-01T10%3A58%3A00Z&NextToken=after-2`,
			`12:01:00 GET /orders/v0/moves?LastUpdatedAfter=2026-06-01T10%3A58%3A00Z&NextToken=after-4`,
			`12:06:00 GET /orders/v0/moves?LastUpdatedAfter=2026-06-01T11%3A49%3A00Z`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.source = func(s *fetch.Source) {
				polling(c.name)(s)
				s.Options = map[string]string{"places": "S1,S2"}
			}
			for i := range 5 {
				r.vendor.put(moveOf(fmt.Sprintf("m-%d", i), "1", noon.Add(time.Duration(3*i-21)*time.Minute)))
			}
			r.vendor.put(moveOf("too old", "100", noon.Add(-2*time.Hour)))
			r.open().run(9 * time.Minute)
			wantLines(t, "asked", r.vendor.requests(), c.want...)
			wantText(t, "on hand", r.onHand(), "5")
			wantLines(t, "work list", r.items())
			wantText(t, "since", r.status().Polls[0].Since.Format(time.TimeOnly), "11:51:00")
		})
	}
}

// A webhook's follow-up and four polls tell of the same moves, again and again.
func TestPollsAndNotificationsMeetInOneKey(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.source = polling("search", "linked", "numbered", "by_token")
	for i := range 5 {
		r.vendor.put(moveOf(fmt.Sprintf("m-%d", i), "1", noon.Add(-time.Minute)))
	}
	r.open()
	r.notify("e-1", "m-1")
	r.run(30 * time.Minute)
	wantText(t, "on hand", r.onHand(), "5")
	wantText(t, "facts", r.facts(), 5)
	wantLines(t, "work list", r.items())
}

// The system shows a change a minute after it has happened, and after a newer one.
func TestTheOverlapFindsWhatIsShownLate(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.source = polling("search")
	r.vendor.put(moveOf("early", "1", noon.Add(-time.Minute)))
	r.open().run(time.Minute)
	r.vendor.put(moveOf("late", "10", noon.Add(-2*time.Minute)))
	r.run(10 * time.Minute)
	wantText(t, "on hand", r.onHand(), "11")
}

// A change that is dated in the future, or that happens while pages are read, does not have
// the poll skip what lies before it.
func TestTheCursorNeverPassesTheBeginning(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.source = polling("search")
	r.vendor.put(moveOf("future", "1", noon.Add(24*time.Hour)))
	r.open().run(time.Minute)
	wantText(t, "since", r.status().Polls[0].Since, noon)
	r.vendor.put(moveOf("now", "10", noon.Add(time.Minute)))
	r.run(10 * time.Minute)
	wantText(t, "on hand", r.onHand(), "11")
}

func TestAPollIsRunOnCommand(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.source = polling("search")
	for i := range 3 {
		r.vendor.put(moveOf(fmt.Sprintf("m-%d", i), "1", noon.Add(-3*time.Hour)))
	}
	r.open()
	summary, err := r.fetcher.Poll(t.Context(), r.status().Source, "search", time.Time{})
	must(t, err)
	wantText(t, "since the cursor", summary, "{1 0 map[] 0 0}")
	summary, err = r.fetcher.Poll(t.Context(), r.status().Source, "search", noon.Add(-4*time.Hour))
	must(t, err)
	wantText(t, "since four hours", summary, "{2 3 map[accepted:3] 0 0}")
	summary, err = r.fetcher.Poll(t.Context(), r.status().Source, "search", noon.Add(-4*time.Hour))
	must(t, err)
	wantText(t, "again", summary, "{2 3 map[duplicate:3] 0 0}")
	wantText(t, "facts", r.facts(), 3)
	if _, err := r.fetcher.Poll(t.Context(), r.status().Source, "linked", time.Time{}); err == nil {
		t.Error("a poll that is not on was run")
	}
}
