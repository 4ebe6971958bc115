package pack

import (
	"mime"
	"slices"

	"github.com/heddlehq/heddle/event"
)

// Reply is what a system wants to hear once its message is kept. Without one it hears what
// became of each record.
type Reply struct {
	Type string // the media type
	Body string
}

type replyText struct {
	Type string `yaml:"type"`
	Body string `yaml:"body"`
}

// replyMax bounds what a system wants to hear.
const replyMax = 4096

func newReply(t *replyText) (*Reply, error) {
	if t == nil {
		return nil, nil
	}
	if _, _, err := mime.ParseMediaType(t.Type); err != nil || len(t.Body) > replyMax {
		return nil, broken("answer", "it has a media type such as text/plain, and a body of at most %d bytes", replyMax)
	}
	return &Reply{t.Type, t.Body}, nil
}

// Made is one type of event that comes of a topic, as its pack declares it for people. A
// mapping that gives an event of another type is refused (H-MAPPING).
type Made struct {
	Event event.Type
	// Key says what the business key is made of: "order id".
	Key string
	// Authority says whether the system usually books such facts or corroborates those of
	// another. It is a hint for whoever writes the authority table, which alone decides.
	Authority Authority
	// Links says what ties the event to the documents before it; empty where nothing does.
	Links string
}

// Authority is the part that a system usually has in telling a kind of fact.
type Authority string

// The parts. No part means that nobody else tells such facts.
const (
	Books        Authority = "books"
	Corroborates Authority = "corroborates"
)

type madeText struct {
	Event     event.Type `yaml:"event"`
	Key       string     `yaml:"key"`
	Authority Authority  `yaml:"authority"`
	Links     string     `yaml:"links"`
}

// madeProblem says what is wrong with what a topic declares to make, or nothing.
func madeProblem(makes []madeText) string {
	seen := map[event.Type]bool{}
	for _, m := range makes {
		switch {
		case !slices.ContainsFunc(event.Kinds(), func(k event.Kind) bool { return k.Type == m.Event }):
			return "there is no event of the type " + string(m.Event)
		case seen[m.Event]:
			return "the event " + string(m.Event) + " stands twice under makes"
		case m.Key == "":
			return "the event " + string(m.Event) + " has a key, in words"
		case !slices.Contains([]Authority{"", Books, Corroborates}, m.Authority):
			return "authority is books or corroborates"
		}
		seen[m.Event] = true
	}
	return ""
}

// declares reports whether the topic may make an event of a type; one that declares nothing
// may make any.
func (t *Topic) declares(made event.Type) bool {
	return len(t.Makes) == 0 || slices.ContainsFunc(t.Makes, func(m Made) bool { return m.Event == made })
}

// DeliveryID says in words where the sender's id of a delivery stands.
func (t *Topic) DeliveryID() string {
	switch {
	case t.delivery.header != "":
		return "header " + t.delivery.header
	case t.delivery.interchange:
		return "the interchange"
	case t.delivery.path != nil:
		return t.words.deliveryPath
	}
	return "a hash of the content"
}

// SourceVersion returns the expression of the source's version, or none.
func (t *Topic) SourceVersion() string { return t.words.version }

// Personal returns the kinds of personal data that become tokens, in alphabetical order.
func (t *Topic) Personal() []string {
	var kinds []string
	for _, p := range t.words.personal {
		kinds = append(kinds, p.Kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// words are the parts of a topic's manifest that are compiled for use and kept for people.
type words struct {
	deliveryPath string
	version      string
	personal     []personalText
}

func wordsOf(m topicManifest) words {
	w := words{version: m.Version, personal: m.Personal}
	if m.Delivery != nil {
		w.deliveryPath = m.Delivery.Path
	}
	return w
}
