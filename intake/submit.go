package intake

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
)

// Waiting keeps events outside the journal until their place is known (V-LOC-01), on the
// desk, at full durability.
type Waiting interface {
	// Keep stores an event under its id; the same one again replaces it.
	Keep(ctx context.Context, id string, event []byte) error
	// Kept returns what waits, oldest first, at most limit.
	Kept(ctx context.Context, limit int) ([]Kept, error)
	// Release drops an event that has come in or will never.
	Release(ctx context.Context, id string) error
}

// Kept is one event that waits.
type Kept struct {
	ID    string
	Event []byte
}

// Worklist keeps the exceptions of what could not come in, on the desk.
type Worklist interface {
	// Raise lists an item; one that is listed already counts up.
	Raise(ctx context.Context, item exception.Item) error
	// Resolve closes an item, if it is there and open.
	Resolve(ctx context.Context, item exception.Item) error
	// Items returns every item.
	Items(ctx context.Context) ([]exception.Item, error)
}

// waitingDoc is one event that waits.
type waitingDoc struct {
	Event   json.RawMessage `json:"event"`
	Receipt record.Receipt  `json:"receipt"`
	Subject string          `json:"subject"`
}

// releaseMax is how many waiting events are tried after a change of places.
const releaseMax = 10_000

// Submit has events decided. What is refused, conflicts or waits goes on the work list; an
// event whose place is unknown is kept and comes in by itself when reference data makes the
// place known. A command that is denied is an answer, nobody's work.
func (d *Doors) Submit(ctx context.Context, subs []record.Submission) ([]record.Answer, error) {
	answers, err := d.opts.Decider.Submit(ctx, subs)
	if err != nil {
		return nil, err
	}
	placed := false
	for i, a := range answers {
		if err := d.settle(ctx, subs[i], a); err != nil {
			return nil, err
		}
		set, ok := subs[i].Event.Data.(*event.ReferenceSet)
		placed = placed || ok && a.Status == record.Accepted && places(set)
	}
	if placed {
		return answers, d.retry(ctx)
	}
	return answers, nil
}

// settle keeps and lists what did not come in.
func (d *Doors) settle(ctx context.Context, sub record.Submission, a record.Answer) error {
	switch a.Status {
	case record.Waiting:
		doc, err := json.Marshal(waitingDoc{Event: sub.Event.AppendFact(nil), Receipt: sub.Receipt, Subject: a.EventID})
		if err != nil {
			return fault.Wrap(err, fault.InternalError, "intake.settle", a.EventID)
		}
		if err := d.opts.Waiting.Keep(ctx, a.EventID, doc); err != nil {
			return err
		}
	case record.Conflicting:
	case record.Refused:
		if sub.Command {
			return nil
		}
	default:
		return nil
	}
	return d.opts.Worklist.Raise(ctx, d.item(sub, a))
}

func (d *Doors) item(sub record.Submission, a record.Answer) exception.Item {
	return exception.New(exception.Report{
		Code: a.Code, Source: exception.SourceIntake, Subject: eventSubject(sub.Event),
		Detail: a.Detail, Evidence: sub.Receipt.Evidence, Position: a.Position,
	}, d.opts.Clock())
}

func eventSubject(e *event.Event) string {
	return string(e.System) + "/" + string(e.Instance) + " " + string(e.Type()) + " " + e.Key
}

// places reports whether a reference row can make a place or a legal entity known.
func places(set *event.ReferenceSet) bool {
	switch event.Table(set.Table) {
	case event.TableLocations, event.TableLocationCodes, event.TableShops, event.TableMerchantAccounts, event.TableBankAccounts:
		return len(set.Row) > 0
	}
	return false
}

// retry submits what waits, in the order in which it came.
func (d *Doors) retry(ctx context.Context) error {
	kept, err := d.opts.Waiting.Kept(ctx, releaseMax)
	if err != nil {
		return err
	}
	for _, k := range kept {
		var doc waitingDoc
		if err := json.Unmarshal(k.Event, &doc); err != nil {
			return fault.Wrap(err, fault.Storage, "intake.retry", k.ID)
		}
		e, err := event.Decode(doc.Event)
		if err != nil {
			return err
		}
		sub := record.Submission{Event: e, Receipt: doc.Receipt}
		answers, err := d.opts.Decider.Submit(ctx, []record.Submission{sub})
		if err != nil {
			return err
		}
		if answers[0].Status == record.Waiting {
			continue
		}
		if err := d.settle(ctx, sub, answers[0]); err != nil {
			return err
		}
		if err := d.opts.Waiting.Release(ctx, k.ID); err != nil {
			return err
		}
		was := exception.New(exception.Report{Code: fault.LocationUnknown, Source: exception.SourceIntake, Subject: eventSubject(e)}, d.opts.Clock())
		if err := d.opts.Worklist.Resolve(ctx, was.Resolve(d.opts.Clock(), "position "+strconv.FormatInt(answers[0].Position, 10))); err != nil {
			return err
		}
	}
	return nil
}
