package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/heddlehq/heddle/collect"
)

var update = flag.Bool("update", false, "rewrite the expected parts of testdata")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"heddle": main})
}

// TestScripts runs the commands as a person would: testdata/script/*.txtar.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Values[serverKey{}] = new(server)
			env.Setenv("HEDDLE_TOKEN", "")
			return os.WriteFile(filepath.Join(env.WorkDir, "heddle.yaml"), []byte(config), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"house": house, "token": token, "bend": bend, "counter": counter, "await": await, "filename": filename},
	})
}

// config is the heddle.yaml of every script.
const config = `environment: test
tenant: acme
listen: 127.0.0.1:0
log: {level: error}
sources:
  - {pack: csv, instance: main, options: {currency: USD}}
reference:
  locations:
    - {key: S1, entity: LE1, zone: Europe/Berlin, kind: STORE}
  items:
    - {key: MUG, department: D1, class: MERCH}
  tenders:
    - {key: [till, Cash], class: CASH}
  tax_codes:
    - {key: [till, STATE], jurisdiction: STATE}
  accounts:
    - {key: ["*", "*"], account: "{role}"}
  periods:
    - {key: [LE1, 2026-06], from: 2026-06-01, to: 2026-06-30, status: OPEN}
policies:
  LE1: {functional_currency: USD}
`

// serverKey is under what a script keeps its server.
type serverKey struct{}

// server is the server of a script.
type server struct {
	cmd *exec.Cmd
	log bytes.Buffer
}

// house is the script command "house start", which runs heddle serve in the background and
// sets HEDDLE_URL, and "house stop", which interrupts it and waits for its good end.
func house(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serverKey{}).(*server)
	switch {
	case neg || len(args) != 1:
		ts.Fatalf("usage: house start|stop")
	case args[0] == "stop":
		ts.Check(s.cmd.Process.Signal(os.Interrupt))
		if err := s.cmd.Wait(); err != nil {
			ts.Fatalf("heddle serve: %v\n%s", err, s.log.String())
		}
		s.cmd = nil
	default:
		s.start(ts)
	}
}

func (s *server) start(ts *testscript.TestScript) {
	path, err := exec.LookPath("heddle")
	ts.Check(err)
	s.cmd = exec.Command(path, "serve")
	s.cmd.Dir, s.cmd.Stderr = ts.Getenv("WORK"), &s.log
	out, err := s.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(s.cmd.Start())
	ts.Defer(func() {
		if s.cmd != nil {
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		_ = s.cmd.Wait()
		s.cmd = nil
		ts.Fatalf("heddle serve said %q: %v\n%s", line, err, s.log.String())
	}
	ts.Setenv("HEDDLE_URL", url)
}

// token is the script command "token PRINCIPAL KIND SCOPE…", which makes a key and sets
// HEDDLE_TOKEN.
func token(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: token PRINCIPAL KIND SCOPE…")
	}
	path, err := exec.LookPath("heddle")
	ts.Check(err)
	cmd := exec.Command(path, "keys", "create", "--principal", args[0], "--kind", args[1], "--scope", strings.Join(args[2:], ","))
	cmd.Dir = ts.Getenv("WORK")
	out, err := cmd.Output()
	ts.Check(err)
	ts.Setenv("HEDDLE_TOKEN", strings.TrimSpace(string(out)))
}

// await is the script command "await FILE", which waits until a file is there.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await FILE")
	}
	for deadline := time.After(time.Minute); ; {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		select {
		case <-deadline:
			ts.Fatalf("%s does not come", args[0])
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// filename is the script command "filename RECEIPT", which sets FILE to the id in a receipt.
func filename(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: filename RECEIPT")
	}
	var receipt collect.Receipt
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &receipt))
	ts.Setenv("FILE", string(receipt.File.ID))
}

// bend is the script command "bend FILE OLD NEW", which replaces the first OLD in a file of
// any kind by NEW of the same length.
func bend(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 || len(args[1]) != len(args[2]) {
		ts.Fatalf("usage: bend FILE OLD NEW, both of one length")
	}
	name := ts.MkAbs(args[0])
	data, err := os.ReadFile(name)
	ts.Check(err)
	if !bytes.Contains(data, []byte(args[1])) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(name, bytes.Replace(data, []byte(args[1]), []byte(args[2]), 1), 0o600))
}
