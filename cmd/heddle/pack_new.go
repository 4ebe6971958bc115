package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/fault"
)

// skeletons are small packs, one for each format, that teach by comments and pass their own
// cases.
//
//go:embed skeleton
var skeletons embed.FS

const (
	skeletonRoot = "skeleton"
	// skeletonName is what the skeletons are called, wherever the name of a pack stands.
	skeletonName = "outlet"
)

// packName is the form of a pack's name, which the configuration asks for, too.
const packName = `^[a-z][a-z0-9_-]{0,31}$`

func (h *heddle) newCommand() *cobra.Command {
	var name, format string
	c := &cobra.Command{
		Use: "new DIR", Short: "Begin a pack in a folder",
		Long: `Begin a pack in a folder that is new or empty: a small complete one that passes its own
cases and says in comments what its parts are for. Change it until it is yours, and run
heddle pack test on the way.`,
		Args: arguments(1, 1, "one folder"),
		RunE: func(_ *cobra.Command, args []string) error {
			folder := args[0]
			if name == "" {
				name = filepath.Base(filepath.Clean(folder))
			}
			files, err := newPack(folder, name, format)
			if err != nil {
				return err
			}
			for _, file := range files {
				fmt.Fprintln(h.out, filepath.Join(folder, filepath.FromSlash(file)))
			}
			return nil
		},
	}
	c.Flags().StringVar(&name, "name", "", "name of the pack (default: that of the folder)")
	c.Flags().StringVar(&format, "format", "json", "what the system sends: "+strings.Join(skeletonFormats(), ", "))
	return c
}

func skeletonFormats() []string {
	entries, err := skeletons.ReadDir(skeletonRoot)
	if err != nil {
		panic("heddle: the skeletons of packs are not in the program: " + err.Error())
	}
	var formats []string
	for _, entry := range entries {
		formats = append(formats, entry.Name())
	}
	return formats
}

// newPack writes the skeleton of a format under a name and returns the files.
func newPack(folder, name, format string) ([]string, error) {
	if !regexp.MustCompile(packName).MatchString(name) {
		return nil, fault.New(fault.BadRequest, "--name", "a pack's name is of lower-case letters, digits, - and _, and begins with a letter")
	}
	if !slices.Contains(skeletonFormats(), format) {
		return nil, fault.New(fault.BadRequest, "--format", "the formats are %s", strings.Join(skeletonFormats(), ", "))
	}
	switch entries, err := os.ReadDir(folder); {
	case err == nil && len(entries) > 0:
		return nil, fault.New(fault.BadRequest, folder, "the folder is not empty")
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, unwritable(folder, err)
	}
	var files []string
	root := path.Join(skeletonRoot, format)
	err := fs.WalkDir(skeletons, root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := skeletons.ReadFile(file)
		if err != nil {
			return err
		}
		files = append(files, strings.TrimPrefix(file, root+"/"))
		target := filepath.Join(folder, filepath.FromSlash(files[len(files)-1]))
		if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil {
			return err
		}
		return os.WriteFile(target, []byte(strings.ReplaceAll(string(text), skeletonName, name)), 0o600)
	})
	if err != nil {
		return nil, unwritable(folder, err)
	}
	return files, nil
}
