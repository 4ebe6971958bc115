package intake

import (
	"context"
	"encoding/hex"
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
// desk, at full durability. All methods may be called from many goroutines.
type Waiting interface {
	// Keep stores an event behind all that wait already, under an id that names its key, its
	// version and its content. What waits under that id stays as it is, where it is. It is
	// called once for each event whose place is unknown, before the event is answered.
	Keep(ctx context.Context, id string, event []byte) error
	// Kept returns what waits behind a number, in the order of their numbers, at most limit.
	// It is called when a place may have become known.
	Kept(ctx context.Context, after int64, limit int) ([]Kept, error)
	// Release drops what waits under an id, and nothing else. It is called when that has come
	// in or never will; an id that is not there is no error.
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
	Clock   string          `json:"clock,omitempty"`

	Calendar string `json:"calendar,omitempty"`
}

// releasePage is how many waiting events are tried in one request.
const releasePage = 500

// Submit has events decided. What is refused, conflicts or waits goes on the work list; an
// event whose place is unknown is kept and comes in by itself when reference data makes the
// place known. A command that is denied, and what is told of a test, is an answer, nobody's work.
func (d *Doors) Submit(ctx context.Context, subs []record.Submission) ([]record.Answer, error) {
	before := d.placed.Load()
	answers, err := d.opts.Decider.Submit(ctx, subs)
	if err != nil {
		return nil, err
	}
	placed := false
	for i, a := range answers {
		// A row that was there already may be all that is left of a release that was broken off.
		set, ok := subs[i].Event.Data.(*event.ReferenceSet)
		placed = placed || ok && (a.Status == record.Accepted || a.Status == record.Duplicate) && Places(set)
	}
	if placed {
		d.placed.Add(1) // before what waits is read: whoever keeps something after that sees it
	}
	kept := false
	for i, a := range answers {
		if err := d.settle(ctx, subs[i], a); err != nil {
			return nil, err
		}
		kept = kept || a.Status == record.Waiting
	}
	// A place that became known between an answer and the keeping of its event has left the
	// event out, and nobody else would try it.
	if placed || kept && d.placed.Load() != before {
		return answers, d.Release(ctx)
	}
	return answers, nil
}

// settle keeps and lists what did not come in.
func (d *Doors) settle(ctx context.Context, sub record.Submission, a record.Answer) error {
	switch a.Status {
	case record.Waiting:
		doc, err := json.Marshal(waitingDoc{Event: sub.Event.AppendFact(nil), Receipt: sub.Receipt, Clock: sub.Clock, Calendar: sub.Calendar})
		if err != nil {
			return fault.Wrap(err, fault.InternalError, "intake.settle", a.EventID)
		}
		if err := d.opts.Waiting.Keep(ctx, waitingID(sub.Event, a), doc); err != nil {
			return err
		}
	case record.Conflicting:
	case record.Refused:
		if sub.Command || a.Code == fault.TrainingDropped {
			return nil
		}
	default:
		return nil
	}
	return d.opts.Worklist.Raise(ctx, d.item(sub, a))
}

// waitingID names what waits by all that the owner tells facts apart by: the key, the version
// and the content. Which of several is a duplicate, history or a conflict (V-DUP-02) is the
// owner's to say, when they come in.
func waitingID(e *event.Event, a record.Answer) string {
	content := e.ContentHash()
	return a.EventID + "/" + strconv.FormatInt(e.SourceVersion, 10) + "/" + hex.EncodeToString(content[:])
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

// Places reports whether a reference row can make a place or a legal entity known.
func Places(set *event.ReferenceSet) bool {
	switch event.Table(set.Table) {
	case event.TableLocations, event.TableLocationCodes, event.TableShops, event.TableMerchantAccounts, event.TableBankAccounts:
		return len(set.Row) > 0
	}
	return false
}

// Release submits what waits, in the order in which it came, and closes the items of the places
// for which nothing waits any more. Submit calls it after a row that makes a place known. Others
// call it where that may have been broken off: at the start of a process, and when somebody
// sets once more what is set already.
func (d *Doors) Release(ctx context.Context) error {
	select { // one at a time, so that each event is submitted once and in its order
	case d.releasing <- struct{}{}:
		defer func() { <-d.releasing }()
	case <-ctx.Done():
		return fault.Wrap(ctx.Err(), fault.TooBusy, "intake.release", "what waits")
	}
	open, err := d.placesAsked(ctx)
	if err != nil {
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
	resolver := "position " + strconv.FormatInt(by, 10)
	if by == 0 {
		resolver = "reference data" // all had come in before, and nobody lived to say so
	}
	for _, subject := range slices.Sorted(maps.Keys(open)) {
		item := open[subject].Resolve(d.opts.Clock(), resolver)
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
			return nil, 0, fault.Wrap(err, fault.Storage, "intake.release", k.ID)
		}
		e, err := event.Decode(doc.Event)
		if err != nil {
			return nil, 0, err
		}
		subs[i] = record.Submission{Event: e, Receipt: doc.Receipt, Clock: doc.Clock, Calendar: doc.Calendar}
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
