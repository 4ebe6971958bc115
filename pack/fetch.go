package pack

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of what is asked of a system; a fetch can lower them.
const (
	BytesMax = 16 << 20 // bytes of one answer
	PagesMax = 1000     // pages that one follow-up reads
)

// API says how a system is asked for what it does not send. A pack names no host: which one
// is asked, with which credentials, is the installation's choice.
type API struct {
	Auth Auth
	// Rate is the bucket of every fetch that has none of its own; nil means that no rate is known.
	Rate    *Rate
	headers []field
	answers map[int]Answered
}

// Auth says how a request proves who asks.
type Auth struct {
	Scheme AuthScheme
	Header string // that carries the key or token; empty means Authorization
	Scope  string // that a token is asked for, where there is one
}

// AuthScheme names a way to prove who asks.
type AuthScheme string

// The schemes.
const (
	Bearer            AuthScheme = "bearer"             // Authorization: Bearer TOKEN
	Basic             AuthScheme = "basic"              // Authorization: Basic, of user and password (RFC 7617)
	APIKey            AuthScheme = "header"             // the key in a header of its own
	ClientCredentials AuthScheme = "client_credentials" // an OAuth 2 token for the client (RFC 6749 4.4)
	RefreshToken      AuthScheme = "refresh_token"      // an OAuth 2 token by a refresh token (RFC 6749 6)
)

// Credentials names the secrets that the scheme needs, in the order in which they are listed.
func (s AuthScheme) Credentials() []string {
	switch s {
	case Bearer:
		return []string{"token"}
	case Basic:
		return []string{"user", "password"}
	case APIKey:
		return []string{"key"}
	case ClientCredentials:
		return []string{"client_id", "client_secret"}
	case RefreshToken:
		return []string{"client_id", "client_secret", "refresh_token"}
	}
	return nil
}

// Tokens reports whether a token has to be fetched before anything can be asked.
func (s AuthScheme) Tokens() bool { return s == ClientCredentials || s == RefreshToken }

// Rate is a token bucket: Burst requests at once, and one more every Every.
type Rate struct {
	Every time.Duration
	Burst int
	// Header of an answer tells how the vendor's own bucket stands; empty where none does.
	Header string
	Tells  RateTells
}

// RateTells says what a vendor's rate header tells.
type RateTells string

// What a rate header tells.
const (
	TellsUsed RateTells = "used" // "32/40": of 40 requests at once, 32 are used
	TellsRate RateTells = "rate" // "0.0167": requests a second
)

// Answered says what an answer that is no success means for the one who asks.
type Answered string

// The meanings.
const (
	Throttled    Answered = "throttled"    // ask more slowly
	Failing      Answered = "failing"      // ask again later
	Unauthorised Answered = "unauthorised" // the credential is not accepted
	Gone         Answered = "gone"         // there is no such thing, or no longer
	Denied       Answered = "denied"       // the same request will never be answered
)

// Answered returns what a status of 300 and above means.
func (a *API) Answered(status int) Answered {
	if own, ok := a.answers[status]; ok {
		return own
	}
	switch {
	case status == 429:
		return Throttled
	case status == 408 || status == 425 || status >= 500:
		return Failing
	case status == 401 || status == 403:
		return Unauthorised
	case status == 404 || status == 410:
		return Gone
	}
	return Denied
}

// Fetch is one question that a system can be asked.
type Fetch struct {
	Name   string
	Method string
	// Path holds {name} where a value comes in.
	Path string
	// Topic is what each record of an answer is mapped as.
	Topic string
	// Beside are asked with the same values, and mapped together with the one record of this one.
	Beside []Beside
	// Rate is the bucket of this fetch alone; nil means that of the API.
	Rate *Rate
	// Bytes and Pages bound one answer, and the pages of one follow-up.
	Bytes int64
	Pages int

	path    template
	query   []field
	headers []field
	body    *program
	records *program // gives paths; nil: the answer is the record
	paging  paging
}

// Beside is a fetch that is asked beside another one.
type Beside struct {
	Member string // of the payload, which takes the records
	Fetch  string
}

// recordMember takes the record of the fetch that others are beside.
const recordMember = "record"

