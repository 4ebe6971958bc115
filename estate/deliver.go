package estate

import (
	"math/rand/v2"
	"slices"
)

// Delivery is one sending of a message. Two deliveries of one number are a redelivery; another
// number is the same fact under a new delivery id, signed anew.
type Delivery struct {
	Message Message
	Number  int
}

// Once delivers each message once, under a delivery number.
func Once(messages []Message, number int) []Delivery {
	out := make([]Delivery, len(messages))
	for i, m := range messages {
		out[i] = Delivery{m, number}
	}
	return out
}

// Shuffled returns the messages in an order that the seed draws.
func Shuffled(messages []Message, seed uint64) []Message {
	out := slices.Clone(messages)
	r := rand.New(rand.NewPCG(seed, 0x5EED)) //nolint:gosec // an order for tests, not a secret
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// Duplicated sends some deliveries twice, at once or under a new id, as senders do whose
// answer got lost; the seed draws which.
func Duplicated(deliveries []Delivery, seed uint64) []Delivery {
	r := rand.New(rand.NewPCG(seed, 0xD0B1E)) //nolint:gosec // faults for tests, not secrets
	var out []Delivery
	for _, d := range deliveries {
		out = append(out, d)
		switch r.IntN(3) {
		case 0:
			out = append(out, d)
		case 1:
			out = append(out, Delivery{d.Message, d.Number + 1})
		}
	}
	return out
}

// Delayed holds some deliveries back until others of the list have passed, as a queue
// somewhere between does; the seed draws which and how long.
func Delayed(deliveries []Delivery, seed uint64) []Delivery {
	r := rand.New(rand.NewPCG(seed, 0xDE1A)) //nolint:gosec // faults for tests, not secrets
	out := slices.Clone(deliveries)
	for i := range out {
		if r.IntN(3) > 0 {
			continue
		}
		to := min(i+1+r.IntN(4), len(out)-1)
		held := out[i]
		copy(out[i:to], out[i+1:to+1])
		out[to] = held
	}
	return out
}
