package pack

import (
	"context"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/wire"
)

// Input is one payload and what is declared about its sender.
type Input struct {
	// Topic names the topic; empty means that the pack recognises it.
	Topic string
	// Header returns a transport header, or ""; nil means that there are none.
	Header func(name string) string
	// FileName is the name of the file that the payload came in, without folders.
	FileName string
	Body     []byte
	// Before is how many records of the file came in payloads before this one; see CutByRows.
	Before int
	// Ordinals counts the rows of the file that came in payloads before this one; see Ordinals.
	Ordinals Ordinals
	// Instance is the installation of the outside system that sent it.
	Instance retail.InstanceID
	// Zone is where the instance's clocks are that write no zone; nil means that nobody said so,
	// and such times are refused then (H-ZONE).
	Zone *time.Location
	// Zones tells where the clocks of a place are, which go before Zone; nil knows no place.
	Zones Zones
	// Options are what the installation chose of the pack's options.
	Options map[string]string
	// TokenKey is the tenant's key for tokens; see TestTokenKey.
	TokenKey []byte
	// Limits of the payload; zero means the defaults of package wire.
	Limits wire.Limits
}

// Result is what a payload says.
type Result struct {
	// Topic is empty where the payload was not recognised.
	Topic  string
	System retail.SystemID
	// DeliveryID is the sender's id of the delivery, or a hash of the content. It is there
	// when Map refuses the payload, too.
	DeliveryID string
	// Ignored says why nothing comes of the whole payload.
	Ignored string
	Records []Outcome
}

// Outcome is what became of one record: events, a reason why there are rightly none, or a
// fault; always exactly one of them, save that a thin record has a follow-up instead of
// events or beside them.
type Outcome struct {
	// Start and End are the record's place in the payload, End excluded.
	Start, End int64
	// Subject is the person whom the record is about, as a token; empty where none is known.
	Subject retail.Token
	Events  []*event.Event
	Follow  *FollowUp // nil where nothing is to be asked
	Ignored string
	Err     *fault.Error
	// Clock is the place whose clocks showed the time of the events and that Zones does not know
	// yet. Until it does, they are told in the zone of the source, or in UTC where it has none.
	Clock string
	// Calendar is such a place, too, where the instant is sure and only its day is the place's.
	Calendar string
	// Tests are the documents of a record that was refused as a test (V-TRN-01): whatever the
	// source tells of them is a test, too.
	Tests []retail.Ref
}

// Map turns a payload into events. It is pure: the same input gives the same result.
//
// An error concerns the payload as a whole: it is not recognised (H-TOPIC), broken
// (H-SYNTAX) or too large (H-TOO-LARGE), its options are not the pack's (H-CONFIG), or ctx ended (Unavailable: nothing is known then).
// A record that is refused has its own fault, and its neighbours are not touched.
func (p *Pack) Map(ctx context.Context, in Input) (Result, error) {
	if len(in.TokenKey) == 0 {
		return Result{}, fault.New(fault.InternalError, p.Name, "personal data cannot be replaced without a key")
	}
	if in.Header == nil {
		in.Header = func(string) string { return "" }
	}
	options, err := p.chosen(in.Options)
	if err != nil {
		return Result{}, err
	}
	room := p.room()
	defer p.leave(room)
	payload := &payload{Input: in, run: &run{
		ctx: ctx, instance: string(in.Instance), zone: in.Zone, zones: in.Zones, file: fileName(in.FileName), number: 1, options: options,
		room: room, tokens: newTokens(in.TokenKey, &room.token),
	}}
	topic, err := p.recognise(payload)
	if ctx.Err() != nil {
		return Result{}, gone(ctx, p.Name)
	}
	if err != nil {
		return Result{DeliveryID: delivery{}.deliveryID(payload)}, err
	}
	result := Result{Topic: topic.Name, System: topic.System, DeliveryID: topic.delivery.deliveryID(payload), Ignored: topic.Ignored}
	if topic.Ignored != "" {
		return result, nil
	}
	records, err := topic.records(payload)
	if err != nil {
		return result, err
	}
	sums, err := topic.addUp(records, payload)
	if err != nil {
		return result, err
	}
	counted := maps.Clone(in.Ordinals)
	for record := range records {
		if payload.run.ordinal, err = counted.next(topic.ordinal, record); err != nil {
			return result, err
		}
		payload.run.sums = sums.of(record)
		outcome := p.topicOf(record, topic).record(record, payload)
		if ctx.Err() != nil {
			return Result{}, gone(ctx, p.Name)
		}
		result.Records = append(result.Records, outcome)
	}
	return result, nil
}

// fileName is the last element of a path, or nothing.
func fileName(name string) string {
	if name == "" {
		return ""
	}
	return path.Base(name)
}

// gone says that the caller did not wait, so that nothing is known of the payload.
func gone(ctx context.Context, subject string) error {
	return fault.Wrap(ctx.Err(), fault.Stopping, "pack.map", subject)
}

