//go:build e2e

package packs

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

// TestE2EOnlineRetail loads all days of the dataset, and gives their books to hledger: it finds
// them sound in its strictest mode and adds them up to the same balances.
func TestE2EOnlineRetail(t *testing.T) {
	program, err := exec.LookPath("hledger")
	if err != nil {
		t.Fatal("hledger is missing: run make deps")
	}
	s := testOnlineRetail(t, shopDays(t, "*.csv"))
	file := s.export()
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
	table, err := csv.NewReader(strings.NewReader(run("balance", "--flat", "--no-total", "-O", "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got, want := map[string]string{}, map[string]string{}
	for _, row := range table[1:] {
		got[row[0]] = row[1]
	}
	balance, err := s.books.TrialBalance(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range balance.Rows() {
		account := string(row.Entity) + ":" + strings.TrimSuffix(strings.ReplaceAll(row.Shown, "[", ":"), "]")
		want[account] = money.Of(row.Minor, row.Currency).String()
	}
	if len(want) == 0 || !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// export writes all entries as an hledger journal and returns its file.
func (s *shop) export() string {
	s.t.Helper()
	entries, _, err := s.books.Entries(s.t.Context(), booking.Filter{}, "", 0)
	if err != nil {
		s.t.Fatal(err)
	}
	var out bytes.Buffer
	w := ledger.NewHledgerWriter(&out, ledger.HledgerRoles)
	for _, e := range entries {
		if err := w.Write(e); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		s.t.Fatal(err)
	}
	file := filepath.Join(s.t.TempDir(), "books.journal")
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return file
}
