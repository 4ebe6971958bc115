package main

import (
	"fmt"
	"os"
	"strings"
)

// root is the module's folder as seen from fault, where go generate runs this command.
const (
	root = ".."
	page = "docs/errors.md"
)

func main() {
	text, found, err := catalogue(os.DirFS(root))
	if err == nil {
		err = os.WriteFile(root+"/"+page, text, 0o644) //nolint:gosec // documents are for everybody
	}
	if err == nil {
		err = complete(found, strings.Fields(pending))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "errdoc:", err)
		os.Exit(1)
	}
}
