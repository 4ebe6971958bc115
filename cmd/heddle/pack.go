package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/packs"
)

func (h *heddle) pack() *cobra.Command {
	list := &cobra.Command{
		Use: "list", Short: "List the built-in packs", Args: arguments(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			set, err := packs.Builtin()
			if err != nil {
				return err
			}
			rows := [][]string{{"PACK", "TITLE", "SYSTEM", "VERSIONS", "TOPICS"}}
			for _, p := range set.All() {
				rows = append(rows, []string{p.Name, p.Title, string(p.System), strings.Join(p.Versions, ", "), topicCounts(p)})
			}
			table(h.out, rows)
			return nil
		},
	}
	show := &cobra.Command{
		Use: "show PACK", Short: "Show what a pack understands and what comes of it", Args: arguments(1, 1, "one pack"),
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := findPack(args[0])
			if err != nil {
				return err
			}
			showPack(h.out, p)
			return nil
		},
	}
	return group("pack", "Read, run and test packs, which map the formats of outside systems", list, show, h.mapCommand(), h.testCommand(), h.newCommand())
}

// findPack returns the pack of a folder, or the built-in one of a name.
func findPack(name string) (*pack.Pack, error) {
	if info, err := os.Stat(filepath.Join(name, "pack.yaml")); err == nil && !info.IsDir() && isPath(name) {
		return pack.Load(os.DirFS(name))
	}
	set, err := packs.Builtin()
	if err != nil {
		return nil, err
	}
	p, err := set.Get(name)
	if fault.HasCode(err, fault.UnknownPack) {
		var names []string
		for _, p := range set.All() {
			names = append(names, p.Name)
		}
		return nil, fault.New(fault.UnknownPack, name, "there is no built-in pack of this name, and no folder with a pack.yaml").
			WithHint("Built in are %s; a folder is written with a slash: ./%s.", strings.Join(names, ", "), name)
	}
	return p, err
}

// isPath reports whether a name is that of a folder and not of a built-in pack.
func isPath(name string) bool {
	return strings.ContainsRune(filepath.ToSlash(name), '/') || name == "." || name == ".."
}

func (h *heddle) testCommand() *cobra.Command {
	var update bool
	c := &cobra.Command{
		Use: "test [PACK…]", Short: "Run the cases of packs",
		Long: "Run the cases of packs: built-in ones by name, others by their folder; without arguments, all built-in ones. --update writes what came instead of what was expected into the cases of folders.",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				set, err := packs.Builtin()
				if err != nil {
					return err
				}
				for _, p := range set.All() {
					args = append(args, p.Name)
				}
			}
			failed := 0
			for _, name := range args {
				n, err := h.testPack(c, name, update)
				if err != nil {
					return err
				}
				failed += n
			}
			if failed > 0 {
				return saidAlready{}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&update, "update", false, "write what came into the cases")
	return c
}

// testPack runs a pack's cases and returns how many failed.
func (h *heddle) testPack(c *cobra.Command, name string, update bool) (int, error) {
	p, err := findPack(name)
	if err != nil {
		return 0, err
	}
	if update && !isPath(name) {
		return 0, fault.New(fault.BadRequest, name, "the cases of a built-in pack are inside the program").WithHint("Name the folder: heddle pack test --update ./packs/%s.", name)
	}
	results, err := p.RunCases(c.Context())
	if err != nil {
		return 0, err
	}
	failed := 0
	for _, r := range results {
		switch {
		case r.Passed():
		case update:
			if err := os.WriteFile(filepath.Join(name, filepath.FromSlash(r.File)), r.Updated, 0o600); err != nil {
				return 0, unwritable(r.File, err)
			}
			fmt.Fprintf(h.out, "%s: %s: updated\n", p.Name, r.File)
		default:
			failed++
			fmt.Fprintf(h.err, "%s: %s: %s: not what is expected\n%s", fault.BadPack, p.Name, r.File, difference(r.Want, r.Got))
		}
	}
	fmt.Fprintf(h.out, "%s: %d of %d cases pass\n", p.Name, len(results)-failed, len(results))
	return failed, nil
}

// unwritable is the fault of a file that cannot be written.
func unwritable(name string, err error) *fault.Error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return fault.New(fault.BadRequest, name, "%s", err).WithHint("Name a file that can be written.")
}

// difference shows the lines of one text that are not in the other.
func difference(want, got string) string {
	var b strings.Builder
	lines := func(text string) []string { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }
	for _, side := range []struct {
		mark      string
		own, rest []string
	}{{"-", lines(want), lines(got)}, {"+", lines(got), lines(want)}} {
		for _, line := range side.own {
			if !slices.Contains(side.rest, line) {
				fmt.Fprintf(&b, "  %s %s\n", side.mark, line)
			}
		}
	}
	return b.String()
}
