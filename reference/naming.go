package reference

import (
	"slices"
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Naming says whose code a code is.
type Naming struct {
	System retail.SystemID
	// Vendor is the vendor, by its id, whose numbers a supply document may use.
	Vendor string
}

// vendorScheme begins the key of a row for a vendor's own numbers: "vendor:ACME·P-7".
const vendorScheme = "vendor:"

// keys returns the keys under which a code is looked up, in their order: the source's own
// row, the vendor's, that of any system, and that of the scheme where the code is of one.
func (n Naming) keys(code, scheme string) []string {
	keys := make([]string, 0, 4)
	keys = append(keys, retail.Key(string(n.System), code))
	if n.Vendor != "" {
		keys = append(keys, retail.Key(vendorScheme+n.Vendor, code))
	}
	keys = append(keys, retail.Key(AnySystem, code))
	if plain, ok := schemed(scheme, code); ok {
		keys = append(keys, retail.Key(scheme, plain))
	}
	return keys
}

// schemed returns a code in the form in which its scheme compares, and whether it is of the
// scheme.
func schemed(scheme, code string) (string, bool) {
	switch scheme {
	case SchemeGTIN:
		return GTIN(code)
	case SchemeGLN:
		return GLN(code)
	}
	return "", false
}

// schemeOf is the scheme whose codes a table of cross-references may hold.
func schemeOf(table event.Table) string {
	switch table {
	case event.TableItemCodes:
		return SchemeGTIN
	case event.TableLocationCodes, event.TableVendorCodes:
		return SchemeGLN
	}
	return ""
}

// CanonicalKey returns the key under which a row is kept: that of a GTIN in 14 digits. A GTIN
// or GLN with a wrong check digit, and a key with too few or too many parts, is V-SCH-01.
func CanonicalKey(table event.Table, key string) (string, error) {
	info, ok := event.LookupTable(table)
	if !ok {
		return "", fault.New(fault.SchemaInvalid, string(table), "there is no such reference table")
	}
	names, _ := info.KeyParts()
	parts := strings.Split(key, retail.Sep)
	if len(parts) < len(names) || slices.Contains(parts[:len(names)], "") {
		return "", fault.New(fault.SchemaInvalid, string(table)+" "+key, "a key of this table is %s", info.Key)
	}
	scheme := schemeOf(table)
	if scheme == "" || parts[0] != scheme {
		return key, nil
	}
	_, code, _ := strings.Cut(key, retail.Sep)
	plain, ok := schemed(scheme, code)
	if !ok {
		why := Doubt(code)
		if why == "" {
			why = "it has not the digits of one"
		}
		return "", fault.New(fault.SchemaInvalid, string(table)+" "+key, "this is no %s: %s", strings.ToUpper(scheme), why)
	}
	return retail.Key(scheme, plain), nil
}

// NamingOf says whose codes an event uses.
func (b *Book) NamingOf(e *event.Event) Naming {
	return b.Naming(e.System, VendorCode(e), e.Day())
}

// Naming says whose codes a source uses on a day; vendor is its code of the vendor, or empty.
func (b *Book) Naming(system retail.SystemID, vendor string, day retail.Date) Naming {
	n := Naming{System: system}
	if vendor != "" {
		n.Vendor = b.Vendor(system, vendor, day)
	}
	return n
}

// VendorCode returns the source's code of the vendor whose numbers a supply document may use.
func VendorCode(e *event.Event) string {
	switch d := e.Data.(type) {
	case *event.POApproved:
		return d.Vendor
	case *event.POChanged:
		return d.Vendor
	case *event.ASNReceived:
		return d.Vendor
	case *event.POReceived:
		return d.Vendor
	case *event.VendorReturnShipped:
		return d.Vendor
	case *event.ConsignmentReceived:
		return d.Vendor
	case *event.ConsignmentReturned:
		return d.Vendor
	}
	return ""
}

// Vendor resolves a source's code of a vendor; one without a cross-reference is the vendor's
// id itself.
func (b *Book) Vendor(system retail.SystemID, code string, day retail.Date) string {
	return b.crossed(event.TableVendorCodes, "vendor", Naming{System: system}, code, day)
}

// Location resolves a source's code of a place: by the cross-references in the order of
// Naming, else as the location's own id. Where no such location holds on the day it is false,
// with the id that is missing.
func (b *Book) Location(n Naming, code string, day retail.Date) (retail.LocationID, event.Row, bool) {
	id := b.crossed(event.TableLocationCodes, "location", n, code, day)
	row, ok := b.Row(event.TableLocations, id, day)
	return retail.LocationID(id), row, ok
}

// Item resolves a source's code of an item: by the cross-references in the order of Naming,
// else as the item's own id. Where no such item holds on the day it is false, with the id
// that is missing.
func (b *Book) Item(n Naming, code string, day retail.Date) (retail.ItemID, event.Row, bool) {
	id := b.crossed(event.TableItemCodes, "item", n, code, day)
	row, ok := b.Row(event.TableItems, id, day)
	return retail.ItemID(id), row, ok
}

// crossed returns what the first cross-reference of a code names, or the code itself.
func (b *Book) crossed(table event.Table, column string, n Naming, code string, day retail.Date) string {
	for _, key := range n.keys(code, schemeOf(table)) {
		if row, ok := b.Row(table, key, day); ok {
			return row[column]
		}
	}
	return code
}

// Spelled returns the codes, as sources may write them, that a row of a table makes known:
// the code of its key, or every spelling of its GTIN.
func Spelled(table event.Table, key string) []string {
	first, code, ok := strings.Cut(key, retail.Sep)
	switch {
	case !ok:
		return []string{key}
	case schemeOf(table) == SchemeGTIN && first == SchemeGTIN:
		if gtin, ok := GTIN(code); ok {
			return gtinSpellings(gtin)
		}
	}
	return []string{code}
}

// Coded returns a row of a table keyed by system and source code: the system's own row, or
// the row of any system ("*").
func (b *Book) Coded(table event.Table, system retail.SystemID, code string, day retail.Date) (event.Row, bool) {
	for _, key := range (Naming{System: system}).keys(code, "") {
		if row, ok := b.Row(table, key, day); ok {
			return row, true
		}
	}
	return nil, false
}
