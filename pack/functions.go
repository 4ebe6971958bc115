package pack

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/pack/jq"
	"github.com/heddlehq/heddle/retail"
)

// functions are what mappings can call beside the language's own. They take and give texts
// and whole numbers. One that cannot do its work refuses the record, which neither try nor
// // can hide.
//
//	amount($currency)            decimal → {"amount","currency"} (V-BAL-04, V-CUR-01)
//	amount_of_minor($currency)   whole minor units → the same
//	minor($currency)             decimal → whole minor units, to compute with
//	minor_rounded($currency)     the same of a finer decimal, half away from zero (rule book D1)
//	times($by)                   decimal → its product with another decimal, exactly
//	apportion($weights)          whole minor units → array, split by whole weights (rule book D1)
//	fraction_of_percent          decimal → decimal, a hundredth of it: the form of a rate
//	decimal                      a decimal however written → the same plainly: .5, +5., 1.25E2
//	decimal_comma                1.234,56 → 1234.56; thousands apart by points, spaces or '
//	decimal_point                1,234.56 → 1234.56; thousands apart by commas, spaces or '
//	scaled($places)              12345 → 123.45 for two implied places
//	sign_of($flag; $plus; $minus) decimal without a sign → with the one that the flag tells
//	negated                      decimal → the same with the other sign
//	quantity                     decimal → decimal without trailing zeros, three places at most
//	thousandths                  decimal → whole thousandths, to compute with
//	quantity_of_thousandths      whole thousandths → decimal
//	local_time                   text → RFC 3339; one without a zone is told in the source's (H-ZONE)
//	local_time_at($place)        the same in the zone of a place of the source's, where it is known
//	utc_time                     text → RFC 3339; without a zone it is UTC
//	in_zone                      text, as utc_time → the same instant, told in the source's zone
//	in_zone_at($place)           the same in the zone of a place, where it is known
//	epoch_time                   whole seconds since 1970 → RFC 3339
//	epoch_milliseconds           whole milliseconds since 1970 → RFC 3339
//	date_from($form)             text of a form like %d.%m.%Y or %y%m%d → the date (00 to 68 are 20xx)
//	time_from($form)             text of a form like %m/%d/%Y %H:%M → RFC 3339, as local_time
//	time_from_at($form; $place)  the same, as local_time_at
//	business_date                text that begins with a date → the date, as it is written
//	source_version               RFC 3339 → whole number that grows with it, a source version
//	token($kind)                 personal value → its token; null stays
//	gtin_of_epc, gln_of_epc, sscc_of_epc
//	                             EPC URN or GS1 Digital Link → 14, 13 or 18 digits; else null
//	unit_of_x12                  X12's unit → that of UN/ECE Rec. 20; unknown ones stay
//	key                          array → its parts joined by "·"; none may be missing
//	text, attr($name)            an XML element's text and one of its attributes, or null
//	present                      the value; null if it is empty
//	require($what)               the value; refused with V-SCH-01 if null or empty
//	refuse($code; $detail)       refuses the record; the detail must not quote the payload
//	refuse_test($detail; $refs)  refuses a test (V-TRN-01), and what is told later of its documents
//	ignore($reason)              nothing comes of the record, rightly
func functions() []jq.Function {
	return []jq.Function{
		ofRun("token", 1, tokenOf),
		ofRun("local_time", 0, localTime),
		ofRun("local_time_at", 1, localTime),
		ofRun("in_zone", 0, inZone),
		ofRun("in_zone_at", 1, inZone),
		ofRun("time_from", 1, timeFrom),
		ofRun("time_from_at", 2, timeFrom),
		option("utc_time", 0, utcTime),
		option("epoch_time", 0, epochTime),
		option("epoch_milliseconds", 0, epochMilliseconds),
		option("date_from", 1, dateFrom),
		option("business_date", 0, businessDate),
		option("source_version", 0, sourceVersion),
		amounts("amount", readAmount),
		amounts("amount_of_minor", amountOfMinor),
		option("minor", 1, minor),
		option("minor_rounded", 1, minorRounded),
		option("times", 1, times),
		option("apportion", 1, apportion),
		option("fraction_of_percent", 0, fractionOfPercent),
		option("decimal", 0, decimal),
		option("decimal_comma", 0, decimalComma),
		option("decimal_point", 0, decimalPoint),
		option("scaled", 1, scaled),
		option("sign_of", 3, signOf),
		option("negated", 0, negated),
		option("quantity", 0, quantity),
		option("thousandths", 0, thousandths),
		option("quantity_of_thousandths", 0, quantityOfThousandths),
		option("gtin_of_epc", 0, gtinOfEPC),
		option("gln_of_epc", 0, glnOfEPC),
		option("sscc_of_epc", 0, ssccOfEPC),
		option("unit_of_x12", 0, unitOfX12),
		{Name: "key", Call: keyOf, Parts: func(_ any, parts []any) (any, error) { return joinKey(parts) }},
		option("text", 0, textOf),
		option("attr", 1, attribute),
		option("present", 0, present),
		option("require", 1, require),
		option("refuse", 2, refuse),
		ofRun("refuse_test", 2, refuseTest),
		option("ignore", 1, ignore),
	}
}

