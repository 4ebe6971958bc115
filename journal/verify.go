package journal

import (
	"context"
	"time"

	"github.com/heddlehq/heddle/retail"
)

// Report says what a verification covered.
type Report struct {
	Tenant      retail.TenantID
	Environment string
	Chunks      int64
	Tail        Watermark // the last chunk that was found good
	At          time.Time // its time
	Signed      Watermark // up to where checkpoints confirm the roots; Genesis without checkpoints
}

// Records returns the number of records that were found good.
func (r Report) Records() int64 { return r.Tail.Next - 1 }

// Progress is told now and then how many of how many positions are done. A nil Progress is
// not called.
type Progress func(done, total int64)

// VerifyChain reads the whole journal and computes every root again. The first chunk that
// does not verify is H-CHAIN with its first position as subject; the report then says what
// is good before it. A chain that was rewritten from some chunk on, with all roots made
// anew, verifies: only VerifyAgainst finds that.
func VerifyChain(ctx context.Context, log Log, progress Progress) (Report, error) {
	return verify(ctx, log, progress, func(*Chunk) error { return nil })
}

// verify walks the journal and asks check about each chunk that is good in itself, before
// the report counts it.
func verify(ctx context.Context, log Log, progress Progress, check func(*Chunk) error) (Report, error) {
	report := Report{Tail: Genesis(), Signed: Genesis()}
	tail, _, err := log.Tail(ctx)
	if err != nil {
		return report, err
	}
	err = log.Read(ctx, 1, func(c *Chunk) error {
		if err := c.Verify(report.Tail); err != nil {
			return err
		}
		if err := report.follows(c); err != nil {
			return err
		}
		if err := check(c); err != nil {
			return err
		}
		report.Tenant, report.Environment = c.Tenant, c.Environment
		report.Chunks++
		report.Tail, report.At = c.End(), c.At
		if progress != nil {
			progress(report.Records(), max(tail.Next-1, report.Records()))
		}
		return nil
	})
	if err == nil && report.Tail.Next < tail.Next {
		err = broken(report.Tail.Next, "the journal ends here, and its tail said position %d", tail.Next)
	}
	return report, err
}

// follows checks what holds from chunk to chunk beside the roots.
func (r *Report) follows(c *Chunk) error {
	if r.Chunks == 0 {
		return nil
	}
	if c.Tenant != r.Tenant || c.Environment != r.Environment {
		return c.broken("it belongs to %s, %s, and the chunk before to %s, %s", c.Tenant, c.Environment, r.Tenant, r.Environment)
	}
	if c.At.Before(r.At) {
		return c.broken("its time %s is earlier than that of the chunk before", c.At.Format(time.RFC3339Nano))
	}
	return nil
}
