package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	files, err := Generate(".")
	for name, content := range files {
		if err == nil {
			err = os.MkdirAll(filepath.Dir(name), 0o755)
		}
		if err == nil {
			err = os.WriteFile(name, content, 0o644)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "event/gen:", err)
		os.Exit(1)
	}
}

// Generate returns every generated file of the package in dir by its name below dir.
func Generate(dir string) (map[string][]byte, error) {
	m, err := load(dir)
	if err != nil {
		return nil, err
	}
	codec, err := m.codec()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{"codec_gen.go": codec}
	for _, e := range m.events {
		name := filepath.Join("schema", e.file()+".json")
		if files[name], err = m.schema(e); err != nil {
			return nil, err
		}
	}
	return files, nil
}
