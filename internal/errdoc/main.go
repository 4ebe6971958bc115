package main

import (
	"fmt"
	"os"
)

// root is the module's folder as seen from fault, where go generate runs this command, and
// from internal/errdoc's tests after one more step up.
const (
	root = ".."
	page = "docs/errors.md"
)

func main() {
	text, err := catalogue(os.DirFS(root), pending)
	if err == nil {
		err = os.WriteFile(root+"/"+page, text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "errdoc:", err)
		os.Exit(1)
	}
}
