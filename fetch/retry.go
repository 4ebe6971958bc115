package fetch

import (
	"time"

	"github.com/heddlehq/heddle/pack"
)

const (
	failuresMax = 5                // tries in a row after which people hear of it
	backoffMin  = time.Second      // after the first failure
	backoffMax  = 15 * time.Minute // at most, whatever the number of failures
)

// backoff returns how long to wait after so many failures in a row: twice as long each time,
// half of it by chance.
func backoff(failures int, jitter func(time.Duration) time.Duration) time.Duration {
	d := backoffMax
	if failures <= 10 {
		d = min(backoffMin<<max(failures-1, 0), backoffMax)
	}
	return d/2 + jitter(d/2)
}

// stops reports whether nothing but a person, or a new notification, can change what a system
// answers.
func stops(meaning pack.Answered) bool { return meaning == pack.Gone || meaning == pack.Denied }
