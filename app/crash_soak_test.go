//go:build soak

package app_test

import (
	"testing"
	"time"
)

// TestSoakKills kills servers three hundred times in all.
func TestSoakKills(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	for i := range uint64(15) {
		t.Logf("seed %d", seed+i)
		crash(t, seed+i)
	}
}
