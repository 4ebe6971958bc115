package app

import (
	"context"
	"encoding/binary"
	"io"
	"net/http"
	"time"

	"github.com/heddlehq/heddle/fetch"
)

// openFetcher opens what asks the sources that have an API. It asks nothing yet.
func (h *House) openFetcher(ctx context.Context) (*fetch.Fetcher, error) {
	if problems := h.config.CheckAPIs(h.Packs); len(problems) > 0 {
		return nil, AsFault("configuration", problems)
	}
	read := func(ref SecretRef) ([]byte, error) {
		secret, err := ref.Read(h.options.Env)
		return secret.Reveal(), err
	}
	var sources []fetch.Source
	for _, s := range h.config.Sources {
		if s.API == nil {
			continue
		}
		source, err := s.asked(h.Packs, read)
		if err != nil {
			return nil, err
		}
		sources = append(sources, source)
	}
	desk := h.Store.Desk()
	return fetch.Open(ctx, fetch.Options{
		Sources: sources, Taker: h.Doors, FollowUps: desk.FollowUps(), Cursors: desk.Settings(), Worklist: desk.Worklist(),
		Transport: transport(), Clock: h.options.Clock, Wait: waitFor, Jitter: jitter(h.options.Random), Log: h.options.Log,
	})
}

// transport returns what sends requests to outside systems: it verifies TLS, and goes by the
// proxy that the environment names.
func transport() http.RoundTripper {
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		return t.Clone()
	}
	return http.DefaultTransport
}

// waitFor waits until a time has passed, wake gives something, or ctx ends, which is an error.
func waitFor(ctx context.Context, d time.Duration, wake <-chan struct{}) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-wake:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return nil
}

// jitter returns random times below a limit; without randomness, the limit itself.
func jitter(random io.Reader) func(time.Duration) time.Duration {
	return func(below time.Duration) time.Duration {
		var b [8]byte
		if _, err := io.ReadFull(random, b[:]); err != nil || below <= 0 {
			return below
		}
		return time.Duration(binary.BigEndian.Uint64(b[:]) % uint64(below))
	}
}
