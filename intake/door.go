package intake

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/wire"
)

// Decider decides events and makes what it accepts durable. The answers stand in the order
// of the submissions; an error means that nothing is known of any of them. It is called
// once or more for each payload.
type Decider interface {
	Submit(ctx context.Context, subs []record.Submission) ([]record.Answer, error)
}

// Origin is one configured source: an installation of an outside system and the pack that
// speaks its language.
type Origin struct {
	Pack     string
	Instance retail.InstanceID
	// Zone is where its clocks are that write no zone; nil means that nobody has declared one.
	Zone *time.Location
	// Secrets prove its webhooks; during a rotation there are two.
	Secrets [][]byte
	// URL is where it was told to send to, for systems that sign their address.
	URL string
	// Options are what the installation chose of the pack's options.
	Options map[string]string
	// Asked says that the source is also asked for what it does not send.
	Asked bool
}

func (o Origin) proof() pack.Proof { return pack.Proof{Secrets: o.Secrets, URL: o.URL} }

// Options are what a house's doors need.
type Options struct {
	Tenant   retail.TenantID
	Packs    *pack.Set
	Origins  []Origin
	Decider  Decider
	Vault    *Vault
	Known    Deliveries
	Waiting  Waiting
	Worklist Worklist
	// FollowUps keeps what thin notifications ask for, and Followed is called after that; both
	// can be nil where no source is thin.
	FollowUps FollowUps
	Followed  func()
	// Zones tells where the clocks of places are; nil knows none.
	Zones pack.Zones
	// Memory keeps which documents are tests; nil forgets them with the process. Facts finds
	// what came in of them before; nil finds nothing.
	Memory Memory
	Facts  Facts
	// TokenKey makes tokens of personal data.
	TokenKey []byte
	Clock    func() time.Time
}

// Doors take what outside systems send: they prove who sent it, keep it, know it again,
// turn it into events and have those decided. Their methods may be called from many
// goroutines.
type Doors struct {
	opts    Options
	origins map[originKey]Origin
	tests   *tests
	// placed counts the submissions that may have made a place known; releasing is held by
	// who releases what waited for one.
	placed    atomic.Int64
	releasing chan struct{}
}

type originKey struct {
	pack     string
	instance retail.InstanceID
}

// Open returns the doors; two origins of one name or an unknown pack are H-CONFIG.
func Open(opts Options) (*Doors, error) {
	d := &Doors{opts: opts, origins: map[originKey]Origin{}, releasing: make(chan struct{}, 1)}
	d.tests = &tests{
		decider: &clocks{decider: opts.Decider, tenant: opts.Tenant, zones: opts.Zones, origins: d.origins},
		memory:  opts.Memory, known: map[SourceName]*testDocuments{},
	}
	d.opts.Decider = d.tests
	for _, o := range opts.Origins {
		key := originKey{o.Pack, o.Instance}
		p, err := opts.Packs.Get(o.Pack)
		if err == nil {
			err = p.CheckOptions(o.Options)
		}
		if err == nil {
			err = p.CheckProof(o.proof())
		}
		if err != nil {
			return nil, fault.Wrap(err, fault.BadConfig, "intake.open", string(o.Instance))
		}
		if _, twice := d.origins[key]; twice {
			return nil, fault.New(fault.BadConfig, o.Pack+"/"+string(o.Instance), "the source is configured twice")
		}
		d.origins[key] = o
	}
	return d, nil
}

// Arrival is one payload at a door.
type Arrival struct {
	Pack     string
	Instance retail.InstanceID
	// Topic names the topic where the pack cannot recognise it.
	Topic    string
	FileName string
	Header   func(name string) string
	Body     []byte
	// Before is how many records of a file came in arrivals before this one.
	Before int
	// Ordinals counts the rows of those arrivals, where the topic counts them.
	Ordinals pack.Ordinals
	// Caller is who proved themselves by a token; a payload without one must be signed.
	Caller retail.PrincipalID
	// Anew has a payload that was answered before decided again, as after a pack was mended.
	// Business keys know the events that came in then.
	Anew bool
	// Pause is called when the owner is too busy for a batch of the payload's events, and
	// returns when the same batch can be tried again. Nil leaves that to the sender.
	Pause func(ctx context.Context) error
}

// Receipt says what became of a payload, record by record.
type Receipt struct {
	Evidence journal.Hash `json:"evidence"`
	Delivery string       `json:"delivery,omitempty"`
	Topic    string       `json:"topic,omitempty"`
	// Redelivered says that the same delivery was answered before; the answer is the first one's.
	Redelivered bool         `json:"redelivered,omitempty"`
	Ignored     string       `json:"ignored,omitempty"`
	Records     []RecordLine `json:"records"`
}

