package api

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/gateway"
)

// TestReach waits for positions that are there, that come in time, and that never come.
func TestReach(t *testing.T) {
	// reproduces: H-BUSY
	for _, c := range []struct {
		name  string
		grows time.Duration // after which the position is there
		waits time.Duration
		late  bool
	}{
		{"there", 0, 0, false},
		{"in time", waitMax - waitStep, waitMax - waitStep, false},
		{"never", 2 * waitMax, waitMax, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				err := After{7}.reach(t.Context(), func() int64 {
					if time.Since(began) >= c.grows {
						return 7
					}
					return 6
				})
				if waited := time.Since(began); waited != c.waits {
					t.Errorf("waited %v, want %v", waited, c.waits)
				}
				if !c.late {
					if err != nil {
						t.Errorf("got %v, want no error", err)
					}
					return
				}
				problem, is := errors.AsType[*gateway.Problem](err)
				headers, has := errors.AsType[huma.HeadersError](err)
				if !is || problem.Status != 503 || problem.Code != fault.TooBusy || problem.Next == "" {
					t.Fatalf("got %+v, want 503 %s with a hint", err, fault.TooBusy)
				}
				if !has || headers.GetHeaders().Get("Retry-After") == "" {
					t.Error("it does not say when to come again")
				}
			})
		})
	}
}
