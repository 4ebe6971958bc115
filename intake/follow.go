package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

// FollowUpID names what is to be asked of a source: several notifications of one object have
// one follow-up.
type FollowUpID string

// FollowUp is a question that a thin notification has left open. It is on the desk before the
// notification is answered, and leaves it when what was asked for is durable.
type FollowUp struct {
	ID       FollowUpID        `json:"id"`
	Pack     string            `json:"pack"`
	Instance retail.InstanceID `json:"instance"`
	Fetch    string            `json:"fetch"` // of the pack
	With     map[string]string `json:"with,omitempty"`
	// Evidence is the hash of the last notification, in hexadecimal.
	Evidence string `json:"evidence,omitempty"`
	// AskedAt is when it was raised last, Raised how often it was since it is open.
	AskedAt time.Time `json:"asked_at"`
	Raised  int64     `json:"raised"`
	// DueAt is when it is tried next; zero: when a person says so, or a notification comes.
	DueAt time.Time `json:"due_at,omitzero"`
	// Failures counts the tries in a row that brought nothing, Code and Detail say why the
	// last one did not.
	Failures int        `json:"failures,omitempty"`
	Code     fault.Code `json:"code,omitempty"`
	Detail   string     `json:"detail,omitempty"`
}

// NewFollowUp returns a follow-up that is due at once.
func NewFollowUp(packName string, instance retail.InstanceID, asked pack.FollowUp, at time.Time) FollowUp {
	h := sha256.New()
	for _, part := range [...]string{"heddle/follow-up", packName, string(instance), asked.Key()} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return FollowUp{
		ID: FollowUpID(hex.EncodeToString(h.Sum(nil)[:16])), Pack: packName, Instance: instance,
		Fetch: asked.Fetch, With: asked.With, AskedAt: at.UTC(), Raised: 1, DueAt: at.UTC(),
	}
}

// Asked returns the question.
func (f FollowUp) Asked() pack.FollowUp { return pack.FollowUp{Fetch: f.Fetch, With: f.With} }

// Subject names the follow-up on the work list.
func (f FollowUp) Subject() string {
	return f.Pack + "/" + string(f.Instance) + " " + f.Asked().Key()
}

// FollowUps keeps follow-ups on the desk, at full durability. All methods may be called from
// many goroutines.
type FollowUps interface {
	// Raise keeps a follow-up and returns it as it is kept. One that is open already is raised
	// once more: due at the earlier of both times, so that one that is raised again and again
	// keeps its turn, and its failures forgotten. It is called once for each thin record, before
	// the notification is answered.
	Raise(ctx context.Context, f FollowUp) (FollowUp, error)

	// Open returns the follow-ups of a source, the one that is due first before the others and
	// those that wait for a person last, at most limit. It is called before each try.
	Open(ctx context.Context, source SourceName, limit int) ([]FollowUp, error)

	// Put keeps a follow-up after a try, unless it was raised again meanwhile: then it stays
	// due and Put changes nothing. It is called after a try that brought nothing.
	Put(ctx context.Context, f FollowUp) error

	// Close drops a follow-up, unless it was raised again meanwhile: what was fetched may be
	// older than the last notification. It is called when what was asked for is durable.
	Close(ctx context.Context, f FollowUp) error

	// Count returns how many are open for a source, and how many of those wait for a person.
	// It is called when somebody looks.
	Count(ctx context.Context, source SourceName) (open, stopped int, err error)
}

// SourceName names a configured source.
type SourceName struct {
	Pack     string
	Instance retail.InstanceID
}

// follow keeps what the thin records of a payload ask for, and wakes who asks.
func (d *Doors) follow(ctx context.Context, a Arrival, result pack.Result, receipt *Receipt) error {
	now, raised := d.opts.Clock(), false
	for i, r := range result.Records {
		if r.Follow == nil {
			continue
		}
		if d.opts.FollowUps == nil {
			return fault.New(fault.InternalError, a.Pack, "these doors do not keep follow-ups")
		}
		f := NewFollowUp(a.Pack, a.Instance, *r.Follow, now)
		f.Evidence = receipt.Evidence.String()
		f, err := d.opts.FollowUps.Raise(ctx, f)
		if err != nil {
			return err
		}
		receipt.Records[i].Follow, raised = f.ID, true
		if !d.origins[originKey{a.Pack, a.Instance}].Asked {
			item := exception.New(exception.Report{
				Code: fault.BadConfig, Source: exception.SourceIntake, Subject: a.Pack + "/" + string(a.Instance),
				Detail: "it tells only that there is something to ask for, and the configuration does not say how: add api: to the source",
			}, now)
			if err := d.opts.Worklist.Raise(ctx, item); err != nil {
				return err
			}
		}
	}
	if raised && d.opts.Followed != nil {
		d.opts.Followed()
	}
	return nil
}