// RecordLine says what became of one record of a payload.
type RecordLine struct {
	Record int `json:"record"` // from 1
	// Start and End are the record's place in the payload, in bytes, End excluded.
	Start   int64       `json:"start"`
	End     int64       `json:"end"`
	Ignored string      `json:"ignored,omitempty"`
	Code    fault.Code  `json:"code,omitempty"`
	Detail  string      `json:"detail,omitempty"`
	Next    string      `json:"next,omitempty"`
	Events  []EventLine `json:"events,omitempty"`
	// Follow names what is asked of the source because of the record.
	Follow FollowUpID `json:"follow,omitempty"`
}

// EventLine says what became of one event of a record.
type EventLine struct {
	Type event.Type `json:"type"`
	Key  string     `json:"key"` // the business key
	record.Answer
}

// Refused reports whether any record was not taken in.
func (r *Receipt) Refused() bool {
	for _, line := range r.Records {
		if line.Code != "" {
			return true
		}
	}
	return false
}

// Take handles a payload. An error concerns the payload as a whole; it is kept as evidence
// and on the work list then, too. An error of kind Busy, Unknown or Unavailable asks the
// sender to send again.
func (d *Doors) Take(ctx context.Context, a Arrival) (Receipt, error) {
	p, err := d.opts.Packs.Get(a.Pack)
	if err != nil {
		return Receipt{}, err
	}
	origin, ok := d.origins[originKey{a.Pack, a.Instance}]
	if !ok {
		return Receipt{}, fault.New(fault.NoSuchThing, a.Pack+"/"+string(a.Instance), "no such source is configured").
			WithHint("Add it under sources: in the configuration.")
	}
	if err := d.prove(p, origin, a); err != nil {
		return d.reject(ctx, a, p.System, err)
	}
	result, err := p.Map(ctx, pack.Input{
		Topic: a.Topic, Header: a.Header, FileName: a.FileName, Body: a.Body, Before: a.Before, Ordinals: a.Ordinals, Instance: a.Instance,
		Zone: origin.Zone, Zones: d.opts.Zones, Options: origin.Options, TokenKey: d.opts.TokenKey, Limits: limitsOf(a),
	})
	if err != nil {
		return d.reject(ctx, a, p.System, err)
	}
	return d.accept(ctx, a, result)
}

// limitsOf bounds a payload: a file may be as large as evidence, a message has the defaults.
func limitsOf(a Arrival) (limits wire.Limits) {
	if a.FileName != "" {
		limits.Bytes = PayloadMax
	}
	return limits
}

// prove checks the signature, where nobody has proved themselves otherwise.
func (d *Doors) prove(p *pack.Pack, origin Origin, a Arrival) error {
	if a.Caller != "" {
		return nil
	}
	if !p.Signed() {
		return fault.New(fault.BadToken, a.Pack, "payloads of this pack carry no signature; a bearer token is needed")
	}
	return p.Verify(pack.SignedRequest{Header: a.Header, Body: a.Body}, origin.proof(), d.opts.Clock())
}

// accept keeps a payload that was understood, has its events decided and remembers the answer.
func (d *Doors) accept(ctx context.Context, a Arrival, result pack.Result) (Receipt, error) {
	source := Source{System: result.System, Instance: a.Instance}
	now := d.opts.Clock()
	evidence, err := d.opts.Vault.Put(ctx, Payload{
		Body: a.Body, ContentType: header(a, "Content-Type"), Source: source, Delivery: result.DeliveryID,
		ReceivedAt: now, Segments: segments(result),
	})
	if err != nil {
		return Receipt{}, err
	}
	id := DeliveryID{source, result.DeliveryID}
	if id.ID != "" {
		seen, before, err := Recognise(ctx, d.opts.Known, id, evidence, now)
		if err != nil {
			return Receipt{}, err
		}
		// An answer that was too long to be kept is made again: the business keys know every event.
		if seen == Redelivery && len(before.Answer) > 0 && !a.Anew {
			if told, err := again(before); err != nil || !told.curable() {
				return told, err
			}
		}
	}
	if err := d.noteTests(ctx, a, result, evidence); err != nil {
		return Receipt{}, err
	}
	receipt := Receipt{Evidence: evidence, Delivery: result.DeliveryID, Topic: result.Topic, Ignored: result.Ignored}
	if err := d.decide(ctx, a, result, &receipt); err != nil {
		return Receipt{}, err
	}
	if err := d.follow(ctx, a, result, &receipt); err != nil {
		return Receipt{}, err
	}
	if err := d.list(ctx, a, result, &receipt); err != nil {
		return Receipt{}, err
	}
	if id.ID == "" {
		return receipt, nil
	}
	answer, err := json.Marshal(receipt)
	if err != nil || len(answer) > AnswerMax {
		answer = nil // too long to be kept
	}
	return receipt, Remember(ctx, d.opts.Known, Delivery{DeliveryID: id, Evidence: evidence, Answer: answer, At: now})
}

func again(before Delivery) (Receipt, error) {
	var receipt Receipt
	if err := json.Unmarshal(before.Answer, &receipt); err != nil {
		return Receipt{}, fault.Wrap(err, fault.Storage, "intake.again", "delivery")
	}
	receipt.Redelivered = true
	return receipt, nil
}

