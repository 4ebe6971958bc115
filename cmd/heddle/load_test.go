package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/reference"
)

// shelf is a server that keeps the rows of one table, and breaks off after so many batches.
type shelf struct {
	rows    map[string]string
	batches int
	breaks  int
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var load api.Load
	if err := json.NewDecoder(r.Body).Decode(&load); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if s.batches++; s.batches == s.breaks {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte(`{"code":"H-STOPPING","detail":"the node is stopping"}`))
		return
	}
	var out api.Loaded
	for _, row := range load.Rows {
		change := reference.New
		if have, ok := s.rows[row.Key]; ok && have == row.Row["class"] {
			change = reference.Unchanged
			out.Unchanged++
		} else {
			s.rows[row.Key] = row.Row["class"]
			out.New++
		}
		out.Results = append(out.Results, api.LoadResult{Change: change})
	}
	_ = json.NewEncoder(w).Encode(out)
}

// TestLoadGoesOn stops a large load in its middle and takes it up again by the same command:
// in batches, nothing twice, nothing left out.
func TestLoadGoesOn(t *testing.T) {
	const rows = 100_000
	var file bytes.Buffer
	file.WriteString("item,class\n")
	for i := range rows {
		fmt.Fprintf(&file, "SKU-%06d,MERCH\n", i)
	}
	name := filepath.Join(t.TempDir(), "items.csv")
	if err := os.WriteFile(name, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &shelf{rows: map[string]string{}, breaks: 20}
	server := httptest.NewServer(s)
	defer server.Close()
	load := func() (status int, out, errs string) {
		var o, e bytes.Buffer
		status = run(t.Context(), []string{"load", "items", name, "--rows", fmt.Sprint(rows), "--url", server.URL, "--token", "t"}, streams{strings.NewReader(""), &o, &e})
		return status, o.String(), e.String()
	}
	status, _, errs := load()
	if status != 1 || !strings.Contains(errs, "stopped after row 38000: the same command goes on") || len(s.rows) != 38_000 {
		t.Fatalf("got %d with %d rows: %s", status, len(s.rows), errs)
	}
	status, out, errs := load()
	if status != 0 || len(s.rows) != rows || !strings.Contains(out, "new        62000\n") || !strings.Contains(out, "unchanged  38000\n") {
		t.Errorf("got %d with %d rows: %s%s", status, len(s.rows), out, errs)
	}
}
