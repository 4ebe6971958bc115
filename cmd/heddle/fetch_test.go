package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// counter is the script command "counter", which starts the system of the pack in
// fetch/testdata, on loopback, copies the pack and adds both to heddle.yaml. It has one move,
// m-1.
func counter(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: counter")
	}
	const moves = `[{"kind":"move","id":"m-1","version":1,"at":"2026-06-01T10:00:00Z","updated_at":"2026-06-01T10:00:05Z","item":"MUG","place":"S1","quantity":"2"}]`
	answer := func(path string) string {
		switch path {
		case "/v2/moves/m-1":
			return `{"move":` + moves[1:len(moves)-1] + `}`
		case "/v2/moves/search", "/v2/moves/batch-retrieve":
			return `{"moves":` + moves + `}`
		}
		return ""
	}
	system := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := answer(r.URL.Path)
		switch {
		case r.Header.Get("Authorization") != "Bearer the-token":
			w.WriteHeader(http.StatusUnauthorized)
		case text == "":
			w.WriteHeader(http.StatusNotFound)
		default:
			fmt.Fprint(w, text)
		}
	}))
	ts.Defer(system.Close)
	ts.Check(os.CopyFS(ts.MkAbs("counter"), os.DirFS(filepath.FromSlash("../../fetch/testdata/counter"))))
	ts.Check(os.WriteFile(ts.MkAbs("counter.token"), []byte("the-token\n"), 0o600))
	source := fmt.Sprintf(`packs: [counter]
sources:
  - pack: counter
    instance: main
    api:
      base_url: %s
      credentials: {token: {file: counter.token}}
      polls: [{name: search, since: 2026-06-01}]
`, system.URL)
	ts.Check(os.WriteFile(ts.MkAbs("heddle.yaml"), []byte(strings.Replace(config, "sources:\n", source, 1)), 0o600))
}
