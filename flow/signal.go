package flow

import "sync"

// Signal tells any number of followers that something has grown. A follower takes the
// channel before it looks, so that no growth is missed.
type Signal struct {
	mu sync.Mutex
	ch chan struct{}
}

// NewSignal returns a signal.
func NewSignal() *Signal { return &Signal{ch: make(chan struct{})} }

// Raised returns a channel that is closed at the next Raise.
func (s *Signal) Raised() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ch
}

// Raise wakes everyone who waits.
func (s *Signal) Raise() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.ch)
	s.ch = make(chan struct{})
}
