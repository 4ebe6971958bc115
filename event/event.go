package event

import (
	"time"

	"github.com/heddlehq/heddle/retail"
)

// Type names a kind of fact without its schema version: "sale".
type Type string

// Body is the typed content of an event. Only this package implements it; the methods
// are generated, save Validate.
type Body interface {
	// Type names the kind of fact.
	Type() Type
	// SchemaVersion is the version of the struct, 1 for the first.
	SchemaVersion() int
	// Validate checks what the schema cannot say: signs (V-QTY-01), currencies that agree
	// (V-CUR-01), values of an enumeration (V-SCH-01).
	Validate() error
	// Where says how the event finds its place and legal entity.
	Where() Where
	// Refs calls visit for every document that the event names, in the order of its fields;
	// some may be zero.
	Refs(visit func(retail.Ref))
	// AppendCanonical appends the RFC 8785 form.
	AppendCanonical(b []byte) []byte
	// AppendEffect appends the RFC 8785 form of the fields that move stock or money or link.
	AppendEffect(b []byte) []byte
	// decode reads the body, refusing unknown members, doubled members and missing fields.
	decode(d *decoder)
}

// Where is what an event says of its place and legal entity, in its source's own codes.
type Where struct {
	// Location is where it happened; Other the other end of a movement.
	Location, Other string
	// Processor and Account name an account at a payment processor or marketplace.
	Processor, Account string
	// Bank is a bank account.
	Bank string
	// Source says that without any of them the source instance tells the entity.
	Source bool
}

// Header is what every event says about itself.
type Header struct {
	// System and Instance name the source; together with Type and Key they are the idempotency key.
	System   retail.SystemID   `json:"system"`
	Instance retail.InstanceID `json:"instance"`
	// Key is the business key that the rule book gives the type (part A), as the source numbers it.
	Key string `json:"key"`
	// SourceVersion is the source's own version of the fact; 0 where it has none.
	SourceVersion int64 `json:"source_version,omitempty"`
	// Time is when it happened, in UTC; TZ is the zone in which the source told it.
	Time time.Time `json:"time"`
	TZ   string    `json:"tz,omitempty"`
	// BusinessDate is the trading day; zero means the day of Time in TZ.
	BusinessDate retail.Date `json:"business_date,omitempty"`
	// CorrelationID ties facts that their source ties.
	CorrelationID string `json:"correlation_id,omitempty"`
}

// Event is one fact as its source told it.
type Event struct {
	Header
	Data Body
}

// Type returns the kind of fact.
func (e *Event) Type() Type { return e.Data.Type() }

// Day is the trading day: the business date, or the UTC day of Time where a source whose zone
// is only a name tells none.
func (e *Event) Day() retail.Date {
	if e.BusinessDate != 0 {
		return e.BusinessDate
	}
	return retail.DateOf(e.Time)
}

// Ext holds members that a source adds for its own readers, as canonical JSON of an
// object. Heddle keeps and returns them and reads nothing in them.
type Ext string
