package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/heddlehq/heddle/pack"
)

// topicCounts says how many topics of a pack are known how well.
func topicCounts(p *pack.Pack) string {
	var parts []string
	add := func(what string, fits func(pack.Topic) bool) {
		n := 0
		for _, t := range p.Topics {
			if fits(t) {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	for _, status := range []pack.Status{pack.Proven, pack.Sampled, pack.Described} {
		add(string(status), func(t pack.Topic) bool { return t.Status == status })
	}
	add("ignored", func(t pack.Topic) bool { return t.Ignored != "" })
	return strings.Join(parts, ", ")
}

// showPack says what a pack understands and how, in sections.
func showPack(w io.Writer, p *pack.Pack) {
	fmt.Fprintf(w, "%s: %s\n\n", p.Name, p.Title)
	rows := [][]string{
		{"system", string(p.System)},
		{"versions", strings.Join(p.Versions, ", ")},
		{"signature", cmp.Or(p.Signature(), "none: the door asks for a token")},
		{"answer", "what became of each record"},
	}
	if p.Reply != nil {
		rows[3][1] = p.Reply.Body + " (" + p.Reply.Type + ")"
	}
	for _, o := range p.Options {
		rows = append(rows, []string{"option " + o.Name, o.Title + " (" + cmp.Or(strings.Join(o.Is, ", "), "any text") + ")"})
	}
	for _, f := range p.Fetches {
		rows = append(rows, []string{"fetch", f.String()})
	}
	for _, poll := range p.Polls {
		rows = append(rows, []string{"poll", poll.String()})
	}
	table(w, rows)
	showTopics(w, p)
	showEvents(w, p)
}

// columnMax is how wide a column may get among others.
const columnMax = 40

// showTopics says how each kind of message is known and read, and which are ignored and why.
func showTopics(w io.Writer, p *pack.Pack) {
	read := [][]string{{"TOPIC", "FORMAT", "STATUS", "DELIVERY ID", "VERSION", "PERSONAL DATA"}}
	versions := [][]string{{"TOPIC", "ITS VERSION"}}
	ignored := [][]string{{"IGNORED", "WHY"}}
	for _, t := range p.Topics {
		version := t.SourceVersion()
		if len(version) > columnMax {
			versions = append(versions, []string{t.Name, version})
			version = "see below"
		}
		if t.Ignored != "" {
			ignored = append(ignored, []string{t.Name, t.Ignored})
			continue
		}
		read = append(read, []string{t.Name, string(t.Format), string(t.Status), t.DeliveryID(), version, cmp.Or(strings.Join(t.Personal(), ", "), "none")})
	}
	section(w, read)
	section(w, versions)
	section(w, ignored)
}

// showEvents says what comes of the topics. A system that usually books does not do so by
// itself: the authority table says it.
func showEvents(w io.Writer, p *pack.Pack) {
	rows := [][]string{{"TOPIC", "MAKES", "AS", "KEY", "USUALLY", "LINKS"}}
	for _, t := range p.Topics {
		for _, m := range t.Makes {
			rows = append(rows, []string{t.Name, string(m.Event), string(t.System), m.Key, string(m.Authority), m.Links})
		}
		if t.Follow != nil {
			rows = append(rows, []string{t.Name, "asks " + t.Follow.Fetch})
		}
	}
	section(w, rows)
}

// section writes a table behind an empty line; one that has no row but its head is left out.
func section(w io.Writer, rows [][]string) {
	if len(rows) > 1 {
		fmt.Fprintln(w)
		table(w, rows)
	}
}
