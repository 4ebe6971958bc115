package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/store"
)

func (h *heddle) audit() *cobra.Command {
	return group("audit", "Verify the journal, and sign what it says", h.verify(), h.checkpoint())
}

// atStore opens the installation's database for a command that works on it directly.
func (h *heddle) atStore(ctx context.Context, fn func(*app.Config, store.Store) error) (err error) {
	config, err := h.load()
	if err != nil {
		return err
	}
	if info, err := os.Stat(config.Store.SQLite.Dir); err != nil || !info.IsDir() {
		return fault.New(fault.NoSuchThing, config.Store.SQLite.Dir, "there is no database").
			WithHint("Is %s the configuration of the installation? Its first heddle serve or heddle keys create makes the database.", h.config)
	}
	return open(ctx, config, fn)
}

// open opens the database, and makes it if there is none.
func open(ctx context.Context, config *app.Config, fn func(*app.Config, store.Store) error) (err error) {
	s, err := app.OpenStore(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return fn(config, s)
}

func (h *heddle) verify() *cobra.Command {
	var against string
	c := &cobra.Command{
		Use: "verify", Short: "Compute every root of the journal again",
		Long: "Compute every root of the journal again, whether the server runs or not, and name the first bad chunk. --against compares with a file of signed checkpoints that was kept elsewhere: only that finds a journal that was rewritten as a whole.",
		Args: arguments(0, 0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			return h.atStore(c.Context(), func(config *app.Config, s store.Store) error {
				return h.verifyStore(c.Context(), config, s, against)
			})
		},
	}
	c.Flags().StringVar(&against, "against", "", "file of signed checkpoints")
	return c
}

func (h *heddle) verifyStore(ctx context.Context, config *app.Config, s store.Store, against string) error {
	tell, done := h.progressOf("verifying")
	defer done()
	var report journal.Report
	var err error
	if against == "" {
		report, err = journal.VerifyChain(ctx, s.Journal(), tell)
	} else {
		report, err = h.verifyAgainst(ctx, config, s, against, tell)
	}
	done()
	if err != nil {
		explain(h.err, err)
		fmt.Fprintf(h.err, "  Good before it: %d chunks with %d events.\n", report.Chunks, report.Records())
		return saidAlready{}
	}
	fmt.Fprintf(h.out, "chunks  %d\nevents  %d\nroot    %s\n", report.Chunks, report.Records(), report.Tail.Root)
	if report.Chunks > 0 {
		fmt.Fprintf(h.out, "tenant  %s (%s)\n", report.Tenant, report.Environment)
	}
	if against != "" {
		fmt.Fprintf(h.out, "signed  %d events\n", report.Signed.Next-1)
	}
	return nil
}

func (h *heddle) verifyAgainst(ctx context.Context, config *app.Config, s store.Store, file string, tell journal.Progress) (journal.Report, error) {
	text, err := h.readFile(file)
	if err != nil {
		return journal.Report{}, err
	}
	checkpoints, err := journal.ReadCheckpoints(bytes.NewReader(text))
	if err != nil {
		return journal.Report{}, err
	}
	key, err := app.CheckpointKey(config, app.Options{})
	if err != nil {
		return journal.Report{}, err
	}
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return journal.Report{}, fault.New(fault.InternalError, "keys.checkpoint", "the key has no public part")
	}
	return journal.VerifyAgainst(ctx, s.Journal(), checkpoints, public, tell)
}

// progressOf shows how far a journal was read, where the standard error is a terminal. The
// second function ends the bar and may be called twice.
func (h *heddle) progressOf(what string) (journal.Progress, func()) {
	terminal, ok := h.err.(*os.File)
	if !ok || !isatty.IsTerminal(terminal.Fd()) {
		return nil, func() {}
	}
	p := mpb.New(mpb.WithOutput(h.err))
	bar := p.AddBar(0, mpb.BarRemoveOnComplete(), mpb.PrependDecorators(decor.Name(what), decor.CountersNoUnit(" %d / %d events")))
	return func(done, total int64) {
			bar.SetTotal(total, false)
			bar.SetCurrent(done)
		}, func() {
			bar.Abort(true)
			p.Wait()
		}
}

func (h *heddle) checkpoint() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "checkpoint", Short: "Sign what the journal has grown by, and hand the checkpoints out",
		Long: "Sign what the journal has grown by since the last checkpoint, and print all checkpoints, or add to the file of --out what it lacks. Keep them where whoever can write to the database cannot.",
		Args: arguments(0, 0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			return h.atStore(c.Context(), func(config *app.Config, s store.Store) error {
				key, err := app.CheckpointKey(config, app.Options{})
				if err != nil {
					return err
				}
				if err := app.SignCheckpoints(c.Context(), s, key); err != nil {
					return err
				}
				all, err := s.Desk().Checkpoints().All(c.Context())
				if err != nil {
					return err
				}
				if out != "" {
					return h.addCheckpoints(out, all)
				}
				for _, checkpoint := range all {
					if err := journal.WriteCheckpoint(h.out, checkpoint); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	c.Flags().StringVar(&out, "out", "", "file to add to")
	return c
}

// addCheckpoints adds to a file what it lacks. What stands in it is never changed: it is
// the proof.
func (h *heddle) addCheckpoints(name string, all []journal.Checkpoint) (err error) {
	text, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unreadable(name, err)
	}
	kept, err := journal.ReadCheckpoints(bytes.NewReader(text))
	if err != nil {
		return err
	}
	from := journal.Genesis()
	if len(kept) > 0 {
		from = kept[len(kept)-1].Tail
	}
	first := slices.IndexFunc(all, func(c journal.Checkpoint) bool { return c.From == from })
	known := slices.ContainsFunc(all, func(c journal.Checkpoint) bool { return c.Tail == from })
	switch {
	case first < 0 && (known || from == journal.Genesis()):
		first = len(all)
	case first < 0:
		return fault.New(fault.CheckpointWrong, name, "its last checkpoint, before position %d, is not one of this installation", from.Next)
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return unwritable(name, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	for _, c := range all[first:] {
		if err := journal.WriteCheckpoint(file, c); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(h.out, "%s: %d checkpoints added\n", name, len(all)-first)
	return err
}