// Join makes one payload of a record and the records of each fetch beside it, in the order of
// Beside; every record keeps its own bytes.
func (f *Fetch) Join(record Fetched, beside [][]Fetched) Page {
	b := append([]byte(`{"`+recordMember+`":`), record.Body...)
	for i, one := range f.Beside {
		b = append(b, `,"`+one.Member+`":[`...)
		for j, r := range beside[i] {
			if j > 0 {
				b = append(b, ',')
			}
			b = append(b, r.Body...)
		}
		b = append(b, ']')
	}
	return Page{Records: []Fetched{{Body: append(b, '}')}}, ContentType: jsonType}
}

// String describes the fetch in a line: "orders_updated: POST /v2/orders/search, as orders".
func (f *Fetch) String() string {
	return f.Name + ": " + f.Method + " " + f.Path + ", as " + f.Topic
}

// Poll is a question that is asked again and again, from where the last answers ended.
type Poll struct {
	Name  string
	Fetch string
	Every time.Duration
	// Overlap is how far before the end of the last answers the next ones begin, for what the
	// system shows late.
	Overlap time.Duration

	changed *program
	times   TimeForm
}

// String describes the poll in a line: "orders: orders_updated every 5m0s, from 2m0s before the last".
func (p *Poll) String() string {
	return p.Name + ": " + p.Fetch + " every " + p.Every.String() + ", from " + p.Overlap.String() + " before the last"
}

// TimeForm is how a system writes the times that it is asked with.
type TimeForm string

// The forms, in UTC.
const (
	ZonedTimes TimeForm = "zoned" // 2006-01-02T15:04:05Z
	NaiveTimes TimeForm = "naive" // 2006-01-02T15:04:05
	EpochTimes TimeForm = "epoch" // whole seconds since 1970
	DateTimes  TimeForm = "date"  // 2006-01-02, the whole day
)

// Follow makes a topic thin: its messages tell that there is something to ask for.
type Follow struct {
	Fetch string
	with  []valuePath
}

type valuePath struct {
	name string
	path *program
}

// FollowUp is a question that a thin message has raised.
type FollowUp struct {
	Fetch string
	With  map[string]string // the values that the fetch needs
}

