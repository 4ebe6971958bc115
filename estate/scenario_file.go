package estate

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// scenarioBytesMax bounds a scenario file.
const scenarioBytesMax = 1 << 20

// scenarioFile is a scenario as a person writes it, in YAML or JSON. Decimals keep the digits
// that stand in the file. What is left out is as in E01.
type scenarioFile struct {
	Currency string        `yaml:"currency"`
	Discount *string       `yaml:"discount"`
	Items    []itemFile    `yaml:"items"`
	Taxes    []taxFile     `yaml:"taxes"`
	Fee      *feeFile      `yaml:"fee"`
	Return   *returnedFile `yaml:"return"`
}

type itemFile struct {
	ID         string `yaml:"id"`
	Department string `yaml:"department"`
	Class      string `yaml:"class"`
	Price      string `yaml:"price"`
	Ordered    string `yaml:"ordered"`
	Opening    string `yaml:"opening"`
	Value      string `yaml:"value"`
	UnitCost   string `yaml:"unit_cost"`
	Safety     string `yaml:"safety"`
}

type taxFile struct {
	Title        string `yaml:"title"`
	Authority    string `yaml:"authority"`
	Jurisdiction string `yaml:"jurisdiction"`
	Rate         string `yaml:"rate"`
}

type feeFile struct {
	Rate  string `yaml:"rate"`
	Fixed string `yaml:"fixed"`
}

type returnedFile struct {
	Item     string `yaml:"item"`
	Quantity string `yaml:"quantity"`
}

// ParseScenario reads a scenario file and checks it (H-CONFIG). The worth of an item's
// opening stock is its value, or its unit_cost times the opening quantity.
//
//	currency: USD
//	discount: 10.00
//	taxes:
//	  - {title: State Tax, authority: ST-01, jurisdiction: STATE, rate: 0.0625}
//	fee: {rate: 0.029, fixed: 0.30}
//	items:
//	  - {id: A, price: 49.99, ordered: 1, opening: 10, unit_cost: 21.40, safety: 2}
//	return: {item: A, quantity: 1}
func ParseScenario(text []byte) (Scenario, error) {
	if len(text) > scenarioBytesMax {
		return Scenario{}, fault.New(fault.TooLarge, "scenario", "a scenario file has at most %d bytes", scenarioBytesMax)
	}
	var file scenarioFile
	if err := yaml.Load(text, &file, yaml.WithKnownFields()); err != nil {
		return Scenario{}, invalid("file", "%v", err)
	}
	s := E01()
	if file.Currency != "" {
		s.Currency = money.Currency(file.Currency)
	}
	if _, known := s.Currency.Exponent(); !known {
		return Scenario{}, invalid("currency", "%q is no currency", file.Currency)
	}
	r := &scenarioReader{currency: s.Currency}
	r.read(&file, &s)
	if r.err != nil {
		return Scenario{}, r.err
	}
	return s, s.Validate()
}

// scenarioReader reads decimals and keeps the first that is none.
type scenarioReader struct {
	currency money.Currency
	err      error
}

func (r *scenarioReader) read(file *scenarioFile, s *Scenario) {
	if file.Discount != nil {
		s.Discount = r.amount("discount", *file.Discount)
	}
	if file.Items != nil {
		s.Items = nil
	}
	for i, f := range file.Items {
		s.Items = append(s.Items, r.item(fmt.Sprintf("items[%d]", i), f))
	}
	if file.Taxes != nil {
		s.Taxes = nil
	}
	for i, f := range file.Taxes {
		s.Taxes = append(s.Taxes, Tax{f.Title, f.Authority, f.Jurisdiction, r.rate(fmt.Sprintf("taxes[%d].rate", i), f.Rate)})
	}
	if file.Fee != nil {
		s.Fee = Fee{r.rate("fee.rate", file.Fee.Rate), r.amount("fee.fixed", file.Fee.Fixed)}
	}
	if file.Return != nil {
		s.Returned = Returned{retail.ItemID(file.Return.Item), r.units("return.quantity", file.Return.Quantity)}
	}
}

func (r *scenarioReader) item(at string, f itemFile) Item {
	item := Item{ID: retail.ItemID(f.ID), Department: orElse(f.Department, "HOME"), Class: orElse(f.Class, "MERCH")}
	item.Price = r.amount(at+".price", f.Price)
	item.Ordered = r.units(at+".ordered", f.Ordered)
	item.Opening = r.units(at+".opening", f.Opening)
	item.Safety = r.units(at+".safety", orElse(f.Safety, "0"))
	switch {
	case (f.Value == "") == (f.UnitCost == ""):
		r.fail(at, "it has either a value or a unit_cost")
	case f.Value != "":
		item.Value = r.amount(at+".value", f.Value)
	case item.Opening > 0 && item.Opening <= unitsMax:
		item.Value = r.amount(at+".unit_cost", f.UnitCost) * item.Opening
	}
	return item
}

func (r *scenarioReader) amount(at, text string) int64 {
	a, err := money.Parse(text, r.currency)
	if err != nil {
		r.fail(at, "%s is no amount in %s: %s", strconv.Quote(text), r.currency, fault.As(err).Detail)
	} else if a.Minor > priceMax || a.Minor < -priceMax {
		r.fail(at, "%s is beyond what a scenario takes", text)
		return 0
	}
	return a.Minor
}

func (r *scenarioReader) rate(at, text string) money.Rate {
	rate, err := money.ParseRate(text)
	if err != nil {
		r.fail(at, "%s is no rate; 0.0625 is 6.25 %%", strconv.Quote(text))
	}
	return rate
}

func (r *scenarioReader) units(at, text string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32)
	if err != nil {
		r.fail(at, "%s is no whole number", strconv.Quote(text))
	}
	return n
}

func (r *scenarioReader) fail(at, format string, args ...any) {
	if r.err == nil {
		r.err = invalid(at, format, args...)
	}
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
