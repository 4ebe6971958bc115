package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

// mapping holds the flags of pack map.
type mapping struct {
	topic, instance, zone string
	zones                 map[string]string // of places
	headers, options      map[string]string
}

func (h *heddle) mapCommand() *cobra.Command {
	var m mapping
	c := &cobra.Command{
		Use: "map PACK FILE…", Short: "Print the canonical events of payloads, one a line",
		Long: `Print the canonical events that a pack makes of payloads, one CloudEvent a line; - is the
standard input. Nothing is sent or stored. Personal data becomes tokens under a published
key, which hides nothing: a server has a key of its own.

What must be refused is told on the standard error by its code, and the exit status is 1;
the other records of the payload are printed all the same.`,
		Args: arguments(2, -1, "a pack and at least one file"),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := findPack(args[0])
			if err != nil {
				return err
			}
			refused := false
			for _, name := range args[1:] {
				n, err := h.mapFile(c.Context(), p, name, m)
				if err != nil {
					explain(h.err, err)
				}
				refused = refused || n > 0 || err != nil
			}
			if refused {
				return saidAlready{}
			}
			return nil
		},
	}
	flags := c.Flags()
	flags.StringVar(&m.topic, "topic", "", "topic of the payloads (default: the pack recognises it)")
	flags.StringVar(&m.instance, "instance", "main", "installation of the outside system")
	flags.StringVar(&m.zone, "zone", "UTC", "time zone of its clocks, where they write none")
	flags.StringToStringVar(&m.zones, "zone-of", nil, "time zone of a place, PLACE=ZONE")
	flags.StringToStringVar(&m.headers, "header", nil, "transport header, NAME=VALUE")
	flags.StringToStringVar(&m.options, "option", nil, "what the installation chose of the pack's options, NAME=VALUE")
	return c
}

// mapFile maps one file and returns how many of its records are refused.
func (h *heddle) mapFile(ctx context.Context, p *pack.Pack, name string, m mapping) (refused int, err error) {
	body, err := h.readFile(name)
	if err != nil {
		return 0, err
	}
	zone, err := zoneOf("--zone", m.zone)
	if err != nil {
		return 0, err
	}
	result, err := p.Map(ctx, pack.Input{
		Topic: m.topic, FileName: filepath.Base(name), Body: body, Instance: retail.InstanceID(m.instance), Zone: zone, Zones: m.zoneOfPlace,
		Header: headerOf(m.headers), Options: m.options, TokenKey: pack.TestTokenKey(),
	})
	if err != nil {
		return 0, err
	}
	if result.Ignored != "" {
		fmt.Fprintf(h.err, "ignored: %s: %s\n", name, result.Ignored)
	}
	for i, r := range result.Records {
		switch {
		case r.Err != nil:
			refused++
			fmt.Fprintf(h.err, "%s: %s: record %d: %s\n  %s\n", r.Err.Code, name, i+1, cmp.Or(r.Err.Detail, r.Err.Code.Title()), r.Err.NextStep())
		case r.Ignored != "":
			fmt.Fprintf(h.err, "ignored: %s: record %d: %s\n", name, i+1, r.Ignored)
		}
	}
	_, err = h.out.Write(result.AppendLines(nil))
	return refused, err
}

// zoneOfPlace tells the zone of a place; one of which nothing was said is in that of the source.
func (m mapping) zoneOfPlace(_ context.Context, _ retail.SystemID, place string, _ retail.Date) (*time.Location, error) {
	if name, ok := m.zones[place]; ok {
		return zoneOf("--zone-of", name)
	}
	return zoneOf("--zone", m.zone)
}

func zoneOf(flag, name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, fault.New(fault.BadRequest, flag, "it is not an IANA time zone such as Europe/Berlin")
	}
	return zone, nil
}

// headerOf looks headers up whatever their case.
func headerOf(headers map[string]string) func(string) string {
	all := http.Header{}
	for name, value := range headers {
		all.Set(name, value)
	}
	return all.Get
}
