package reference

import (
	"strings"

	"github.com/heddlehq/heddle/event"
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
	row, err := CanonicalKey(event.Table(set.Table), set.RowKey)
	if err != nil {
		return "", nil, err
	}
	key = RowKey(event.Table(set.Table), row)
	h, err := ParseHistory(rows.Get(DocTable, key))
	if err != nil {
		return "", nil, err
	}
	return key, h.Set(Version{From: set.EffectiveFrom, Version: version, Row: set.Row}).Bytes(), nil
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
