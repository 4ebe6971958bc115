package ledger

import (
	"slices"
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Account is an account of the entity's books.
type Account struct {
	Code string
	Name string
}

// anyPart stands for every entity or every role in the key of a chart row.
const anyPart = "*"

// Chart is the effective-dated map from roles to accounts: (entity, role, dimensions) to an
// account, from a day on. It is for one goroutine while it is set; reading it is safe for many.
//
// The row that fits best wins: an entity's own rows before those of every entity ("*"), a
// role's own rows before those of every role, then the row with most dimensions. Where two
// rows fit equally well the map is ambiguous, which is V-MAP-01 like a missing one: an account
// is never guessed.
type Chart struct {
	rows map[chartScope][]chartRow
}

type chartScope struct {
	entity retail.EntityID
	role   Role
}

type chartRow struct {
	dims     Dims
	versions []chartVersion // by day
}

type chartVersion struct {
	from    retail.Date
	account Account // zero where the row ends
}

// NewChart returns an empty chart.
func NewChart() *Chart { return &Chart{rows: map[chartScope][]chartRow{}} }

// Set puts an account under a key of the reference table accounts, entity·ROLE or
// entity·ROLE·dim=value[·dim=value], from a day on. "*" stands for any entity or role. The
// account's code and name may contain {role} and the role's dimensions, {tender}, which are
// filled in. A zero account ends the row. What cannot be read is V-SCH-01.
func (c *Chart) Set(key string, from retail.Date, account Account) error {
	scope, dims, err := parseChartKey(key)
	if err != nil {
		return err
	}
	for _, text := range []string{account.Code, account.Name} {
		if err := checkTemplate(scope.role, text); err != nil {
			return err
		}
	}
	rows := c.rows[scope]
	at := slices.IndexFunc(rows, func(r chartRow) bool { return slices.Equal(r.dims, dims) })
	if at < 0 {
		at = len(rows)
		rows = append(rows, chartRow{dims: dims})
	}
	rows[at].versions = setVersion(rows[at].versions, chartVersion{from, account})
	c.rows[scope] = rows
	return nil
}

func setVersion(versions []chartVersion, v chartVersion) []chartVersion {
	i, found := slices.BinarySearchFunc(versions, v.from, func(have chartVersion, day retail.Date) int { return int(have.from - day) })
	if found {
		versions[i] = v
		return versions
	}
	return slices.Insert(versions, i, v)
}

// Resolve returns the account of a role with its dimensions on a day, or V-MAP-01.
func (c *Chart) Resolve(entity retail.EntityID, role Role, dims Dims, day retail.Date) (Account, error) {
	for _, scope := range []chartScope{{entity, role}, {entity, anyPart}, {anyPart, role}, {anyPart, anyPart}} {
		account, fits := c.best(scope, dims, day)
		switch {
		case fits > 1:
			return Account{}, fault.New(fault.NoAccount, string(role), "%d rows fit equally well for %s and %s", fits, entity, dims)
		case fits == 1:
			return account.fill(role, dims)
		}
	}
	return Account{}, fault.New(fault.NoAccount, string(role), "no account for %s and %s on %s", entity, dims, day)
}

// best returns the row of a scope that fits with most dimensions, and how many do so equally.
func (c *Chart) best(scope chartScope, dims Dims, day retail.Date) (account Account, fits int) {
	most := -1
	for _, row := range c.rows[scope] {
		if len(row.dims) < most || !row.fits(dims) {
			continue
		}
		have, ok := row.on(day)
		if !ok {
			continue
		}
		if len(row.dims) > most {
			most, fits = len(row.dims), 0
		}
		account = have
		fits++
	}
	return account, fits
}

func (r chartRow) fits(dims Dims) bool {
	for _, d := range r.dims {
		if dims.Get(d.Name) != d.Value {
			return false
		}
	}
	return true
}

func (r chartRow) on(day retail.Date) (Account, bool) {
	for _, v := range slices.Backward(r.versions) {
		if v.from <= day {
			return v.account, v.account != Account{}
		}
	}
	return Account{}, false
}

func parseChartKey(key string) (chartScope, Dims, error) {
	parts := strings.Split(key, retail.Sep)
	if len(parts) < 2 || slices.Contains(parts, "") {
		return chartScope{}, nil, fault.New(fault.SchemaInvalid, key, "the key of an account is entity·ROLE[·dimension=value]")
	}
	scope := chartScope{retail.EntityID(parts[0]), Role(parts[1])}
	info, known := scope.role.Info()
	if !known && scope.role != anyPart {
		return scope, nil, fault.New(fault.SchemaInvalid, key, "there is no role %s", scope.role)
	}
	var dims []Dim
	for _, part := range parts[2:] {
		name, value, ok := strings.Cut(part, "=")
		if !ok || name == "" || value == "" {
			return scope, nil, fault.New(fault.SchemaInvalid, key, "a dimension is written name=value")
		}
		if known && !slices.Contains(info.Dims, DimName(name)) {
			return scope, nil, fault.New(fault.SchemaInvalid, key, "%s has no dimension %s", scope.role, name)
		}
		dims = append(dims, Dim{DimName(name), value})
	}
	return scope, NewDims(dims...), nil
}

// checkTemplate refuses a placeholder that can never be filled.
func checkTemplate(role Role, text string) error {
	info, known := role.Info()
	for rest := text; ; {
		_, after, open := strings.Cut(rest, "{")
		if !open {
			return nil
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed || known && name != "role" && !slices.Contains(info.Dims, DimName(name)) {
			return fault.New(fault.SchemaInvalid, text, "%s cannot fill {%s}", role, name)
		}
		rest = tail
	}
}

// fill puts the role and its dimensions into an account's code and name.
func (a Account) fill(role Role, dims Dims) (Account, error) {
	for _, text := range []*string{&a.Code, &a.Name} {
		if !strings.Contains(*text, "{") {
			continue
		}
		pairs := []string{"{role}", string(role)}
		for _, d := range dims {
			pairs = append(pairs, "{"+string(d.Name)+"}", d.Value)
		}
		if err := checkFilled(*text, pairs); err != nil {
			return Account{}, err
		}
		*text = strings.NewReplacer(pairs...).Replace(*text)
	}
	return a, nil
}

// checkFilled refuses a placeholder that the line has no value for.
func checkFilled(text string, pairs []string) error {
	for rest := text; ; {
		_, after, open := strings.Cut(rest, "{")
		if !open {
			return nil
		}
		name, tail, _ := strings.Cut(after, "}")
		if !slices.Contains(pairs, "{"+name+"}") {
			return fault.New(fault.NoDimension, text, "the dimension %s is missing", name)
		}
		rest = tail
	}
}

// String returns the dimensions for a person: "jurisdiction=STATE, tax_code=STANDARD".
func (ds Dims) String() string {
	if len(ds) == 0 {
		return "no dimensions"
	}
	parts := make([]string, len(ds))
	for i, d := range ds {
		parts[i] = string(d.Name) + "=" + d.Value
	}
	return strings.Join(parts, ", ")
}