// curable reports whether a record was refused for what the configuration or the master data may
// tell by now: then the payload is worth another look. What came in the first time is known by its key.
func (r *Receipt) curable() bool {
	return slices.ContainsFunc(r.Records, func(l RecordLine) bool { return l.Code == fault.ZoneUnknown })
}

// eventsAtOnce is how many events of a payload are submitted together: a chunk's worth.
const eventsAtOnce = 2000

// decide submits the events of all records in batches and sorts the answers back to their records.
func (d *Doors) decide(ctx context.Context, a Arrival, result pack.Result, receipt *Receipt) error {
	var subs []record.Submission
	for i, r := range result.Records {
		line := RecordLine{Record: i + 1, Start: r.Start, End: r.End, Ignored: r.Ignored}
		if r.Err != nil {
			line.Code, line.Detail, line.Next = r.Err.Code, r.Err.Detail, r.Err.NextStep()
		}
		receipt.Records = append(receipt.Records, line)
		for _, e := range r.Events {
			subs = append(subs, record.Submission{Event: e, Clock: r.Clock, Calendar: r.Calendar, Receipt: record.Receipt{
				Delivery: result.DeliveryID, Evidence: receipt.Evidence.String(), Pack: a.Pack, Topic: result.Topic, Principal: a.Caller,
			}})
		}
	}
	var answers []record.Answer
	for batch := range slices.Chunk(subs, eventsAtOnce) {
		decided, err := d.submitPatiently(ctx, a.Pause, batch)
		if err != nil {
			return err
		}
		answers = append(answers, decided...)
	}
	for i, r := range result.Records {
		line := &receipt.Records[i]
		for _, e := range r.Events {
			line.Events = append(line.Events, EventLine{Type: e.Type(), Key: e.Key, Answer: answers[0]})
			answers = answers[1:]
		}
	}
	return nil
}

// submitPatiently submits a batch until the owner is not too busy for it.
func (d *Doors) submitPatiently(ctx context.Context, pause func(context.Context) error, batch []record.Submission) ([]record.Answer, error) {
	for {
		answers, err := d.Submit(ctx, batch)
		if pause == nil || !fault.Is(err, fault.Busy) {
			return answers, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
}

// list puts the records that were refused by their mapping on the work list; refused events
// are listed by Submit.
func (d *Doors) list(ctx context.Context, a Arrival, result pack.Result, receipt *Receipt) error {
	for i, r := range result.Records {
		if r.Err == nil {
			continue
		}
		if r.Err.Code == fault.TrainingDropped {
			continue // dropped and counted in the receipt, nobody's work
		}
		if err := d.raise(ctx, r.Err, subjectOf(a, receipt.Evidence, i+1), receipt.Evidence); err != nil {
			return err
		}
	}
	return nil
}

// reject keeps a payload that as a whole could not be taken in, and lists it.
func (d *Doors) reject(ctx context.Context, a Arrival, system retail.SystemID, cause error) (Receipt, error) {
	switch fault.KindOf(cause) {
	case fault.Unavailable, fault.Busy, fault.Unknown, fault.Internal:
		return Receipt{}, cause
	}
	if len(a.Body) > PayloadMax {
		return Receipt{}, cause
	}
	evidence, err := d.opts.Vault.Put(ctx, Payload{
		Body: a.Body, ContentType: header(a, "Content-Type"), Source: Source{system, a.Instance}, ReceivedAt: d.opts.Clock(),
	})
	if err != nil {
		return Receipt{}, err
	}
	if err := d.raise(ctx, fault.As(cause), subjectOf(a, evidence, 0), evidence); err != nil {
		return Receipt{}, err
	}
	return Receipt{Evidence: evidence}, cause
}

// subjectOf names a payload, or a record of it, on the work list: one item however often
// the same bytes come.
func subjectOf(a Arrival, evidence journal.Hash, record int) string {
	subject := a.Pack + "/" + string(a.Instance) + " " + evidence.String()[:12]
	if record == 0 {
		return subject
	}
	return subject + " record " + strconv.Itoa(record)
}

func (d *Doors) raise(ctx context.Context, f *fault.Error, subject string, evidence journal.Hash) error {
	item := exception.New(exception.Report{
		Code: f.Code, Source: exception.SourceIntake, Subject: subject, Detail: f.Detail, Evidence: evidence.String(),
	}, d.opts.Clock())
	return d.opts.Worklist.Raise(ctx, item)
}

// segments says which bytes tell of whom.
func segments(result pack.Result) []Segment {
	var out []Segment
	for _, r := range result.Records {
		if r.Subject != "" {
			out = append(out, Segment{Range{int(r.Start), int(r.End)}, r.Subject})
		}
	}
	return out
}

func header(a Arrival, name string) string {
	if a.Header == nil {
		return ""
	}
	return a.Header(name)
}
