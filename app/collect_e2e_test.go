//go:build e2e || soak

package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/collect"
	"github.com/heddlehq/heddle/intake"
)

// childConfig names the configuration of a child that collects files until it is killed.
const childConfig = "HEDDLE_COLLECT_CONFIG"

// collectChild serves an installation until it is killed.
func collectChild(path string) error {
	c, problems := app.Load(path)
	if problems != nil {
		return app.AsFault(path, problems)
	}
	ctx := context.Background()
	house, err := app.OpenHouse(ctx, c, app.Options{})
	if err != nil {
		return err
	}
	if _, err := house.Listen(ctx); err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, "listening")
	return house.Serve(ctx)
}

const collectConfig = `environment: test
tenant: acme
listen: 127.0.0.1:0
sources:
  - pack: csv
    instance: main
    options: {currency: USD}
    files: [{folder: in, every: 1s, settle: 1s}]
reference:
  locations:
    - {key: S1, entity: LE1, zone: Europe/Berlin, kind: STORE}
  items:
    - {key: MUG, department: D1, class: MERCH}
`

// TestE2EKillsWhileCollecting kills the server with SIGKILL at random instants while it takes
// files, one of them in several parts: each row is in the journal once, each file lies in done,
// and each receipt has an answer for every row.
func TestE2EKillsWhileCollecting(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	if err := os.Mkdir(in, 0o700); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "heddle.yaml")
	if err := os.WriteFile(config, []byte(collectConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	sizes, total := map[string]int{}, 0
	for i := range 12 {
		n := 50
		if i == 5 {
			n = 12_000
		}
		name := fmt.Sprintf("opening-2026-06-%02d.csv", i+1)
		sizes[name] = n
		total += n
		text := "item,location,qty,value\n" + strings.Repeat(fmt.Sprintf("MUG,S1,1,%d.00\n", i+1), n)
		if err := os.WriteFile(filepath.Join(in, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kills := 0
	for left := len(sizes); left > 0; kills++ {
		if kills > 300 {
			t.Fatalf("after %d kills there are %d files left", kills, left)
		}
		killAfter(t, config, time.Duration(random.IntN(2500))*time.Millisecond)
		lying, err := filepath.Glob(filepath.Join(in, "*.csv"))
		if err != nil {
			t.Fatal(err)
		}
		left = len(lying)
	}
	t.Logf("%d kills", kills)
	checkCollected(t, config, in, sizes, total)
}

// killAfter starts the server and kills it after a time.
func killAfter(t *testing.T, config string, d time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childConfig+"="+config)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || strings.TrimSpace(line) != "listening" {
		t.Fatalf("the server did not start: %q, %v", line, err)
	}
	<-time.After(d) // a random instant is what the test is about
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
}

func checkCollected(t *testing.T, config, in string, sizes map[string]int, total int) {
	t.Helper()
	c, problems := app.Load(config)
	if problems != nil {
		t.Fatal(problems)
	}
	h, err := app.OpenHouse(t.Context(), c, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}()
	tail, err := h.Owner.Tail(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := tail.Next-1, int64(2+total); got != want { // two rows of reference data
		t.Errorf("the journal holds %d events, want %d", got, want)
	}
	for name, n := range sizes {
		if _, err := os.Stat(filepath.Join(in, "done", name)); err != nil {
			t.Error(err)
		}
		var r collect.Receipt
		text, err := os.ReadFile(filepath.Join(in, "receipts", name+".receipt.json"))
		if err == nil {
			err = json.Unmarshal(text, &r)
		}
		if err != nil {
			t.Fatal(err)
		}
		if f := r.File; f.State != intake.FileTaken || f.Accepted != n || len(r.Records) != n {
			t.Errorf("%s: got %+v with %d records, want %d", name, f, len(r.Records), n)
		}
		for i, l := range r.Records {
			if l.Record != i+1 || len(l.Events) != 1 || l.Events[0].Position == 0 {
				t.Fatalf("%s: record %d is %+v", name, i+1, l)
			}
		}
	}
}
