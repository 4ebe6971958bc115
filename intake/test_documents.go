package intake

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

// Memory keeps small values by name on the desk, at full durability; store.Settings does. Both
// methods may be called from many goroutines.
type Memory interface {
	// Get returns the value of a name, or nil where there is none. It is called once for each
	// source, when the first of its events comes.
	Get(ctx context.Context, name string) ([]byte, error)
	// Put keeps the value of a name. It is called for each payload that tells of a test that is
	// not known yet.
	Put(ctx context.Context, name string, value []byte) error
}

// Facts finds what the journal holds.
type Facts interface {
	// About returns the facts that name a document, in the order of the journal. It is called
	// for each document of a payload that is a test.
	About(ctx context.Context, document retail.Ref) ([]*record.Record, error)
}

// testBytesMax bounds the names of test documents that are kept of one source; the oldest are
// forgotten first. There is room for about 20,000.
const testBytesMax = 1 << 20

// factsNamed is how many facts of a test an exception names.
const factsNamed = 20

// tests is a decider that lets through what does not tell of a test: systems say of an order
// that it is one, and not of its fulfilments and refunds (V-TRN-01).
type tests struct {
	decider Decider
	memory  Memory
	// mu is held for reading while events are decided, so that whoever has written finds in the
	// journal what slipped through before.
	mu    sync.RWMutex
	known map[SourceName]*testDocuments
}

// testDocuments are the documents of the tests of one source, the oldest first.
type testDocuments struct {
	names []string
	set   map[string]bool
	bytes int  // of all names
	dirty bool // there are names that are not kept yet
}

// Submit decides the events that tell of no test, and refuses the others.
func (t *tests) Submit(ctx context.Context, subs []record.Submission) ([]record.Answer, error) {
	for _, sub := range subs {
		if _, err := t.of(ctx, sourceOf(sub)); err != nil {
			return nil, err
		}
	}
	t.mu.RLock()
	through := make([]record.Submission, 0, len(subs))
	answers := make([]record.Answer, len(subs))
	for i, sub := range subs {
		if document, is := t.known[sourceOf(sub)].told(sub); is {
			answers[i] = record.Refuse(fault.New(fault.TrainingDropped, document, "the source told that this is a test"))
			continue
		}
		through = append(through, sub)
	}
	decided, err := t.decider.Submit(ctx, through)
	t.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	return answers, t.sort(ctx, subs, answers, decided)
}

// sort puts the answers to what went through where they belong, and remembers what the refused
// events declare: what is told of a refund of a test order is a test, too.
func (t *tests) sort(ctx context.Context, subs []record.Submission, answers, decided []record.Answer) error {
	for i := range answers {
		if answers[i].Code != fault.TrainingDropped {
			answers[i], decided = decided[0], decided[1:]
			continue
		}
		var declared []retail.Ref
		for _, alias := range lineage.Declared(subs[i].Event, 0) {
			declared = append(declared, alias.Ref)
		}
		if err := t.add(ctx, sourceOf(subs[i]), declared); err != nil {
			return err
		}
	}
	return nil
}

// sourceOf returns the source of an event that came through a pack; others have none.
func sourceOf(sub record.Submission) SourceName {
	if sub.Receipt.Pack == "" {
		return SourceName{}
	}
	return SourceName{sub.Receipt.Pack, sub.Event.Instance}
}

// told returns the document because of which an event tells of a test, if it does.
func (d *testDocuments) told(sub record.Submission) (document string, is bool) {
	if d == nil || len(d.set) == 0 {
		return "", false
	}
	sub.Event.Data.Refs(func(ref retail.Ref) {
		if name := ref.String(); !is && d.set[name] {
			document, is = name, true
		}
	})
	return document, is
}

func settingOf(source SourceName) string {
	return "tests/" + source.Pack + "/" + string(source.Instance)
}

