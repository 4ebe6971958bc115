package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/fault"
)

// streams are what a command reads from and writes to.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// run runs a command line and returns the exit status.
func run(ctx context.Context, args []string, s streams) int {
	out := &sticky{w: s.out}
	root := newRoot(streams{s.in, out, s.err})
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = out.err
	}
	if err != nil {
		explain(s.err, err)
		return 1
	}
	return 0
}

// sticky remembers that something could not be written, so that a result which is cut short
// is never taken for a whole one.
type sticky struct {
	w   io.Writer
	err error
}

// Write implements io.Writer.
func (s *sticky) Write(b []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.w.Write(b)
	if err != nil {
		s.err = fault.New(fault.BadRequest, "standard output", "%s", err).WithHint("The result is not whole.")
	}
	return n, err
}

// saidAlready is the error of a command that has told everything on the standard error.
type saidAlready struct{}

func (saidAlready) Error() string { return "said already" }

// explain prints a fault: its code and text, then what to do next.
func explain(w io.Writer, err error) {
	if _, said := errors.AsType[saidAlready](err); said {
		return
	}
	f := fault.As(err)
	fmt.Fprintf(w, "%s\n", f.Error())
	if next := f.NextStep(); next != "" {
		fmt.Fprintf(w, "  %s\n", next)
	}
}

// heddle holds what the commands share: the streams and the persistent flags.
type heddle struct {
	streams
	config   string
	url      string
	token    string
	position int64
	json     bool
}

func newRoot(s streams) *cobra.Command {
	h := &heddle{streams: s}
	root := group("heddle", "Stock and books of a retailer, from one journal of facts",
		h.serve(), h.configGroup(), h.version(), h.demo(), h.events(), h.loadTable(), h.availability(), h.ledger(), h.thread(),
		h.exceptions(), h.pack(), h.bench(), h.audit(), h.keys(), h.files(), h.evidence(), h.projections(), h.fetchGroup(), h.poll())
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fault.New(fault.BadRequest, c.CommandPath(), "%s", err).WithHint("Run %s --help.", c.CommandPath())
	})
	flags := root.PersistentFlags()
	flags.StringVar(&h.config, "config", "heddle.yaml", "configuration of the installation")
	flags.StringVar(&h.url, "url", "", "address of the server (default $HEDDLE_URL, else http://127.0.0.1:7433)")
	flags.StringVar(&h.token, "token", "", "bearer token (default $HEDDLE_TOKEN, which other users of the machine cannot read)")
	flags.Int64Var(&h.position, "position", 0, "wait until the server's answer covers this journal position, as events send prints it")
	return root
}

// group returns a command that has commands of its own and does nothing itself.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: cobra.ArbitraryArgs, RunE: func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		f := fault.New(fault.BadRequest, c.CommandPath(), "there is no command %q", args[0]).WithHint("Run %s --help.", c.CommandPath())
		var names []string
		for _, sub := range c.Commands() {
			names = append(names, sub.Name())
		}
		if near := app.Suggest(args[0], names); near != "" {
			f = f.WithHint("Did you mean %s %s?", c.CommandPath(), near)
		}
		return f
	}}
	c.AddCommand(commands...)
	return c
}

// arguments checks the number of arguments: at least low, and at most high unless it is −1.
func arguments(low, high int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) >= low && (high < 0 || len(args) <= high) {
			return nil
		}
		return fault.New(fault.BadRequest, c.CommandPath(), "it takes %s, not %d arguments", what, len(args)).WithHint("Run %s --help.", c.CommandPath())
	}
}

// jsonFlag adds --json.
func (h *heddle) jsonFlag(c *cobra.Command) *cobra.Command {
	c.Flags().BoolVar(&h.json, "json", false, "print JSON")
	return c
}

// load reads the configuration.
func (h *heddle) load() (*app.Config, error) {
	c, problems := app.Load(h.config)
	if len(problems) > 0 {
		return nil, app.AsFault(h.config, problems)
	}
	return c, nil
}

// readFile reads a file, or the standard input for "-".
func (h *heddle) readFile(name string) ([]byte, error) {
	r, err := h.openFile(name)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was only read
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, fault.Wrap(err, fault.BadRequest, "cli.read", name)
	}
	return b, nil
}

// openFile opens a file, or the standard input for "-".
func (h *heddle) openFile(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(h.in), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	return f, nil
}

// unreadable is the fault of a file that cannot be read. Its cause is shown: the file is
// the caller's own.
func unreadable(name string, err error) *fault.Error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		err = path.Err
	}
	return fault.New(fault.BadRequest, name, "%s", err).WithHint("Name a file that can be read, or - for the standard input.")
}

// table prints rows in columns that line up.
func table(w io.Writer, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widths[i]-len([]rune(cell))+2))
		}
		fmt.Fprintf(w, "%s\n", strings.TrimRight(line.String(), " "))
	}
}
