package journal

import (
	"math"
	"strconv"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// BodyMax is the largest body of a chunk: the sum of its records' Size, in bytes before
// compression.
const BodyMax = 1 << 20

// recordOverhead is what a record counts for beside its bytes, so that a chunk of tiny
// records is bounded, too: no chunk holds more than 65 536 of them.
const recordOverhead = 16

// Watermark says up to where the journal was read, and which journal it was. A watermark
// whose root the journal does not know (a restored backup, a failed-over database) means
// that what was made from it is dropped and made again.
type Watermark struct {
	Next int64 `json:"next"` // the first position that is not covered; positions start at 1
	Root Hash  `json:"root"` // the root of the last covered chunk; zero before the first
}

// Genesis returns the watermark before the first chunk.
func Genesis() Watermark { return Watermark{Next: 1} }

// Record is one fact and what was decided about it.
type Record struct {
	Position int64
	At       time.Time // when it was recorded: its chunk's At
	Fact     []byte    // what the source said, canonical JSON
	Outcome  []byte    // what the owner decided, canonical JSON
}

// Size returns what the record counts for against BodyMax, in bytes.
func (r Record) Size() int { return len(r.Fact) + len(r.Outcome) + recordOverhead }

// Chunk is one group commit.
type Chunk struct {
	Tenant      retail.TenantID
	Environment string    // "production", "test": records of one never pass for records of the other
	First       int64     // position of the first record
	At          time.Time // the owner's clock, to the nanosecond, UTC; never earlier than the chunk before
	Prev, Root  Hash      // the root before this chunk, and with it
	Records     []Record  // at least one
}

// Seal makes the chunk that follows prev: it sets the positions, times and root. It takes
// the records over and writes into them; the byte slices inside must not change afterwards.
// More bytes than BodyMax are H-TOO-LARGE. No records, an empty fact, or a time that does
// not fit (1970 to 2261) are errors of the program.
func Seal(tenant retail.TenantID, environment string, prev Watermark, at time.Time, records []Record) (*Chunk, error) {
	const op = "journal.seal"
	if len(records) == 0 {
		return nil, fault.New(fault.InternalError, position(prev.Next), "a chunk has at least one record").In(op)
	}
	if at.UTC().Year() < 1970 || at.UTC().Year() > 2261 {
		return nil, fault.New(fault.InternalError, position(prev.Next), "a chunk's time lies between 1970 and 2261").In(op)
	}
	at = time.Unix(0, at.UnixNano()).UTC() // the form in which it is read back, without a monotonic part
	body := 0
	for i := range records {
		r := &records[i]
		r.Position, r.At = prev.Next+int64(i), at
		if len(r.Fact) == 0 {
			return nil, fault.New(fault.InternalError, position(r.Position), "a record has a fact").In(op)
		}
		body += r.Size()
	}
	if body > BodyMax {
		return nil, fault.New(fault.TooLarge, position(prev.Next), "a chunk's body is at most %d bytes, not %d", BodyMax, body).In(op)
	}
	return &Chunk{
		Tenant: tenant, Environment: environment, First: prev.Next, At: at, Prev: prev.Root, Records: records,
		Root: chunkRoot(tenant, environment, prev.Root, prev.Next, at, records),
	}, nil
}

// End returns the watermark that covers the chunk.
func (c *Chunk) End() Watermark {
	return Watermark{Next: c.First + int64(len(c.Records)), Root: c.Root}
}

// Verify computes the chunk's root again and compares it, and that the chunk follows prev.
// A difference is H-CHAIN with the chunk's first position as subject.
func (c *Chunk) Verify(prev Watermark) error {
	switch {
	case len(c.Records) == 0:
		return c.broken("the chunk is empty")
	case c.First != prev.Next:
		return c.broken("the chunk before ends at position %d", prev.Next)
	case c.Prev != prev.Root:
		return c.broken("it follows root %s, and the chunk before has root %s", c.Prev, prev.Root)
	}
	for i, r := range c.Records {
		if r.Position != c.First+int64(i) || !r.At.Equal(c.At) {
			return c.broken("record %d has position %d and time %s", i, r.Position, r.At.Format(time.RFC3339Nano))
		}
	}
	root := chunkRoot(c.Tenant, c.Environment, c.Prev, c.First, c.At, c.Records)
	if root != c.Root {
		return c.broken("its records have root %s, and it says %s", root, c.Root)
	}
	return nil
}

func (c *Chunk) broken(format string, args ...any) error { return broken(c.First, format, args...) }

func broken(first int64, format string, args ...any) *fault.Error {
	return fault.New(fault.ChainBroken, position(first), format, args...).In("journal.verify")
}

func position(n int64) string { return strconv.FormatInt(n, 10) }

// lastPosition keeps arithmetic on positions from running over.
const lastPosition = math.MaxInt64 - 1<<20
