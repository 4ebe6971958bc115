package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/fault"
)

func (h *heddle) configGroup() *cobra.Command {
	check := &cobra.Command{
		Use: "check [FILE]", Short: "Check a configuration and report every problem with its line",
		Args: arguments(0, 1, "at most one file"),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				h.config = args[0]
			}
			return h.checkConfig()
		},
	}
	schema := &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of the configuration, for editors", Args: arguments(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			_, err := h.out.Write(app.ConfigSchema())
			return err
		},
	}
	return group("config", "Check and describe the configuration", check, schema)
}

// checkConfig checks the file, the secrets that it names, and the packs and options of its
// sources.
func (h *heddle) checkConfig() error {
	config, err := h.load()
	if err != nil {
		return checked(err)
	}
	problems := config.CheckSecrets(os.LookupEnv)
	packs, err := app.LoadPacks(config)
	if err != nil {
		return err
	}
	for i, s := range config.Sources {
		p, err := packs.Get(string(s.Pack))
		if err != nil {
			problems = append(problems, config.Problem(fmt.Sprintf("sources[%d].pack", i), "%s", fault.As(err).Detail))
			continue
		}
		if err := p.CheckOptions(s.Options); err != nil {
			problems = append(problems, config.Problem(fmt.Sprintf("sources[%d].options", i), "%s", fault.As(err).Detail))
		}
	}
	problems = append(problems, config.CheckAPIs(packs)...)
	if err := app.AsFault(h.config, problems); err != nil {
		return checked(err)
	}
	_, err = fmt.Fprintln(h.out, h.config+": nothing is wrong")
	return err
}

// checked keeps the fault from advising what was just done.
func checked(err error) error { return fault.As(err).WithHint("Mend them and check again.") }
