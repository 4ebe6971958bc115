package fetch_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
)

func TestAThinNotificationIsFollowedUp(t *testing.T) {
	t.Parallel()
	r := newRig(t).open()
	r.vendor.put(moveOf("m-1", "2", noon))
	receipt := r.notify("e-1", "m-1")
	if len(receipt.Records) != 1 || receipt.Records[0].Follow == "" || r.facts() != 0 {
		t.Fatalf("got %+v and %d facts, want a follow-up and no fact yet", receipt, r.facts())
	}
	wantText(t, "follow-ups", r.status().FollowUps, 1)
	r.run(time.Second)
	wantText(t, "on hand", r.onHand(), "2")
	wantText(t, "follow-ups", r.status().FollowUps, 0)
	wantLines(t, "asked", r.vendor.requests(), `12:00:00 POST /v2/moves/batch-retrieve {"ids":["m-1"]}`)

	// The same delivery again asks nothing; another one asks, and changes nothing.
	if again := r.notify("e-1", "m-1"); !again.Redelivered {
		t.Errorf("got %+v, want a redelivery", again)
	}
	r.run(time.Second)
	wantLines(t, "asked", r.vendor.requests())
	r.notify("e-2", "m-1")
	r.run(time.Second)
	wantText(t, "asked", len(r.vendor.requests()), 1)
	wantText(t, "facts", r.facts(), 1)

	// A change has a higher version, and replaces.
	changed := moveOf("m-1", "5", noon.Add(time.Minute))
	changed.Version = 2
	r.vendor.put(changed)
	r.notify("e-3", "m-1")
	r.run(time.Second)
	wantText(t, "on hand", r.onHand(), "5")
	wantLines(t, "work list", r.items())
}

func TestNotificationsOfOneObjectAreOneQuestion(t *testing.T) {
	t.Parallel()
	r := newRig(t).open()
	r.vendor.put(moveOf("m-1", "2", noon), moveOf("m-2", "3", noon))
	for _, delivery := range []string{"e-1", "e-2", "e-3"} {
		r.notify(delivery, "m-1")
	}
	r.notify("e-4", "m-2")
	r.run(time.Second)
	wantLines(t, "asked", r.vendor.requests(),
		`12:00:00 POST /v2/moves/batch-retrieve {"ids":["m-1"]}`, `12:00:00 POST /v2/moves/batch-retrieve {"ids":["m-2"]}`)
	wantText(t, "on hand", r.onHand(), "5")
}

// What is fetched can be older than a notification that comes while it is fetched.
func TestANotificationDuringTheQuestionAsksAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t).open()
	r.vendor.put(moveOf("m-1", "2", noon))
	r.notify("e-1", "m-1")
	meanwhile := true
	r.vendor.answerBefore(func(http.ResponseWriter, *http.Request) bool {
		if meanwhile {
			meanwhile = false
			r.notify("e-2", "m-1")
		}
		return false
	})
	r.run(time.Second)
	wantText(t, "asked", len(r.vendor.requests()), 2)
	wantText(t, "follow-ups", r.status().FollowUps, 0)
	wantText(t, "facts", r.facts(), 1)
}

func TestAQuestionIsAskedOnCommand(t *testing.T) {
	t.Parallel()
	r := newRig(t).open()
	r.vendor.put(moveOf("m-1", "2", noon))
	summary, err := r.fetcher.FollowUp(t.Context(), followUp("move_by_path", "m-1"))
	must(t, err)
	wantText(t, "summary", summary, "{1 1 map[accepted:1] 0 0}")
	wantLines(t, "asked", r.vendor.requests(), `12:00:00 GET /v2/moves/m-1`)
	wantText(t, "follow-ups", r.status().FollowUps, 0)
}

func followUp(fetch, id string) intake.FollowUp {
	return intake.NewFollowUp("counter", "main", packFollowUp(fetch, id), noon)
}

// Some systems tell of a thing and of its lines apart: both are asked, and mapped as one.
func TestWhatStandsBesideARecord(t *testing.T) {
	t.Parallel()
	r := newRig(t).open()
	r.vendor.put(moveOf("m-1", "", noon))
	_, err := r.fetcher.FollowUp(t.Context(), followUp("move_and_lines", "m-1"))
	must(t, err)
	wantLines(t, "asked", r.vendor.requests(),
		`12:00:00 GET /orders/v0/moves/m-1`, `12:00:00 GET /orders/v0/moves/m-1/lines`, `12:00:00 GET /orders/v0/moves/m-1/lines?NextToken=more`)
	wantText(t, "on hand", r.onHand(), "3.5")
	if _, err := r.fetcher.FollowUp(t.Context(), followUp("move_and_lines", "none")); !fault.HasCode(err, fault.FetchGone) {
		t.Errorf("got %v, want %s", err, fault.FetchGone)
	}
	wantText(t, "asked", len(r.vendor.requests()), 1)
}

func TestWhatStandsBesideARecordIsLimited(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, from, to, want string }{
		{"several records", "records: .payload\n", "records: .payload | .id, .kind\n", "H-FETCH-DENIED: counter/main: the answer has 2 records, and others belong beside one"},
		{"bytes over all pages", "records: .payload.Lines[]\n", "records: .payload.Lines[]\n    limits: {bytes: 120}\n", ""},
		{"one byte less", "records: .payload.Lines[]\n", "records: .payload.Lines[]\n    limits: {bytes: 119}\n", "H-TOO-LARGE: counter/main: the records have more than 119 bytes"},
		{"pages", "records: .payload.Lines[]\n", "records: .payload.Lines[]\n    limits: {pages: 1}\n", "H-TOO-LARGE: counter/main: the answer has more than 1 pages"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.text = func(manifest string) string { return replaceOnce(t, manifest, c.from, c.to) }
			r.open().vendor.put(moveOf("m-1", "", noon))
			_, err := r.fetcher.FollowUp(t.Context(), followUp("move_and_lines", "m-1"))
			if got := fmt.Sprint(err); got != c.want && (err != nil || c.want != "") {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// On command, what was refused before is mapped anew: the pack may have been mended.
func TestOnCommandEverythingIsMappedAnew(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.text = func(manifest string) string {
		return replaceOnce(t, manifest, "mapping: move.jq\n    version: .version\n", "mapping: move-and-lines.jq\n    version: .version\n")
	}
	r.open().vendor.put(moveOf("m-1", "2", noon))
	summary, err := r.fetcher.FollowUp(t.Context(), followUp("move_by_path", "m-1"))
	must(t, err)
	wantText(t, "refused", summary.Refused, 1)
	r.close()
	r.text = nil
	r.open()
	r.notify("e-1", "m-1")
	r.run(time.Second)
	wantText(t, "on hand", r.onHand(), "0")
	_, err = r.fetcher.FollowUp(t.Context(), followUp("move_by_path", "m-1"))
	must(t, err)
	wantText(t, "on hand", r.onHand(), "2")
}

func TestTheCounterPack(t *testing.T) {
	t.Parallel()
	results, err := newRig(t).counter().RunCases(t.Context())
	must(t, err)
	for _, c := range results {
		if *update {
			must(t, os.WriteFile("testdata/counter/"+c.File, c.Updated, 0o600))
		} else {
			wantText(t, c.File, c.Got, c.Want)
		}
	}
}

var update = flag.Bool("update", false, "rewrite the expected parts of testdata")
