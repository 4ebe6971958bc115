package bench

import (
	"context"
	"runtime"
	"slices"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/pack"
)

// Options say how long is measured.
type Options struct {
	// Rounds is how often pack and hand take turns; 7. The median counts.
	Rounds int
	// Turn is how much processor time one of them has at a time; 400 ms. The garbage collector
	// has to run several times in a turn: in a shorter one it runs sometimes, and for what the
	// other one left.
	Turn time.Duration
	// Heap is how many bytes without pointers the process holds meanwhile, as a server holds
	// pages, blocks and bodies; 64 MiB. Without them the garbage collector would go through the
	// compiled packs after every few megabytes, which says more about a small heap than about
	// the payloads.
	Heap int
	// Clock tells how much processor time the process has taken.
	Clock func() time.Duration
}

// EnsureDefaults replaces what is zero.
func (o *Options) EnsureDefaults() {
	if o.Rounds == 0 {
		o.Rounds = 7
	}
	if o.Turn == 0 {
		o.Turn = 400 * time.Millisecond
	}
	if o.Heap == 0 {
		o.Heap = 64 << 20
	}
	if o.Clock == nil {
		o.Clock = spent
	}
}

// Row is what came of one payload.
type Row struct {
	Name  string
	Bytes int
	// Pack and Hand are what one payload took, the median of the rounds.
	Pack, Hand time.Duration
	// Percent is what the pack took in hundredths of what the hand took in the same round,
	// the median of the rounds.
	Percent int64
}

// Run measures each payload by its pack and by hand, on one core. A payload that is refused
// ends it with the refusal.
func Run(ctx context.Context, set *pack.Set, payloads []Payload, o Options) ([]Row, error) {
	o.EnsureDefaults()
	// What the garbage collector does belongs to who made the garbage.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	heap := make([]byte, o.Heap)
	defer runtime.KeepAlive(heap)
	rows := make([]Row, 0, len(payloads))
	for _, p := range payloads {
		row, err := measure(ctx, set, p, o)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func measure(ctx context.Context, set *pack.Set, payload Payload, o Options) (Row, error) {
	p, err := set.Get(payload.Pack)
	if err != nil {
		return Row{}, err
	}
	byPack := func() error {
		result, err := p.Map(ctx, payload.Input)
		if err != nil {
			return err
		}
		for _, record := range result.Records {
			if record.Err != nil {
				return record.Err
			}
		}
		return nil
	}
	byHand := func() error {
		_, err := payload.ByHand(payload.Input)
		return err
	}
	var packs, hands []time.Duration
	var percents []int64
	for range o.Rounds {
		pack, err := o.turn(ctx, byPack)
		if err != nil {
			return Row{}, err
		}
		hand, err := o.turn(ctx, byHand)
		if err != nil {
			return Row{}, err
		}
		packs, hands = append(packs, pack), append(hands, hand)
		percents = append(percents, int64(pack*100/max(hand, 1)))
	}
	return Row{
		Name: payload.Name, Bytes: len(payload.Input.Body), Percent: median(percents), Pack: median(packs), Hand: median(hands),
	}, nil
}

// turn repeats the work for as long as a turn takes and returns what one of them took.
func (o Options) turn(ctx context.Context, work func() error) (time.Duration, error) {
	start := o.Clock()
	for n, batch := time.Duration(0), 1; ; batch *= 2 {
		for range batch {
			if err := work(); err != nil {
				return 0, err
			}
		}
		n += time.Duration(batch)
		if took := o.Clock() - start; took >= o.Turn {
			return took / n, nil
		}
		if ctx.Err() != nil {
			return 0, fault.Wrap(ctx.Err(), fault.Stopping, "bench.packs", "turn")
		}
	}
}

func median[N int64 | time.Duration](list []N) N {
	slices.Sort(list)
	return list[len(list)/2]
}
