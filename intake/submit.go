package intake

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
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
	// Kept returns what waits behind a number, in the order of their numbers, at most limit.
	Kept(ctx context.Context, after int64, limit int) ([]Kept, error)
	// Release drops an event that has come in or will never.
	Release(ctx context.Context, id string) error
}

// Kept is one event that waits.
type Kept struct {
	// Number grows from one event that waits to the next; the first is above zero.
	Number int64
	ID     string
	Event  []byte
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
}

// releasePage is how many waiting events are tried in one request.
const releasePage = 500

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
	if !placed {
		if placed, err = d.askAgain(ctx, subs, answers); err != nil {
			return nil, err
		}
	}
	if placed {
		return answers, d.retry(ctx)
	}
	return answers, nil
}

// askAgain has events decided once more that are kept now: their place may have become known
// between their answer and their keeping, and then nobody else would try them. It changes the
// answers of those that came in, and reports whether there are any.
func (d *Doors) askAgain(ctx context.Context, subs []record.Submission, answers []record.Answer) (placed bool, err error) {
	var waiting []record.Submission
	var at []int
	for i, a := range answers {
		if a.Status == record.Waiting {
			waiting, at = append(waiting, subs[i]), append(at, i)
		}
	}
	if len(waiting) == 0 {
		return false, nil
	}
	again, err := d.opts.Decider.Submit(ctx, waiting)
	for i, a := range again {
		if a.Status != record.Waiting {
			answers[at[i]], placed = a, true
		}
	}
	return placed, err
}

// settle keeps and lists what did not come in.
func (d *Doors) settle(ctx context.Context, sub record.Submission, a record.Answer) error {
	switch a.Status {
	case record.Waiting:
		doc, err := json.Marshal(waitingDoc{Event: sub.Event.AppendFact(nil), Receipt: sub.Receipt})
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

// item makes the work that an event gives: one item for each event, or for the place that
// all who wait for it lack.
func (d *Doors) item(sub record.Submission, a record.Answer) exception.Item {
	subject := a.Subject
	if subject == "" {
		subject = eventSubject(sub.Event)
	}
	return exception.New(exception.Report{
		Code: a.Code, Source: exception.SourceIntake, Subject: subject,
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

// retry submits what waits, in the order in which it came, and closes the items of the places
// for which nothing waits any more.
func (d *Doors) retry(ctx context.Context) error {
	open, err := d.placesAsked(ctx)
	if err != nil || len(open) == 0 {
		return err
	}
	by := int64(0)
	for after := int64(0); ; {
		kept, err := d.opts.Waiting.Kept(ctx, after, releasePage)
		if err != nil {
			return err
		}
		still, position, err := d.release(ctx, kept)
		if err != nil {
			return err
		}
		by = max(by, position)
		for _, subject := range still {
			delete(open, subject)
		}
		if len(kept) < releasePage {
			break
		}
		after = kept[len(kept)-1].Number
	}
	for _, subject := range slices.Sorted(maps.Keys(open)) {
		item := open[subject].Resolve(d.opts.Clock(), "position "+strconv.FormatInt(by, 10))
		if err := d.opts.Worklist.Resolve(ctx, item); err != nil {
			return err
		}
	}
	return nil
}

// placesAsked returns the open items that ask for a place, by subject.
func (d *Doors) placesAsked(ctx context.Context) (map[string]exception.Item, error) {
	items, err := d.opts.Worklist.Items(ctx)
	open := map[string]exception.Item{}
	for _, item := range items {
		if item.Code == fault.LocationUnknown && item.Status == exception.Open {
			open[item.Subject] = item
		}
	}
	return open, err
}

// release submits events that wait, together and in their order. It returns for which places
// some wait still, and the highest position at which one came in.
func (d *Doors) release(ctx context.Context, kept []Kept) (still []string, position int64, err error) {
	subs := make([]record.Submission, len(kept))
	for i, k := range kept {
		var doc waitingDoc
		if err := json.Unmarshal(k.Event, &doc); err != nil {
			return nil, 0, fault.Wrap(err, fault.Storage, "intake.retry", k.ID)
		}
		e, err := event.Decode(doc.Event)
		if err != nil {
			return nil, 0, err
		}
		subs[i] = record.Submission{Event: e, Receipt: doc.Receipt}
	}
	answers, err := d.opts.Decider.Submit(ctx, subs)
	if err != nil {
		return nil, 0, err
	}
	for i, a := range answers {
		if a.Status == record.Waiting {
			still = append(still, a.Subject)
			continue
		}
		if err := d.settle(ctx, subs[i], a); err != nil {
			return nil, 0, err
		}
		if err := d.opts.Waiting.Release(ctx, kept[i].ID); err != nil {
			return nil, 0, err
		}
		position = max(position, a.Position)
	}
	return still, position, nil
}
