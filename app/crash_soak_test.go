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

// TestSoakKilledUnderLoad kills a server three hundred times while many clients send it facts.
func TestSoakKilledUnderLoad(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	killUnderLoad(t, seed, 300)
}
