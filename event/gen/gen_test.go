package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestGeneratedFilesAreCurrent(t *testing.T) {
	files, err := Generate("..")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		if got, err := os.ReadFile(filepath.Join("..", name)); err != nil || string(got) != string(want) {
			t.Errorf("%s is not what the structs say: run go generate ./event (%v)", name, err)
		}
	}
	found, err := filepath.Glob("../schema/*")
	if err != nil || len(found) != len(files)-1 {
		t.Errorf("event/schema has %d files for %d events (%v): a schema without event has to go", len(found), len(files)-1, err)
	}
}
