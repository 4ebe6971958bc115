package flow

import (
	"slices"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// state reads and writes the documents of the operations projection by their meaning. It is
// what stock and reference decide on.
type state struct {
	*store.Overlay
	book *reference.Book
	day  retail.Date // the day on which parameters are read
	err  error
}

var _ stock.State = (*state)(nil)

func newState(o *store.Overlay, book *reference.Book) *state {
	return &state{Overlay: o, book: book.Over(o)}
}

// Err returns the first error of a read or of a stored document.
func (s *state) Err() error {
	for _, err := range []error{s.err, s.Overlay.Err(), s.book.Err()} {
		if err != nil {
			return err
		}
	}
	return nil
}

// keep keeps the first error of reading what is stored.
func (s *state) keep(err error) {
	if err != nil && s.err == nil {
		s.err = fault.Wrap(err, fault.ChainBroken, "flow.state", "row")
	}
}

// load decodes a document; false where there is none.
func load[T any](s *state, table, key string) (T, bool) { return store.Load[T](s.Overlay, table, key) }

// save encodes a document.
func save(s *state, table, key string, doc any) { store.Save(s.Overlay, table, key, doc) }

// Quantity returns a position.
func (s *state) Quantity(p stock.Place, b event.Bucket, o event.Ownership) retail.Quantity {
	return retail.Quantity(s.Count(tablePositions, positionKey(p, b, o)))
}

// Claim returns a claim.
func (s *state) Claim(id stock.ClaimID) (stock.Claim, bool) {
	return load[stock.Claim](s, tableClaims, string(id))
}

// ClaimsAt returns the claims that hold something at the place, oldest first.
func (s *state) ClaimsAt(p stock.Place) []stock.ClaimID {
	ids, _ := load[[]stock.ClaimID](s, tableClaimsAt, placeKey(p))
	return ids
}

// Safety returns the safety stock of the place.
func (s *state) Safety(p stock.Place) retail.Quantity {
	return s.book.Held(event.TableSafetyStock, retail.Key(string(p.Item), string(p.Location)), s.day)
}

// Buffer returns what is kept back from a channel at the place.
func (s *state) Buffer(p stock.Place, ch retail.ChannelID) retail.Quantity {
	return s.book.Held(event.TableChannelBuffers, retail.Key(string(p.Item), string(p.Location), string(ch)), s.day)
}

// SellsConsigned reports whether the place's entity offers goods of vendors like its own.
func (s *state) SellsConsigned(p stock.Place) bool {
	place, _ := s.book.Row(event.TableLocations, string(p.Location), s.day)
	return s.book.Policy(retail.EntityID(place["entity"]), "sell_consigned", "false", s.day) == "true"
}

// keyDoc is what is known of an idempotency key.
type keyDoc struct {
	Position int64  `json:"position"`
	Content  []byte `json:"content"`
	Version  int64  `json:"version,omitempty"`
	Standing string `json:"standing"`
}

// orderDoc is what the flow knows of an order; the amounts are booking's.
type orderDoc struct {
	Entity  retail.EntityID  `json:"entity"`
	Channel retail.ChannelID `json:"channel"`
	Mode    event.Mode       `json:"mode,omitempty"`
	// System is the source by whose codes the lines name their items.
	System retail.SystemID `json:"system,omitempty"`
	Lines  []orderLineDoc  `json:"lines,omitempty"`
	// Names are the references by which modifications may name the order.
	Names []string `json:"names,omitempty"`
}

// orderLines are the lines of an order with those that modifications added.
func (s *state) orderLines(doc orderDoc) []orderLineDoc {
	lines := slices.Clone(doc.Lines)
	for _, name := range doc.Names {
		added, _ := load[[]orderLineDoc](s, tableOrderAdds, name)
		lines = append(lines, added...)
	}
	return lines
}

// orderLineDoc is what an order line asks for, in its source's own code and unit.
type orderLineDoc struct {
	Line     string          `json:"line"`
	Item     string          `json:"item"`
	Unit     retail.Unit     `json:"unit,omitempty"`
	Quantity retail.Quantity `json:"quantity"`
}

// movementDoc is one movement in the index for as-of questions.
type movementDoc struct {
	stock.Movement
	Type event.Type `json:"type"`
}

// reportDoc counts what the sources say of one fact identity, in quantity at scale 3 or in
// minor units.
type reportDoc struct {
	Fact  string                    `json:"fact"`
	By    map[retail.SystemID]int64 `json:"by"`
	Books retail.SystemID           `json:"books,omitempty"`
	Since int64                     `json:"since"` // position of the first report
}

// unequal reports whether two sources have spoken and differ, or the one that books is silent.
func (r reportDoc) unequal() bool {
	booked, spoke := r.By[r.Books]
	for _, n := range r.By {
		if !spoke || n != booked {
			return true
		}
	}
	return false
}
