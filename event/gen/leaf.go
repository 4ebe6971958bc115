package main

// leaf says how a type that is not a struct of package event is written, read and told from
// nothing, and checked where it was made in Go. In present and append, % stands for the value.
type leaf struct {
	present string // true where there is a value
	append  string // appends the value to b
	read    string // reads the value from d
	check   string // the checker's method for a value that is there
}

// leaves by Go type. Every other type of package retail is a string.
var leaves = map[string]*leaf{
	"string":          {`% != ""`, "appendString(b, %)", "d.text()", ""},
	"bool":            {"%", "appendBool(b, %)", "d.boolean()", ""},
	"int64":           {"% != 0", "strconv.AppendInt(b, %, 10)", "d.integer()", ""},
	"time.Time":       {"!%.IsZero()", "appendTime(b, %)", "d.time()", "time"},
	"retail.Quantity": {"% != 0", "appendQuantity(b, %)", "d.quantity()", "quantity"},
	"retail.Date":     {"% != 0", "appendDate(b, %)", "d.date()", "date"},
	"retail.Ref":      {"!%.IsZero()", "appendRef(b, %)", "d.ref()", "ref"},
	"money.Amount":    {"", "appendAmount(b, %)", "d.amount()", "amount"},
	"money.Currency":  {`% != ""`, "appendString(b, %)", "d.currency()", "currency"},
	"money.Rate":      {"% != 0", "appendRate(b, %)", "d.rate()", "rate"},
	"Level":           {"", "appendQuantity(b, retail.Quantity(%))", "d.level()", "level"},
	"Foreign":         {"", "appendAmount(b, money.Amount(%))", "Foreign(d.amount())", "foreign"},
	"Row":             {"len(%) > 0", "appendRow(b, %)", "d.row()", "row"},
	"Ext":             {`% != ""`, "append(b, %...)", "d.ext()", "ext"},
}
