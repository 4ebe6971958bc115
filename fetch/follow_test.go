package fetch_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/heddlehq/heddle/intake"
)

func TestAThinNotificationIsFollowedUp(t *testing.T) {
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
