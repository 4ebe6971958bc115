package estate

import (
	"bytes"
	"embed"
	"encoding/json"
	"encoding/xml"
	"strings"
	"text/template"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
)

// payloads are the messages of the outside systems, as they look on the wire.
//
//go:embed payloads/*.tmpl
var payloads embed.FS

// letters writes payloads.
type letters struct{ templates *template.Template }

func openLetters() (*letters, error) {
	t, err := template.New("payloads").Funcs(functions()).Option("missingkey=error").ParseFS(payloads, "payloads/*.tmpl")
	if err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "estate.letters", "payloads")
	}
	return &letters{t}, nil
}

// write fills a template. They are our own and filled with our own figures: one that does
// not fit them is a bug.
func (l *letters) write(name string, v view) []byte {
	var b bytes.Buffer
	if err := l.templates.ExecuteTemplate(&b, name+".tmpl", v); err != nil {
		panic("estate: " + err.Error())
	}
	return b.Bytes()
}

// setData is what the shop writes of one amount: in its currency and in the customer's.
type setData struct {
	Currency money.Currency
	Amount   string
}

// lineData is an order line with its currency.
type lineData struct {
	Currency money.Currency
	Line     viewLine
}

func functions() template.FuncMap {
	return template.FuncMap{
		"money": func(c money.Currency, minor int64) string { return money.Of(minor, c).Decimal() },
		"set":   func(c money.Currency, minor int64) setData { return setData{c, money.Of(minor, c).Decimal()} },
		"line":  func(c money.Currency, l viewLine) lineData { return lineData{c, l} },
		"json": func(s string) (string, error) {
			b, err := json.Marshal(s)
			return string(b), err
		},
		"xml": func(s string) (string, error) {
			var b strings.Builder
			err := xml.EscapeText(&b, []byte(s))
			return b.String(), err
		},
		"lower":  func(c money.Currency) string { return strings.ToLower(string(c)) },
		"zoned":  func(t time.Time) string { return t.Format(time.RFC3339) },
		"local":  func(t time.Time) string { return t.Format("2006-01-02T15:04:05") },
		"day":    func(t time.Time) string { return t.Format(time.DateOnly) },
		"utc":    func(t time.Time) string { return t.UTC().Format(time.DateTime) },
		"epoch":  func(t time.Time) int64 { return t.Unix() },
		"later":  func(t time.Time, seconds int) time.Time { return t.Add(time.Duration(seconds) * time.Second) },
		"add":    func(a, b int64) int64 { return a + b },
		"int":    func(n int) int64 { return int64(n) },
		"negate": func(a int64) int64 { return -a },
		"mod":    func(a, b int) int { return a % b },
	}
}