// ofRun makes a function that knows the run.
func ofRun(name string, arity int, f func(r *run, v any, args []any) (any, *fault.Error)) jq.Function {
	return jq.Function{Name: name, Arity: arity, Call: func(r, v any, args []any) (any, error) {
		result, err := f(r.(*run), v, args)
		if err != nil {
			return nil, err
		}
		return result, nil
	}}
}

// option makes a function of its input and arguments alone.
func option(name string, arity int, f func(v any, args []any) (any, *fault.Error)) jq.Function {
	return jq.Function{Name: name, Arity: arity, Call: func(_, v any, args []any) (any, error) {
		result, err := f(v, args)
		if err != nil {
			return nil, err
		}
		return result, nil
	}}
}

// amounts makes a function whose result is an amount, which is written without an object.
func amounts(name string, read func(v any, args []any) (money.Amount, *fault.Error)) jq.Function {
	f := option(name, 1, func(v any, args []any) (any, *fault.Error) {
		a, err := read(v, args)
		return map[string]any{"amount": a.Decimal(), "currency": string(a.Currency)}, err
	})
	f.Write = func(b []byte, _, v any, args []any) ([]byte, error) {
		a, err := read(v, args)
		if err != nil {
			return nil, err
		}
		return a.AppendJSON(b), nil
	}
	return f
}

// checkComputed passes a computed value that is exact and not too large.
func checkComputed(v any) error {
	fits := true
	switch value := v.(type) {
	case nil, bool, int, json.Number, map[string]any:
	case *big.Int:
		fits = value.IsInt64()
	case string:
		fits = len(value) <= textMax
	case []any:
		fits = len(value) <= listMax
	default:
		return fault.New(fault.BadMapping, "", "a computation left the whole numbers: compute with minor and thousandths")
	}
	if !fits {
		return fault.New(fault.BadMapping, "", "a computed value is too large")
	}
	return nil
}

// ignored marks a fault that is none: the mapping says that nothing comes of the record.
const ignored fault.Code = "ignored"

func ignore(_ any, args []any) (any, *fault.Error) {
	reason, _ := args[0].(string)
	return nil, &fault.Error{Code: ignored, Detail: reason}
}

func refuse(_ any, args []any) (any, *fault.Error) {
	name, _ := args[0].(string)
	detail, _ := args[1].(string)
	known := slices.ContainsFunc(fault.Codes(), func(e fault.Entry) bool { return string(e.Code) == name })
	if !known || detail == "" {
		return nil, fault.New(fault.BadMapping, "", "refuse needs a code of the catalogue and a detail")
	}
	return nil, fault.New(fault.Code(name), "", "%s", detail)
}

// refuseTest refuses the record as a test whose documents the run remembers.
func refuseTest(r *run, _ any, args []any) (any, *fault.Error) {
	detail, _ := args[0].(string)
	list, ok := args[1].([]any)
	refs := make([]retail.Ref, len(list))
	for i := range list {
		member, _ := list[i].(map[string]any)
		kind, isKind := member["type"].(string)
		id, isID := member["id"].(string)
		ok = ok && isKind && isID && kind != "" && id != ""
		refs[i] = retail.Ref{Type: retail.RefType(kind), ID: id}
	}
	if !ok || detail == "" {
		return nil, fault.New(fault.BadMapping, "", "refuse_test needs a detail, and the test's documents as objects of type and id")
	}
	r.tests = refs
	return nil, fault.New(fault.TrainingDropped, "", "%s", detail)
}

func tokenOf(r *run, v any, args []any) (any, *fault.Error) {
	kind, ok := args[0].(string)
	if !ok || kind == "" {
		return nil, fault.New(fault.BadMapping, "", "token needs a kind")
	}
	switch v.(type) {
	case []any, map[string]any:
		return nil, fault.New(fault.BadMapping, "", "a token stands for a single value")
	}
	if n, ok := v.(int); ok {
		v = json.Number(strconv.Itoa(n))
	}
	return hideScalar(v, kind, r.tokens), nil
}

func textOf(v any, _ []any) (any, *fault.Error) {
	if element, ok := v.(map[string]any); ok {
		return element["#text"], nil
	}
	return v, nil
}

func attribute(v any, args []any) (any, *fault.Error) {
	name, ok := args[0].(string)
	if !ok {
		return nil, fault.New(fault.BadMapping, "", "attr needs the name of an attribute")
	}
	if element, ok := v.(map[string]any); ok {
		return element["@"+name], nil
	}
	return nil, nil
}

func present(v any, _ []any) (any, *fault.Error) {
	if text, ok := v.(string); ok && text == "" {
		return nil, nil
	}
	return v, nil
}

