package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestPacksPage follows docs/packs.md as a reader would, from the top: its commands say what
// the page shows, the files that they make are those of the page, and the files that the
// reader writes are there when they are needed.
func TestPacksPage(t *testing.T) {
	text, err := os.ReadFile("../../docs/packs.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)\n```([a-z]+)(?: (\\S+))?\n(.*?)```\n").FindAllStringSubmatch(string(text), -1)
	var script, files strings.Builder
	commands := 0
	for i, block := range blocks {
		kind, name, body := block[1], block[2], block[3]
		switch {
		case kind == "console":
			for j, part := range strings.Split("\n"+body, "\n$ ")[1:] {
				command, want, _ := strings.Cut(part, "\n")
				wanted := fmt.Sprintf("want/%d-%d", i, j)
				fmt.Fprintf(&script, "exec %s\ncmp stdout %s\n", command, wanted)
				fmt.Fprintf(&files, "-- %s --\n%s\n", wanted, strings.TrimSuffix(want, "\n"))
				commands++
			}
		case strings.HasPrefix(name, "outlet/"): // made by a command above
			fmt.Fprintf(&script, "cmp %s want/%s\n", name, name)
			fmt.Fprintf(&files, "-- want/%s --\n%s", name, body)
		case strings.Contains(name, "."): // written by the reader
			fmt.Fprintf(&files, "-- %s --\n%s", name, body)
		}
	}
	if commands < 3 {
		t.Fatalf("the page has %d commands, want its example", commands)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "packs.txtar"), []byte(script.String()+files.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: folder, RequireExplicitExec: true})
}