// Fetch returns the fetch of a name, or nil.
func (p *Pack) Fetch(name string) *Fetch {
	i := slices.IndexFunc(p.Fetches, func(f *Fetch) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return p.Fetches[i]
}

// Poll returns the poll of a name, or nil.
func (p *Pack) Poll(name string) *Poll {
	i := slices.IndexFunc(p.Polls, func(q *Poll) bool { return q.Name == name })
	if i < 0 {
		return nil
	}
	return p.Polls[i]
}

// compileAsking compiles how the system is asked. The topics are compiled already.
func (p *Pack) compileAsking(t *askingText) (err error) {
	if t.API == nil {
		return p.checkFollows()
	}
	p.API = &API{Auth: Auth(t.API.Auth), Rate: newRate(t.API.Rate), answers: map[int]Answered{}}
	if p.API.headers, err = p.fields(t.API.Headers, "api: headers"); err != nil {
		return err
	}
	for answered, statuses := range t.API.Answers {
		for _, status := range statuses {
			p.API.answers[status] = answered
		}
	}
	for i := range t.Fetches {
		f, err := p.newFetch(&t.Fetches[i])
		if err != nil {
			return err
		}
		p.Fetches = append(p.Fetches, f)
	}
	for _, text := range t.Polls {
		poll, err := p.newPoll(text)
		if err != nil {
			return err
		}
		p.Polls = append(p.Polls, poll)
	}
	return p.checkFollows()
}

// newRate returns a rate whose text was checked.
func newRate(t *rateText) *Rate {
	if t == nil {
		return nil
	}
	every, _ := duration(t.Every)
	return &Rate{Every: every, Burst: t.Burst, Header: t.Header, Tells: t.Tells}
}

func (p *Pack) newFetch(t *fetchText) (f *Fetch, err error) {
	subject := "fetch " + t.Name
	f = &Fetch{
		Name: t.Name, Method: t.Method, Path: t.Path, Topic: t.Topic, Rate: newRate(t.Rate),
		Bytes: t.Limits.Bytes, Pages: t.Limits.Pages, paging: paging{pagingText: *orZero(t.Paging)},
	}
	if f.Bytes == 0 {
		f.Bytes = BytesMax
	}
	if f.Pages == 0 {
		f.Pages = PagesMax
	}
	for _, member := range sortedKeys(t.Beside) {
		f.Beside = append(f.Beside, Beside{member, t.Beside[member]})
	}
	if topic, err := p.topic(t.Topic); err != nil || topic.Ignored != "" {
		return nil, broken(subject, "topic names one that is mapped or followed")
	}
	if f.path, err = p.newTemplate(t.Path, subject); err != nil {
		return nil, err
	}
	if f.query, err = p.fields(t.Query, subject+" query"); err != nil {
		return nil, err
	}
	if f.headers, err = p.fields(t.Headers, subject+" headers"); err != nil {
		return nil, err
	}
	if t.Body != "" {
		if f.body, err = compile(subject+" body", t.Body); err != nil {
			return nil, err
		}
	}
	if t.Records != "" {
		if f.records, err = compilePaths(subject+" records", t.Records); err != nil {
			return nil, err
		}
	}
	if at := f.paging.Cursor + f.paging.URL; at != "" {
		f.paging.find, err = compile(subject+" paging", at)
	}
	return f, err
}

func orZero[T any](p *T) *T {
	if p == nil {
		return new(T)
	}
	return p
}

// compilePaths compiles an expression so that it gives the paths of what it selects.
func compilePaths(name, text string) (*program, error) {
	if _, err := compile(name, text); err != nil {
		return nil, err
	}
	return compile(name, "path("+text+"\n)")
}

func (p *Pack) newPoll(t pollText) (*Poll, error) {
	subject := "poll " + t.Name
	poll := &Poll{Name: t.Name, Fetch: t.Fetch, times: t.Times}
	if poll.times == "" {
		poll.times = ZonedTimes
	}
	var err, bad error
	if poll.Every, err = duration(t.Every); err == nil {
		poll.Overlap, err = duration(t.Overlap)
	}
	if err != nil || poll.Every < time.Second || poll.Overlap < 0 {
		return nil, broken(subject, "every is a duration of at least 1s, and overlap a duration")
	}
	if poll.changed, err = compile(subject+" changed", t.Changed); err != nil {
		return nil, err
	}
	bad = p.Fetch(t.Fetch).needs(subject, []string{sinceName})
	return poll, bad
}

// sinceName is the value by which a poll says from when on it asks.
const sinceName = "since"

// needs reports a value that the fetch needs and is not given.
func (f *Fetch) needs(subject string, given []string) error {
	for _, t := range append(fieldTemplates(f.query, f.headers), f.path) {
		for _, piece := range t {
			if piece.place != "" && !piece.option && !slices.Contains(given, piece.place) {
				return broken(subject, "the fetch %s needs {%s}, which is not given", f.Name, piece.place)
			}
		}
	}
	return nil
}

// newFollow compiles what makes a topic thin; nil where nothing does.
func newFollow(t *followText, subject string) (*Follow, error) {
	if t == nil {
		return nil, nil
	}
	follow := &Follow{Fetch: t.Fetch}
	for _, name := range sortedKeys(t.With) {
		path, err := compile(subject+" follow", t.With[name])
		if err != nil {
			return nil, err
		}
		follow.with = append(follow.with, valuePath{name, path})
	}
	return follow, nil
}

// checkFollows checks that every thin topic gives its fetch the values that it needs.
func (p *Pack) checkFollows() error {
	for _, t := range p.Topics {
		if t.Follow == nil {
			continue
		}
		given := make([]string, len(t.Follow.with))
		for i, w := range t.Follow.with {
			given[i] = w.name
		}
		f := p.Fetch(t.Follow.Fetch)
		if err := f.needs("topic "+t.Name, given); err != nil {
			return err
		}
		for _, beside := range f.Beside {
			if err := p.Fetch(beside.Fetch).needs("topic "+t.Name, given); err != nil {
				return err
			}
		}
	}
	return nil
}

// Key names what a follow-up asks for: two of one key are one question.
func (u FollowUp) Key() string {
	var b strings.Builder
	b.WriteString(u.Fetch)
	for _, name := range sortedKeys(u.With) {
		b.WriteString(" " + name + "=" + strconv.Quote(u.With[name]))
	}
	return b.String()
}
