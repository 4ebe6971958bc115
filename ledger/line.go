package ledger

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"

	"github.com/heddlehq/heddle/fault"
)

// DimName names a dimension of a line.
type DimName string

// The dimensions of rule book B1.
const (
	DimTender       DimName = "tender"
	DimProcessor    DimName = "processor"
	DimBankAccount  DimName = "bank_account"
	DimCustomer     DimName = "customer"
	DimCostScope    DimName = "cost_scope"
	DimItemClass    DimName = "item_class"
	DimOrder        DimName = "order"
	DimJurisdiction DimName = "jurisdiction"
	DimTaxCode      DimName = "tax_code"
	DimProgramme    DimName = "programme"
	DimIssuer       DimName = "issuer"
	DimReturn       DimName = "return"
	DimVendor       DimName = "vendor"
	DimPurchase     DimName = "po"
	DimSource       DimName = "source"
	DimChannel      DimName = "channel"
	DimDepartment   DimName = "department"
	DimFunding      DimName = "funding"
	DimReason       DimName = "reason"
	DimCause        DimName = "cause"
)

// Dim is one dimension of a line.
type Dim struct {
	Name  DimName
	Value string
}

// Dims is a list of dimensions sorted by name, each name once, none empty. On the wire it
// is an object.
type Dims []Dim

// NewDims sorts the dimensions and leaves out those without a value.
func NewDims(dims ...Dim) Dims {
	out := slices.DeleteFunc(slices.Clone(dims), func(d Dim) bool { return d.Value == "" })
	slices.SortFunc(out, func(a, b Dim) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// Get returns the value of a dimension, "" where it is missing.
func (ds Dims) Get(name DimName) string {
	for _, d := range ds {
		if d.Name == name {
			return d.Value
		}
	}
	return ""
}

// MarshalJSON writes an object with its members in order of name.
func (ds Dims) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, d := range ds {
		if i > 0 {
			out = append(out, ',')
		}
		for j, s := range []string{string(d.Name), d.Value} {
			if j > 0 {
				out = append(out, ':')
			}
			text, err := json.Marshal(s)
			if err != nil {
				return nil, err
			}
			out = append(out, text...)
		}
	}
	return append(out, '}'), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (ds *Dims) UnmarshalJSON(b []byte) error {
	var members map[DimName]string
	if err := json.Unmarshal(b, &members); err != nil {
		return err
	}
	dims := make([]Dim, 0, len(members))
	for name, value := range members {
		dims = append(dims, Dim{name, value})
	}
	*ds = NewDims(dims...) // sorted, so the order of the map does not show
	return nil
}

// Side is the side of the books on which a line stands.
type Side string

// The sides.
const (
	Dr Side = "Dr"
	Cr Side = "Cr"
)

// Other returns the other side.
func (s Side) Other() Side {
	if s == Dr {
		return Cr
	}
	return Dr
}

// Line is one amount of an entry. Amounts are never negative: a line that would be stands
// on the other side (rule book 0.1).
type Line struct {
	Role Role
	Dims Dims
	// Key is the clearing key (rule book 0.5) of a clearing role, and empty for all others.
	Key  string
	Side Side
	// Minor is the amount in minor units of the entry's currency.
	Minor int64
	// Functional is the amount in minor units of the entity's functional currency; where the
	// two currencies are one, NewEntry fills it in.
	Functional int64
}

// Post returns a line on a side; a negative amount turns to the other side.
func Post(side Side, role Role, minor int64, dims ...Dim) Line {
	if minor < 0 {
		side, minor = side.Other(), -minor
	}
	return Line{Role: role, Dims: NewDims(dims...), Side: side, Minor: minor}
}

// Keyed returns the line with its clearing key.
func (l Line) Keyed(key string) Line {
	l.Key = key
	return l
}

// Mirror returns the line on the other side.
func (l Line) Mirror() Line {
	l.Side = l.Side.Other()
	return l
}

// Signed returns debit less credit, in minor units of the entry's currency.
func (l Line) Signed() int64 {
	if l.Side == Cr {
		return -l.Minor
	}
	return l.Minor
}

// Shown returns the role with the dimension that reports tell apart: "TAX_PAYABLE[STATE]".
func (l Line) Shown() string {
	info, _ := l.Role.Info()
	if info.Shown == "" {
		return string(l.Role)
	}
	return string(l.Role) + "[" + l.Dims.Get(info.Shown) + "]"
}

// compareLines orders lines for reading and for the document: debits first, then roles as
// reports list them. The order is total up to equal lines.
func compareLines(a, b Line) int {
	return cmp.Or(
		cmp.Compare(b.Side, a.Side), // "Dr" after "Cr" in the alphabet
		cmp.Compare(a.Role.order(), b.Role.order()),
		cmp.Compare(a.Role, b.Role),
		slices.CompareFunc(a.Dims, b.Dims, func(x, y Dim) int {
			return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Value, y.Value))
		}),
		cmp.Compare(a.Key, b.Key),
		cmp.Compare(a.Minor, b.Minor),
		cmp.Compare(a.Functional, b.Functional),
	)
}

// check says what keeps a line out of the books: a dimension that its role must have
// (V-MAP-02), an amount of no sense (V-BAL-03, V-BAL-04).
func (l Line) check() error {
	info, ok := l.Role.Info()
	if !ok {
		return fault.New(fault.NoAccount, string(l.Role), "there is no such role")
	}
	if l.Side != Dr && l.Side != Cr || l.Minor < 0 || l.Functional < 0 {
		return fault.New(fault.EntryUnbalanced, string(l.Role), "a line has one side, and an amount above zero on it")
	}
	if l.Minor > lineMax || l.Functional > lineMax {
		return fault.New(fault.NotRepresentable, string(l.Role), "a line is at most %d minor units", lineMax)
	}
	for _, name := range info.Dims {
		if l.Dims.Get(name) == "" {
			return fault.New(fault.NoDimension, string(l.Role), "the dimension %s is missing", name)
		}
	}
	if info.Clearing && l.Key == "" {
		return fault.New(fault.NoDimension, string(l.Role), "the clearing key is missing")
	}
	if !info.Clearing && l.Key != "" {
		return fault.New(fault.EntryUnbalanced, string(l.Role), "only clearing roles carry a key")
	}
	return nil
}

// marshalPlain is json.Marshal without the escapes that only HTML needs.
func marshalPlain(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