// of returns what is known of a source, and reads it when it is asked for first.
func (t *tests) of(ctx context.Context, source SourceName) (*testDocuments, error) {
	t.mu.RLock()
	documents, known := t.known[source]
	t.mu.RUnlock()
	if known || source == (SourceName{}) {
		return documents, nil
	}
	var names []string
	if t.memory != nil {
		kept, err := t.memory.Get(ctx, settingOf(source))
		if err == nil && kept != nil {
			err = json.Unmarshal(kept, &names)
		}
		if err != nil {
			return nil, fault.Wrap(err, fault.Storage, "intake.tests", settingOf(source))
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if documents, known = t.known[source]; known {
		return documents, nil
	}
	documents = &testDocuments{set: map[string]bool{}}
	for _, name := range names {
		documents.add(name)
	}
	documents.dirty = false
	t.known[source] = documents
	return documents, nil
}

func (d *testDocuments) add(name string) {
	if d.set[name] {
		return
	}
	d.names, d.set[name], d.bytes, d.dirty = append(d.names, name), true, d.bytes+len(name), true
	for d.bytes > testBytesMax {
		delete(d.set, d.names[0])
		d.names, d.bytes = d.names[1:], d.bytes-len(d.names[0])
	}
}

// add remembers documents of tests of a source, durably.
func (t *tests) add(ctx context.Context, source SourceName, refs []retail.Ref) error {
	documents, err := t.of(ctx, source)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, ref := range refs {
		documents.add(ref.String())
	}
	if !documents.dirty || t.memory == nil {
		return nil
	}
	kept, err := json.Marshal(documents.names)
	if err != nil {
		return fault.Wrap(err, fault.InternalError, "intake.tests", settingOf(source))
	}
	if err := t.memory.Put(ctx, settingOf(source), kept); err != nil {
		return err
	}
	documents.dirty = false
	return nil
}

// noteTests remembers the documents of the records that were refused as tests. What came in of
// them before somebody said that they are tests has moved something: that is listed.
func (d *Doors) noteTests(ctx context.Context, a Arrival, result pack.Result, evidence journal.Hash) error {
	source := SourceName{a.Pack, a.Instance}
	var all []retail.Ref
	for _, r := range result.Records {
		all = append(all, r.Tests...)
	}
	if len(all) == 0 {
		return nil
	}
	if err := d.tests.add(ctx, source, all); err != nil || d.opts.Facts == nil {
		return err
	}
	for _, r := range result.Records {
		if err := d.listBefore(ctx, source, r.Tests, evidence); err != nil {
			return err
		}
	}
	return nil
}

// listBefore lists the facts that came in of a test's documents, if there are any.
func (d *Doors) listBefore(ctx context.Context, source SourceName, documents []retail.Ref, evidence journal.Hash) error {
	var facts []string
	first := int64(0)
	for _, document := range documents {
		about, err := d.opts.Facts.About(ctx, document)
		if err != nil {
			return err
		}
		for _, r := range about {
			name := string(r.Event.Type()) + " " + r.Event.Key
			if r.Outcome.Receipt.Pack != source.Pack || r.Event.Instance != source.Instance || slices.Contains(facts, name) {
				continue
			}
			if facts = append(facts, name); first == 0 || r.Position < first {
				first = r.Position
			}
		}
	}
	if len(facts) == 0 {
		return nil
	}
	if more := len(facts) - factsNamed; more > 0 {
		facts = append(facts[:factsNamed], strconv.Itoa(more)+" more")
	}
	item := exception.New(exception.Report{
		Code: fault.TrainingDropped, Source: exception.SourceIntake, Subject: source.Pack + "/" + string(source.Instance) + " " + documents[0].String(),
		Detail: "it was told to be a test after facts of it had come in: " + strings.Join(facts, ", "),
		Refs:   documents, Evidence: evidence.String(), Position: first,
	}, d.opts.Clock())
	item.Next = "Take back what these facts moved: at the source where it can, else by an adjustment and an entry."
	return d.opts.Worklist.Raise(ctx, item)
}
