package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/pack"
)

const (
	requestTime   = time.Minute    // how long one request may take
	redirectsMax  = 5              // on the same host
	retryAfterMax = 24 * time.Hour // the longest pause that a vendor is granted
)

// trouble is why a question was not answered.
type trouble struct {
	meaning pack.Answered
	wait    time.Duration // that the vendor asks for; zero: it says nothing
	fault   *fault.Error
}

// Error implements error.
func (t *trouble) Error() string { return t.fault.Error() }

// Unwrap returns the fault.
func (t *trouble) Unwrap() error { return t.fault }

// newTrouble returns the trouble of a meaning, with the code that belongs to it.
func newTrouble(meaning pack.Answered, subject, format string, args ...any) *trouble {
	code := fault.FetchFailing
	switch meaning {
	case pack.Unauthorised:
		code = fault.FetchUnauthorised
	case pack.Gone:
		code = fault.FetchGone
	case pack.Denied:
		code = fault.FetchDenied
	}
	return &trouble{meaning: meaning, fault: fault.New(code, subject, format, args...)}
}

// client sends requests to the host of one source.
type client struct {
	http    *http.Client
	source  Source
	base    *url.URL
	api     *pack.API
	subject string
	clock   func() time.Time
	token   token
}

func newClient(s Source, transport http.RoundTripper, clock func() time.Time) (*client, error) {
	base, err := address(s.BaseURL)
	if err != nil {
		return nil, err
	}
	c := &client{source: s, base: base, api: s.Pack.API, subject: s.subject(), clock: clock}
	c.http = &http.Client{Transport: transport, CheckRedirect: c.checkRedirect}
	return c, nil
}

// errRedirect refuses to be sent elsewhere, where the credentials do not belong, and to have
// a question with a body turned into one without.
var errRedirect = errors.New("fetch: redirected to another address than the configured host")

func (c *client) checkRedirect(request *http.Request, via []*http.Request) error {
	if !sameHost(request.URL, via[0].URL) || len(via) > redirectsMax || via[0].Method != http.MethodGet {
		return errRedirect
	}
	return nil
}

func sameHost(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Host, b.Host) && a.User == nil && b.User == nil
}

// ask sends a request and returns its answer, which has at most limit bytes. The error is a
// *trouble, or that of ctx. A token that is no longer accepted is replaced once.
func (c *client) ask(ctx context.Context, r pack.Request, limit int64) (pack.Answer, error) {
	answer, err := c.askOnce(ctx, r, limit)
	var t *trouble
	if errors.As(err, &t) && t.meaning == pack.Unauthorised && c.token.drop() {
		return c.askOnce(ctx, r, limit)
	}
	return answer, err
}

func (c *client) askOnce(ctx context.Context, r pack.Request, limit int64) (pack.Answer, error) {
	target, err := c.target(r)
	if err != nil {
		return pack.Answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, r.Method, target.String(), bytes.NewReader(r.Body))
	if err != nil {
		return pack.Answer{}, newTrouble(pack.Denied, c.subject, "no request can be made of it")
	}
	for _, h := range r.Header {
		request.Header.Set(h[0], h[1])
	}
	if err := c.authorise(ctx, request); err != nil {
		return pack.Answer{}, err
	}
	return c.send(ctx, request, limit)
}

// target returns where a request goes, which is always the configured host.
func (c *client) target(r pack.Request) (*url.URL, error) {
	if r.URL == "" {
		target, err := url.Parse(strings.TrimRight(c.base.String(), "/") + r.Path)
		if err != nil || !sameHost(target, c.base) {
			return nil, newTrouble(pack.Denied, c.subject, "the path is none")
		}
		return target, nil
	}
	next, err := url.Parse(r.URL)
	if err == nil {
		next = c.base.ResolveReference(next)
	}
	if err != nil || !sameHost(next, c.base) {
		return nil, newTrouble(pack.Denied, c.subject, "the next page lies on another host")
	}
	return next, nil
}

// send sends a request and reads the answer.
func (c *client) send(ctx context.Context, request *http.Request, limit int64) (pack.Answer, error) {
	response, err := c.http.Do(request)
	if err != nil {
		return pack.Answer{}, c.unanswered(ctx, err)
	}
	defer response.Body.Close() //nolint:errcheck // the body was read, or is given up
	header := response.Header.Get
	if response.StatusCode >= 300 {
		t := newTrouble(c.api.Answered(response.StatusCode), c.subject, "it answered %s", http.StatusText(response.StatusCode)+" ("+strconv.Itoa(response.StatusCode)+")")
		t.wait = retryAfter(header("Retry-After"), c.clock())
		return pack.Answer{Header: header}, t
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return pack.Answer{Header: header}, c.unanswered(ctx, err)
	}
	if int64(len(body)) > limit {
		return pack.Answer{Header: header}, &trouble{meaning: pack.Denied, fault: fault.New(fault.TooLarge, c.subject, "an answer has at most %d bytes", limit)}
	}
	if response.StatusCode == http.StatusNoContent {
		body = []byte("null")
	}
	return pack.Answer{Header: header, Body: body}, nil
}

// unanswered is the trouble of a request without an answer. The address stays out of its
// text: a query can hold what is nobody's business.
func (c *client) unanswered(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.DeadlineExceeded) {
		return fault.Wrap(cause, fault.Stopping, "fetch.ask", c.subject)
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	if errors.Is(err, errRedirect) {
		return newTrouble(pack.Denied, c.subject, "it sends to another address than the configured host")
	}
	return newTrouble(pack.Failing, c.subject, "no answer came: %s", err)
}

// retryAfter reads the header Retry-After (RFC 9110 10.2.3): seconds, or a time.
func retryAfter(text string, now time.Time) time.Duration {
	if text == "" {
		return 0
	}
	var wait time.Duration
	if seconds, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
		wait = time.Duration(min(seconds, int(retryAfterMax/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), retryAfterMax)
}
