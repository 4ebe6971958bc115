//go:build e2e

package booking_test

import (
	"bytes"
	"encoding/csv"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
)

// TestE2EHledger gives the books of each worked example to hledger, which finds them sound
// in its strictest mode and adds them up to the same balances.
func TestE2EHledger(t *testing.T) {
	program, err := exec.LookPath("hledger")
	if err != nil {
		t.Fatal("hledger is missing: run make deps")
	}
	for _, example := range []string{"E01", "E15", "E31"} {
		t.Run(example, func(t *testing.T) {
			h := newHouse(t)
			h.feed(eventsOf(t, example), 1)
			file := filepath.Join(t.TempDir(), "books.journal")
			if err := os.WriteFile(file, h.export(), 0o600); err != nil {
				t.Fatal(err)
			}
			run := func(args ...string) string {
				cmd := exec.CommandContext(t.Context(), program, append([]string{"-f", file}, args...)...)
				cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
				var stderr bytes.Buffer
				cmd.Stderr = &stderr
				out, err := cmd.Output()
				if err != nil {
					t.Fatalf("hledger %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
				}
				return string(out)
			}
			run("check", "--strict", "payees")
			got := hledgerBalances(t, run("balance", "--flat", "--no-total", "-O", "csv"))
			want := map[string]string{}
			for _, row := range h.trialBalance().Rows() {
				account := string(row.Entity) + ":" + strings.TrimSuffix(strings.ReplaceAll(row.Shown, "[", ":"), "]")
				want[account] = money.Of(row.Minor, row.Currency).String()
			}
			if len(want) == 0 || !maps.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// export writes all entries as an hledger journal.
func (h *house) export() []byte {
	h.t.Helper()
	entries, _, err := h.books.Entries(h.t.Context(), booking.Filter{}, "", 0)
	if err != nil {
		h.t.Fatal(err)
	}
	var out bytes.Buffer
	w := ledger.NewHledgerWriter(&out, ledger.HledgerRoles)
	for _, e := range entries {
		if err := w.Write(e); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		h.t.Fatal(err)
	}
	return out.Bytes()
}

// hledgerBalances reads hledger's table of accounts and balances.
func hledgerBalances(t *testing.T, table string) map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil || len(rows) < 1 {
		t.Fatalf("got %q, %v", table, err)
	}
	out := map[string]string{}
	for _, row := range rows[1:] {
		out[row[0]] = row[1]
	}
	return out
}
