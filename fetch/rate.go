package fetch

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/pack"
)

// bucket is a vendor's token bucket as far as it is known. It is for one goroutine.
type bucket struct {
	rate    pack.Rate
	limiter *rate.Limiter // nil where no rate is declared
	blocked time.Time     // until when the vendor wants to hear nothing
}

func newBucket(r *pack.Rate) *bucket {
	if r == nil {
		return &bucket{}
	}
	return &bucket{rate: *r, limiter: rate.NewLimiter(rate.Every(r.Every), r.Burst)}
}

// ready returns from when on a request can be sent.
func (b *bucket) ready(now time.Time) time.Time {
	at := now
	if b.limiter != nil {
		reservation := b.limiter.ReserveN(now, 1)
		at = now.Add(reservation.DelayFrom(now))
		reservation.CancelAt(now)
	}
	if b.blocked.After(at) {
		return b.blocked
	}
	return at
}

// take counts a request that is sent now.
func (b *bucket) take(now time.Time) {
	if b.limiter != nil {
		b.limiter.ReserveN(now, 1)
	}
}

// block sends nothing before an instant.
func (b *bucket) block(until time.Time) { b.blocked = until }

// heard corrects the bucket by what the vendor says of its own. What cannot be read is no
// reason to stop.
func (b *bucket) heard(header func(string) string, now time.Time) {
	if b.limiter == nil || b.rate.Header == "" {
		return
	}
	text := strings.TrimSpace(header(b.rate.Header))
	switch b.rate.Tells {
	case pack.TellsUsed:
		first, second, _ := strings.Cut(text, "/")
		used, err := strconv.Atoi(first)
		size, bad := strconv.Atoi(second)
		if err != nil || bad != nil || used < 0 || size < 1 {
			return
		}
		b.limiter.SetBurstAt(now, size)
		if surplus := int(b.limiter.TokensAt(now)) - (size - used); surplus > 0 {
			b.limiter.ReserveN(now, min(surplus, size))
		}
	case pack.TellsRate:
		perSecond, ok := money.ParseFixed(text, rateScale)
		if ok && perSecond > 0 {
			b.limiter.SetLimitAt(now, rate.Every(rateUnit/time.Duration(perSecond)))
		}
	}
}

// A rate is read in millionths of a request a second.
const (
	rateScale = 6
	rateUnit  = 1_000_000 * time.Second
)