// record maps one record. Whatever goes wrong with it is its own fault: it gives all of its
// events or none.
func (t *Topic) record(record wire.Record, in *payload) Outcome {
	outcome := Outcome{Start: record.Start, End: record.End, Err: record.Err, Ignored: t.Ignored}
	if outcome.Ignored != "" {
		outcome.Err = nil
		return outcome
	}
	if outcome.Err != nil {
		return outcome
	}
	r := in.run
	r.system, r.tests, r.clock, r.calendar = t.System, nil, "", ""
	tree, err := t.hide(record, in)
	if err == nil {
		outcome.Subject, err = t.person(tree, r)
	}
	if err == nil {
		outcome.Follow, err = t.followUp(tree, r)
	}
	if err == nil && t.mapping != nil {
		outcome.Events, err = t.events(tree, r, in.Instance)
	}
	if len(outcome.Events) > 0 {
		outcome.Clock, outcome.Calendar = r.clock, r.calendar
	}
	switch {
	case err == nil && outcome.Follow != nil:
	case err == nil && len(outcome.Events) == 0:
		outcome.Ignored = "the mapping gave no event"
	case err == nil:
	case err.Code == ignored:
		outcome.Ignored = err.Detail
	default:
		outcome.Err, outcome.Follow, outcome.Tests = err, nil, r.tests
	}
	return outcome
}

// hide returns the record without personal data, and makes the run one of the record, whose
// envelope has none either.
func (t *Topic) hide(record wire.Record, in *payload) (any, *fault.Error) {
	in.run.number, in.run.envelope = in.Before+record.Number, nil
	if record.Envelope != nil {
		in.run.envelope = t.envelope(record, in)
	}
	return t.personal.hide(record.Tree, t.Format, in.run)
}

// envelope returns what surrounds a record without personal data. Paths are for records; what
// surrounds them is hidden by member name, in a copy that the records of one parent share.
func (t *Topic) envelope(record wire.Record, in *payload) any {
	if reflect.ValueOf(in.around).Pointer() != reflect.ValueOf(record.Envelope).Pointer() {
		in.around = record.Envelope
		in.envelope = t.personal.fields(record.Envelope, "", in.run.tokens)
	}
	return in.envelope
}

// person returns the token of the record's data subject. A value that is no token was not
// marked as personal, which is a mistake of the pack.
func (t *Topic) person(tree any, r *run) (retail.Token, *fault.Error) {
	if t.subject == nil {
		return "", nil
	}
	value, err := t.subject.one(tree, r)
	if err != nil || value == nil || value == "" {
		return "", err
	}
	if !isToken(value) {
		return "", t.subject.fault("it is not marked as personal")
	}
	return retail.Token(value.(string)), nil
}

func (t *Topic) events(tree any, r *run, instance retail.InstanceID) ([]*event.Event, *fault.Error) {
	version, err := t.sourceVersion(tree, r)
	if err != nil {
		return nil, err
	}
	if r.made.read == nil {
		r.made.read = r.made.event
	}
	made := &r.made
	made.topic, made.instance, made.version, made.first = t, instance, version, len(made.all)
	if err := t.mapping.write(tree, r, made.read); err != nil {
		made.all = slices.Delete(made.all, made.first, len(made.all))
		return nil, err
	}
	return slices.Clip(made.all[made.first:]), nil
}

// made reads what the mappings of a payload make. It is one for all records, and so is its
// list of events, because a file has many of one event each.
type made struct {
	read     func(b []byte) error // event
	topic    *Topic
	instance retail.InstanceID
	version  int64
	all      []*event.Event
	first    int // of the record
}

// event reads a result of the topic's mapping.
func (m *made) event(b []byte) error {
	mapping := m.topic.mapping
	if len(m.all)-m.first == eventsMax {
		return mapping.fault("it made more than %d results", eventsMax)
	}
	if b[0] != '{' {
		return mapping.fault("it gave something that is not an object")
	}
	e, err := event.FromMapped(m.topic.System, m.instance, b)
	if err != nil {
		return err
	}
	if e.SourceVersion == 0 {
		e.SourceVersion = m.version
	}
	if !m.topic.declares(e.Type()) {
		return mapping.fault("it gave a %s, which the topic does not declare under makes", e.Type())
	}
	m.all = append(m.all, e)
	return nil
}

// sourceVersion returns the version that the source gives to the record; 0 is none.
func (t *Topic) sourceVersion(tree any, r *run) (int64, *fault.Error) {
	if t.version == nil {
		return 0, nil
	}
	value, err := t.version.one(tree, r)
	if err != nil || value == nil {
		return 0, err
	}
	n, ok := wholeNumber(value)
	if !ok || n < 0 {
		return 0, t.version.fault("a version is a whole number")
	}
	return n, nil
}

// AppendLines appends the events as CloudEvents, one in a line. The first has the delivery
// id; the others add their number, because an id is unique within its source.
func (r Result) AppendLines(b []byte) []byte {
	n := 0
	for _, outcome := range r.Records {
		b = r.appendOutcome(b, outcome, &n)
	}
	return b
}

func (r Result) appendOutcome(b []byte, outcome Outcome, n *int) []byte {
	for _, e := range outcome.Events {
		id := r.DeliveryID
		if *n++; *n > 1 {
			id += retail.Sep + strconv.Itoa(*n)
		}
		b = append(event.AppendCloudEvent(b, e, id), '\n')
	}
	return b
}
