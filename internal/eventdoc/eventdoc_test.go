package main

import (
	"os"
	"testing"
)

// TestPageIsCurrent compares docs/events.md with what the generator would write now.
func TestPageIsCurrent(t *testing.T) {
	want, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../" + page)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is not what the code says: run make generate", page)
	}
}
