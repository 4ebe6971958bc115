package intake

import (
	"context"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/retail"
)

// canonicalSystem is the source under which evidence of canonical events is kept: whose
// they are cannot be told where they cannot be read.
const canonicalSystem retail.SystemID = "api"

// Unread is a canonical event that could not be read.
type Unread struct {
	Body        []byte
	ContentType string
	// Caller is who sent it.
	Caller retail.PrincipalID
}

// Unread keeps a canonical event that could not be read as evidence, and lists why: one item
// for the same bytes and cause, however often they come.
func (d *Doors) Unread(ctx context.Context, u Unread, cause error) (journal.Hash, error) {
	hash, err := d.opts.Vault.Put(ctx, Payload{
		Body: u.Body, ContentType: u.ContentType, Source: Source{canonicalSystem, retail.InstanceID(u.Caller)}, ReceivedAt: d.opts.Clock(),
	})
	if err != nil {
		return journal.Hash{}, err
	}
	f := fault.As(cause)
	return hash, d.raise(ctx, f, "events/"+string(u.Caller)+" "+hash.String()[:12], hash)
}

// Origins returns the configured sources without their secrets, in the order of the configuration.
func (d *Doors) Origins() []Origin {
	out := make([]Origin, 0, len(d.opts.Origins))
	for _, o := range d.opts.Origins {
		o.Secrets = nil
		out = append(out, o)
	}
	return out
}