func require(v any, args []any) (any, *fault.Error) {
	if v, _ = present(v, nil); v != nil {
		return v, nil
	}
	what, ok := args[0].(string)
	if !ok {
		return nil, fault.New(fault.BadMapping, "", "require needs words for what is missing")
	}
	return nil, fault.New(fault.SchemaInvalid, "", "%s is missing", what)
}

func keyOf(_, v any, _ []any) (any, error) {
	parts, _ := v.([]any)
	return joinKey(parts)
}

func joinKey(parts []any) (any, error) {
	if len(parts) == 0 {
		return nil, fault.New(fault.BadMapping, "", "key needs an array of parts")
	}
	var few [4]string
	texts := few[:0]
	for i, part := range parts {
		text, ok := scalarText(part)
		if !ok || text == "" || strings.Contains(text, retail.Sep) {
			return nil, fault.New(fault.SchemaInvalid, "", "part %d of a key is missing or contains %s", i+1, retail.Sep)
		}
		texts = append(texts, text)
	}
	return retail.Key(texts...), nil
}

// scalarText returns a text or the digits of a number.
func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case int:
		return strconv.Itoa(v), true
	}
	return "", false
}

// decimalText returns the text of a decimal. Anything else is kept out of error texts,
// because a sender can put a name where a number belongs.
func decimalText(v any) (string, bool) {
	text, ok := scalarText(v)
	if !ok || text == "" || len(text) > 32 {
		return text, false
	}
	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') && strings.IndexByte("+-.,eE", c) < 0 {
			return text, false
		}
	}
	return text, true
}

func readAmount(v any, args []any) (money.Amount, *fault.Error) {
	currency, ok := args[0].(string)
	if !ok || len(currency) != 3 {
		return money.Amount{}, fault.New(fault.CurrencyUnknown, "", "the amount has no currency of three letters")
	}
	text, ok := decimalText(v)
	if !ok {
		return money.Amount{}, fault.New(fault.SchemaInvalid, "", "an amount is missing or not a decimal")
	}
	a, err := money.Parse(text, money.Currency(currency))
	return a, fault.As(err)
}

func minor(v any, args []any) (any, *fault.Error) {
	a, err := readAmount(v, args)
	return int(a.Minor), err
}

// wholeNumber reads a whole number of 64 bits.
func wholeNumber(v any) (int64, bool) {
	if n, ok := v.(int); ok {
		return int64(n), true
	}
	text, ok := scalarText(v)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

func amountOfMinor(v any, args []any) (none money.Amount, _ *fault.Error) {
	currency, _ := args[0].(string)
	if _, known := money.Currency(currency).Exponent(); !known {
		return none, fault.New(fault.CurrencyUnknown, "", "not an ISO 4217 currency")
	}
	n, ok := wholeNumber(v)
	if !ok {
		return none, fault.New(fault.SchemaInvalid, "", "an amount in minor units is missing or not a whole number")
	}
	if n > money.MaxMinor || n < -money.MaxMinor {
		return none, fault.New(fault.NotRepresentable, "", "an amount has at most 15 digits")
	}
	return money.Of(n, money.Currency(currency)), nil
}

// apportion splits a total of minor units over weights; see money.LargestRemainder.
func apportion(v any, args []any) (any, *fault.Error) {
	total, ok := wholeNumber(v)
	list, isList := args[0].([]any)
	weights := make([]int64, len(list))
	for i := range list {
		var whole bool
		weights[i], whole = wholeNumber(list[i])
		ok = ok && whole
	}
	if !ok || !isList {
		return nil, fault.New(fault.BadMapping, "", "apportion takes whole minor units and an array of whole weights")
	}
	shares, err := money.LargestRemainder(total, weights)
	if err != nil {
		return nil, fault.As(err)
	}
	out := make([]any, len(shares))
	for i, share := range shares {
		out[i] = int(share)
	}
	return out, nil
}

func fractionOfPercent(v any, _ []any) (any, *fault.Error) {
	text, _ := decimalText(v)
	n, ok := money.ParseFixed(text, money.RateScale-2)
	if !ok || n < 0 {
		return nil, fault.New(fault.SchemaInvalid, "", "a percentage is missing or not a decimal with at most %d places", money.RateScale-2)
	}
	return money.Rate(n).String(), nil
}

func readQuantity(v any) (retail.Quantity, *fault.Error) {
	text, ok := decimalText(v)
	if !ok {
		return 0, fault.New(fault.SchemaInvalid, "", "a quantity is missing or not a decimal")
	}
	q, err := retail.ParseQuantity(text)
	return q, fault.As(err)
}

func quantity(v any, _ []any) (any, *fault.Error) {
	q, err := readQuantity(v)
	return q.String(), err
}

func thousandths(v any, _ []any) (any, *fault.Error) {
	q, err := readQuantity(v)
	return int(q), err
}

func quantityOfThousandths(v any, _ []any) (any, *fault.Error) {
	n, ok := wholeNumber(v)
	if !ok {
		return nil, fault.New(fault.SchemaInvalid, "", "a quantity in thousandths is missing or not a whole number")
	}
	return retail.Quantity(n).String(), nil
}
