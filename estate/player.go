package estate

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/heddlehq/heddle/fault"
)

// Player sends messages to a server's doors as real senders do: it sends the same bytes again
// until there is an answer. It is safe for many goroutines.
type Player struct {
	// Base is the server's address: http://127.0.0.1:8080.
	Base string
	// Client sends; it should have a timeout, so that a server that stopped in the middle of
	// a request is asked again.
	Client *http.Client
	// Tokens are the bearer tokens by caller.
	Tokens map[Caller]string
	// Clock is the time of sending, which a processor's signature carries.
	Clock func() time.Time
	// Watch, if set, learns of each attempt as it ends.
	Watch func(Attempt)
}

// Attempt is one request on its way.
type Attempt struct {
	Message string
	Try     int // from 1
	// Sent says that the whole request had left; Err without an answer means then that nobody
	// knows what became of it.
	Sent   bool
	Status int
	Err    error
}

// Unanswered reports whether the request left and no answer came.
func (a Attempt) Unanswered() bool { return a.Sent && a.Err != nil }

// Limits of a sender's patience.
const (
	triesMax       = 400
	pauseMin       = 25 * time.Millisecond
	pauseMax       = time.Second
	answerBytesMax = 16 << 20
)

// Play delivers one after the other and returns the answers in that order. It stops at the
// first delivery that gets no answer.
func (p *Player) Play(ctx context.Context, deliveries []Delivery) ([]Answer, error) {
	answers := make([]Answer, 0, len(deliveries))
	for _, d := range deliveries {
		a, err := p.Send(ctx, d)
		if err != nil {
			return answers, err
		}
		answers = append(answers, a)
	}
	return answers, nil
}

// Send delivers one message. Where the connection fails, the server is busy (429, 503) or the
// outcome is unknown, it sends the same bytes again, up to triesMax times or until ctx ends.
func (p *Player) Send(ctx context.Context, d Delivery) (Answer, error) {
	pause := pauseMin
	for try := 1; ; try++ {
		answer, wait, err := p.try(ctx, d, try)
		answer.Tries = try
		if wait == 0 {
			return answer, err
		}
		if ctx.Err() != nil || try == triesMax {
			if err == nil {
				err = fault.New(fault.TooBusy, d.Message.Name, "status %d %s after %d tries", answer.Status, answer.Code, try)
			}
			return answer, fault.Wrap(err, fault.OutcomeUnknown, "estate.send", d.Message.Name)
		}
		if err := rest(ctx, min(max(wait, pause), pauseMax)); err != nil {
			return answer, fault.Wrap(err, fault.OutcomeUnknown, "estate.send", d.Message.Name)
		}
		pause = min(2*pause, pauseMax)
	}
}

// try sends once. A wait above zero asks for another try.
func (p *Player) try(ctx context.Context, d Delivery, try int) (answer Answer, wait time.Duration, err error) {
	var sent atomic.Bool
	attempt := Attempt{Message: d.Message.Name, Try: try}
	defer func() {
		if p.Watch != nil {
			attempt.Sent, attempt.Status, attempt.Err = sent.Load(), answer.Status, err
			p.Watch(attempt)
		}
	}()
	trace := &httptrace.ClientTrace{WroteRequest: func(info httptrace.WroteRequestInfo) { sent.Store(info.Err == nil) }}
	request, err := p.request(httptrace.WithClientTrace(ctx, trace), d)
	if err != nil {
		return Answer{Message: d.Message}, 0, err
	}
	response, err := p.Client.Do(request)
	if err != nil {
		return Answer{Message: d.Message}, pauseMin, err
	}
	defer func() { _ = response.Body.Close() }() // the answer was read
	body, err := io.ReadAll(io.LimitReader(response.Body, answerBytesMax))
	if err != nil {
		return Answer{Message: d.Message}, pauseMin, err
	}
	answer, err = readAnswer(d.Message, response.StatusCode, body)
	return answer, again(answer, response.Header), err
}

func (p *Player) request(ctx context.Context, d Delivery) (*http.Request, error) {
	payload := d.Message.Payload(d.Number, p.Clock())
	request, err := http.NewRequestWithContext(ctx, d.Message.Method, p.Base+d.Message.Path, bytes.NewReader(payload.Body))
	if err != nil {
		return nil, fault.Wrap(err, fault.BadRequest, "estate.send", d.Message.Name)
	}
	request.Header = payload.Header
	if d.Message.Caller != Nobody {
		request.Header.Set("Authorization", "Bearer "+p.Tokens[d.Message.Caller])
	}
	return request, nil
}

// again says how long to wait before the same is sent again; zero means not at all.
func again(a Answer, h http.Header) time.Duration {
	retry := a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable || a.Status == http.StatusBadGateway || a.Code == fault.OutcomeUnknown
	for _, r := range a.Results {
		retry = retry || r.Status == Unknown
	}
	if !retry {
		return 0
	}
	if seconds, err := strconv.Atoi(h.Get("Retry-After")); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	return pauseMin
}

// rest waits, or returns why it did not.
func rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
