package reference

import (
	"slices"
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// DocTable is the document table in which a projection keeps reference rows.
const DocTable = "reference"

// Rows gives the stored history of a row, nil where there is none. Key is RowKey's.
type Rows interface {
	Get(table, key string) []byte
}

// Book looks reference data up. It caches what it parsed and is for one goroutine.
type Book struct {
	rows   Rows
	parsed map[string]parsed
	err    error
}

type parsed struct {
	from    *byte // the first byte of what was parsed: rows are replaced, never changed in place
	history History
}

// parsedMax bounds the rows that a book remembers.
const parsedMax = 50_000

// NewBook returns a book over rows.
func NewBook(rows Rows) *Book { return &Book{rows: rows, parsed: map[string]parsed{}} }

// Over returns the book with other rows under it, keeping what was parsed.
func (b *Book) Over(rows Rows) *Book { return &Book{rows: rows, parsed: b.parsed} }

// Err returns the first error met in stored rows.
func (b *Book) Err() error { return b.err }

// RowKey is the document key of a row.
func RowKey(table event.Table, key string) string { return string(table) + "\x00" + key }

// CutRowKey takes a document key apart.
func CutRowKey(key string) (table event.Table, row string) {
	t, row, _ := strings.Cut(key, "\x00")
	return event.Table(t), row
}

// Row returns the row of a table that holds on a day.
func (b *Book) Row(table event.Table, key string, day retail.Date) (event.Row, bool) {
	at := RowKey(table, key)
	stored := b.rows.Get(DocTable, at)
	if len(stored) == 0 {
		return nil, false
	}
	have, ok := b.parsed[at]
	if !ok || have.from != &stored[0] {
		h, err := ParseHistory(stored)
		if err != nil && b.err == nil {
			b.err = err
		}
		if len(b.parsed) >= parsedMax {
			clear(b.parsed)
		}
		have = parsed{&stored[0], h}
		b.parsed[at] = have
	}
	return have.history.On(day)
}

// Apply returns the document that a reference_set leaves, to be stored under the key.
func Apply(rows Rows, set *event.ReferenceSet, version int64) (key string, doc []byte, err error) {
	key = RowKey(event.Table(set.Table), set.RowKey)
	h, err := ParseHistory(rows.Get(DocTable, key))
	if err != nil {
		return "", nil, err
	}
	return key, h.Set(Version{From: set.EffectiveFrom, Version: version, Row: set.Row}).Bytes(), nil
}

// Location resolves a source's code of a place: the cross-reference first, then the
// location of that very name.
func (b *Book) Location(system retail.SystemID, code string, day retail.Date) (retail.LocationID, event.Row, bool) {
	id := code
	if row, ok := b.Row(event.TableLocationCodes, retail.Key(string(system), code), day); ok {
		id = row["location"]
	}
	row, ok := b.Row(event.TableLocations, id, day)
	return retail.LocationID(id), row, ok
}

// Item resolves a source's code of an item: the cross-reference first, then the item of
// that very name.
func (b *Book) Item(system retail.SystemID, code string, day retail.Date) (retail.ItemID, event.Row, bool) {
	id := code
	if row, ok := b.Row(event.TableItemCodes, retail.Key(string(system), code), day); ok {
		id = row["item"]
	}
	row, ok := b.Row(event.TableItems, id, day)
	return retail.ItemID(id), row, ok
}

// Shop returns a shop's row; it, MerchantAccount and BankAccount tell the legal entity of
// events without a place.
func (b *Book) Shop(system retail.SystemID, instance retail.InstanceID, day retail.Date) (event.Row, bool) {
	return b.Row(event.TableShops, retail.Key(string(system), string(instance)), day)
}

// MerchantAccount returns the row of an account at a processor; an event that names none
// belongs to the account that is called like its source instance.
func (b *Book) MerchantAccount(processor, account string, instance retail.InstanceID, day retail.Date) (event.Row, bool) {
	if account == "" {
		account = string(instance)
	}
	return b.Row(event.TableMerchantAccounts, retail.Key(processor, account), day)
}

// BankAccount returns the row of a bank account.
func (b *Book) BankAccount(account string, day retail.Date) (event.Row, bool) {
	return b.Row(event.TableBankAccounts, account, day)
}

// Coded returns a row of a table keyed by system and source code: the system's own row, or
// the row of any system ("*").
func (b *Book) Coded(table event.Table, system retail.SystemID, code string, day retail.Date) (event.Row, bool) {
	if row, ok := b.Row(table, retail.Key(string(system), code), day); ok {
		return row, true
	}
	return b.Row(table, retail.Key("*", code), day)
}

// Policy returns a policy of an entity, of all entities ("*"), or the default of the rule book.
func (b *Book) Policy(entity retail.EntityID, name, otherwise string, day retail.Date) string {
	for _, e := range []string{string(entity), "*"} {
		if row, ok := b.Row(event.TablePolicies, retail.Key(e, name), day); ok {
			return row["value"]
		}
	}
	return otherwise
}

// Books returns the source that books a kind of fact for an entity and channel, and whether
// any row says so: the most specific row wins, entity before channel.
func (b *Book) Books(fact string, entity retail.EntityID, channel retail.ChannelID, day retail.Date) (retail.SystemID, bool) {
	for _, e := range []string{string(entity), "*"} {
		for _, c := range []string{string(channel), "*"} {
			if row, ok := b.Row(event.TableAuthority, retail.Key(fact, e, c), day); ok {
				return retail.SystemID(row["books"]), true
			}
		}
	}
	return "", false
}

// Held returns the quantity of a safety stock or channel buffer row; none is zero.
func (b *Book) Held(table event.Table, key string, day retail.Date) retail.Quantity {
	row, ok := b.Row(table, key, day)
	if !ok {
		return 0
	}
	q, err := retail.ParseQuantity(row["quantity"])
	if err != nil && b.err == nil {
		b.err = err
	}
	return q
}

// CheckValues says what is wrong with the values of a row that code will read as quantities,
// dates or codes. Columns are checked by event.CheckRow.
func CheckValues(set *event.ReferenceSet) error {
	if err := event.CheckRow(event.Table(set.Table), set.Row); err != nil || len(set.Row) == 0 {
		return err
	}
	bad := func(err error) error {
		return fault.New(fault.SchemaInvalid, set.Table+" "+set.RowKey, "%s", fault.As(err).Detail)
	}
	switch event.Table(set.Table) {
	case event.TableSafetyStock, event.TableChannelBuffers:
		if _, err := retail.ParseQuantity(set.Row["quantity"]); err != nil {
			return bad(err)
		}
	case event.TablePeriods:
		for _, column := range []string{"from", "to"} {
			if _, err := retail.ParseDate(set.Row[column]); err != nil {
				return bad(err)
			}
		}
		if s := set.Row["status"]; !slices.Contains([]string{"OPEN", "SOFT_CLOSED", "HARD_CLOSED"}, s) {
			return fault.New(fault.SchemaInvalid, set.Table+" "+set.RowKey, "status is OPEN, SOFT_CLOSED or HARD_CLOSED, not %q", s)
		}
	}
	return nil
}
