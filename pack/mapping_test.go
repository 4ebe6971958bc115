package pack

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/itchyny/gojq"
	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/wire"
)

func testRun(ctx context.Context) *run {
	zone := time.FixedZone("Store/Local", -5*60*60)
	return &run{
		ctx: ctx, instance: "shop-1", envelope: map[string]any{"Id": "S1"}, zone: zone, file: "stock.csv", number: 7,
		zones: func(_ context.Context, _ retail.SystemID, place string, _ retail.Date) (*time.Location, error) {
			if place == "S2" {
				return time.LoadLocation("Europe/Berlin")
			}
			return nil, nil
		},
		options: map[string]any{"currency": "EUR"}, tokens: newTokens(TestTokenKey(), new(tokenKey)),
	}
}

func tree(t testing.TB, text string) any {
	t.Helper()
	document, err := wire.JSON([]byte(text), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for record := range document.Records() {
		return record.Tree
	}
	return nil
}

// evaluate maps a JSON text and returns the results as JSON lines, or the fault.
func evaluate(t testing.TB, mapping, input string) string {
	t.Helper()
	p, err := compile("x.jq", mapping)
	if err != nil {
		return err.Error()
	}
	values, failure := p.values(tree(t, input), testRun(t.Context()))
	if failure != nil {
		return failure.Error()
	}
	var lines []string
	for _, value := range values {
		line, err := gojq.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	return strings.Join(lines, " ")
}

func TestMappingFunctions(t *testing.T) {
	for _, c := range []struct{ name, mapping, input, want string }{
		{"amount of a text", `.a | amount("EUR")`, `{"a":"12.3"}`, `{"amount":"12.30","currency":"EUR"}`},
		{"amount of a number", `.a | amount("EUR")`, `{"a":12.30}`, `{"amount":"12.30","currency":"EUR"}`},
		{"amount with zeros beyond the exponent", `.a | amount("EUR")`, `{"a":"1.290"}`, `{"amount":"1.29","currency":"EUR"}`},
		{"amount in a currency without decimals", `.a | amount("JPY")`, `{"a":"1000"}`, `{"amount":"1000","currency":"JPY"}`},
		{"amount in a currency with three", `.a | amount("KWD")`, `{"a":"-0.1"}`, `{"amount":"-0.100","currency":"KWD"}`},
		{"amount too fine", `.a | amount("EUR")`, `{"a":"1.295"}`, `V-BAL-04: 1.295: …`},
		{"amount too fine for the currency", `.a | amount("JPY")`, `{"a":"1.5"}`, `V-BAL-04: 1.5: …`},
		{"amount in exponent form", `.a | amount("EUR")`, `{"a":1e3}`, `V-BAL-04: 1e3: …`},
		{"amount that is a name is not quoted", `.a | amount("EUR")`, `{"a":"Ann Example"}`, `V-SCH-01: x.jq: an amount is missing or not a decimal`},
		{"amount that is missing", `.a | amount("EUR")`, `{}`, `V-SCH-01: x.jq: an amount is missing or not a decimal`},
		{"amount in no currency", `.a | amount("XQQ")`, `{"a":"1"}`, `V-CUR-01: XQQ: …`},
		{"amount without currency", `. as $d | .a | amount($d.c)`, `{"a":"1"}`, `V-CUR-01: x.jq: the amount has no currency of three letters`},
		{"minor units", `.a | amount_of_minor("USD")`, `{"a":2000}`, `{"amount":"20.00","currency":"USD"}`},
		{"minor units without decimals", `.a | amount_of_minor("JPY")`, `{"a":-2000}`, `{"amount":"-2000","currency":"JPY"}`},
		{"minor units that are not whole", `.a | amount_of_minor("USD")`, `{"a":20.5}`, `V-SCH-01: x.jq: an amount in minor units is missing or not a whole number`},
		{"minor units past fifteen digits", `.a | amount_of_minor("USD")`, `{"a":1000000000000000}`, `V-BAL-04: x.jq: an amount has at most 15 digits`},
		{"minor units of no currency", `.a | amount_of_minor("usd")`, `{"a":1}`, `V-CUR-01: x.jq: not an ISO 4217 currency`},
		{"amounts are added in minor units", `[.[] | minor("EUR")] | add | amount_of_minor("EUR")`, `["0.10","0.20",0.30]`, `{"amount":"0.60","currency":"EUR"}`},
		{"split by weights", `[minor("EUR") | apportion([3, 3, 1])]`, `"10.00"`, `[[429,428,143]]`},
		{"split of what is owed back", `-100 | apportion([1, 1, 1])`, `null`, `[-34,-33,-33]`},
		{"split without weights", `5 | apportion([0])`, `null`, `V-BAL-02: …`},
		{"split by a fraction", `. as $half | 5 | apportion([$half])`, `0.5`, `H-MAPPING: x.jq: apportion takes whole minor units and an array of whole weights`},
		{"percent", `[.[] | fraction_of_percent]`, `[20,"6.25","10.129",0,"19.00"]`, `["0.2","0.0625","0.10129","0","0.19"]`},
		{"percent too fine", `fraction_of_percent`, `"0.12345678901"`, `V-SCH-01: x.jq: a percentage is missing or not a decimal with at most 10 places`},
		{"percent below zero", `fraction_of_percent`, `-1`, `V-SCH-01: x.jq: a percentage is missing or not a decimal with at most 10 places`},
		{"percent that is missing", `.p | fraction_of_percent`, `{}`, `V-SCH-01: x.jq: a percentage is missing or not a decimal with at most 10 places`},
		{"quantity", `.[] | quantity`, `["2.0000",0.650,"-1"]`, `"2" "0.65" "-1"`},
		{"quantity too fine", `quantity`, `"0.0001"`, `V-SCH-01: 0.0001: …`},
		{"quantity that is missing", `.q | quantity`, `{}`, `V-SCH-01: x.jq: a quantity is missing or not a decimal`},
		{"quantities are added in thousandths", `[.[] | thousandths] | add | quantity_of_thousandths`, `["1.5","0.25"]`, `"1.75"`},
		{"time with a zone stays", `local_time`, `"2026-11-01T23:30:00+01:00"`, `"2026-11-01T23:30:00+01:00"`},
		{"time with a fraction and Z", `local_time`, `"2024-10-15T09:27:02.649Z"`, `"2024-10-15T09:27:02.649Z"`},
		{"time with a short zone", `local_time`, `"2015-03-10T18:43:50+0000"`, `"2015-03-10T18:43:50Z"`},
		{"time without a zone is the store's", `local_time`, `"2017-10-01T15:15:25"`, `"2017-10-01T15:15:25-05:00"`},
		{"time with a space is UTC", `utc_time`, `"2026-09-15 12:00:00"`, `"2026-09-15T12:00:00Z"`},
		{"time that is a date", `local_time`, `"2026-09-15"`, `V-SCH-01: x.jq: a time is missing or not of the form 2006-01-02T15:04:05`},
		{"seconds", `epoch_time`, `1721948530`, `"2024-07-25T23:02:10Z"`},
		{"milliseconds are no seconds", `epoch_time`, `1721948530000`, `V-SCH-01: x.jq: a time in seconds is missing or out of range`},
		{"date of a time is the date as written", `business_date`, `"2026-11-01T23:30:00-08:00"`, `"2026-11-01"`},
		{"date that is none", `business_date`, `"2026-13-01"`, `V-SCH-01: x.jq: a date is missing or not of the form 2006-01-02`},
		{"version grows with the time", `.[] | source_version`, `["2026-01-01T00:00:00Z","2026-01-01T00:00:00.000001Z"]`, `1767225600000000 1767225600000001`},
		{"token", `.email | token("email")`, `{"email":"ann@example.com"}`, `"tok_43b685a36093535364cc4b62d34c80ee"`},
		{"token of a number is that of its digits", `[.[] | token("customer")] | unique`, `[7,"7"]`, `["tok_f01beeb94ab953d2b6343ba0aeb0642d"]`},
		{"token of nothing", `[.a, .b | token("email")]`, `{"a":null,"b":""}`, `[null,""]`},
		{"token of an object", `token("email")`, `{}`, `H-MAPPING: x.jq: a token stands for a single value`},
		{"key", `[.a, .b, 3] | key`, `{"a":820982911946154508,"b":"x"}`, `"820982911946154508·x·3"`},
		{"key with a part missing", `[.a, .b] | key`, `{"a":1}`, `V-SCH-01: x.jq: part 2 of a key is missing or contains ·`},
		{"key with a separator in a part", `[.a] | key`, `{"a":"1·2"}`, `V-SCH-01: x.jq: part 1 of a key is missing or contains ·`},
		{"text and attributes", `[(.a, .b, .c) | text, attr("Cur")]`, `{"a":{"#text":"1","@Cur":"EUR"},"b":"2"}`, `["1","EUR","2",null,null,null]`},
		{"require", `.a | require("the id")`, `{"a":""}`, `V-SCH-01: x.jq: the id is missing`},
		{"require what is there", `.a | require("the id")`, `{"a":0}`, `0`},
		{"refuse", `refuse("V-TRN-01"; "training")`, `{}`, `V-TRN-01: x.jq: training`},
		{"refuse with a code that is none", `refuse("X-1"; "training")`, `{}`, `H-MAPPING: x.jq: refuse needs a code of the catalogue and a detail`},
		{"variables", `[$instance, $envelope.Id, $zone, $file, $number, $options.currency, $options.other]`, `{}`, `["shop-1","S1","Store/Local","stock.csv",7,"EUR",null]`},
		{"identifiers above 2^53 pass unchanged", `.id`, `{"id":820982911946154508}`, `820982911946154508`},
		{"numbers pass with their digits", `.a`, `{"a":12.300}`, `12.300`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := evaluate(t, c.mapping, c.input)
			// The words after … are those of packages money and retail.
			if start, cut := strings.CutSuffix(c.want, "…"); got != c.want && !(cut && strings.HasPrefix(got, start)) {
				t.Errorf("%s of %s:\ngot  %s\nwant %s", c.mapping, c.input, got, c.want)
			}
		})
	}
}

// A refusal cannot be hidden by the language's own ways of passing over errors.
func TestRefusalIsFinal(t *testing.T) {
	for _, mapping := range []string{
		`try (.a | amount("EUR")) catch null`, `(.a | amount("EUR"))?`, `(.a | amount("EUR")) // "0.00"`,
		`[.a | amount("EUR")?, 1]`, `first((.a | amount("EUR")), 1)`, `label $out | (.a | amount("EUR")), break $out`,
	} {
		if got, want := evaluate(t, mapping, `{"a":"x"}`), `V-SCH-01: x.jq: an amount is missing or not a decimal`; got != want {
			t.Errorf("%s: got %s, want %s", mapping, got, want)
		}
	}
}

// reproduces: H-MAPPING
func TestMappingIsExact(t *testing.T) {
	const fraction = `H-MAPPING: x.jq: a computation left the whole numbers: compute with minor and thousandths`
	for _, c := range []struct{ mapping, want string }{
		{`1 + 2 * 3 - 8 / 4 % 3`, `5`},
		{`.list[.i + 1]`, `"c"`},
		{`[.list[] | select(. + "x" == "bx")]`, `["b"]`},
		{`del(.list[.i - 1]) | .list`, `["b","c"]`},
		{`9007199254740993 + 1`, `9007199254740994`},
		{`.big + 1`, `9223372036854775807`},
		{`.big + 2`, `H-MAPPING: x.jq: a computed value is too large`},
		{`.price + 1`, fraction},
		{`.price * 100`, fraction},
		{`7 / 2`, fraction},
		{`"12.30" | tonumber`, fraction},
		{`[.price, .price] | add`, fraction},
		{`"\(.price * 100)"`, fraction},
		{`{a: {b: [1, .price]}}`, `{"a":{"b":[1,0.1]}}`},
		{`.price += 1`, `H-PACK-INVALID: x.jq: += is not available: write |= and the sum`},
		{`0.5`, `H-PACK-INVALID: x.jq: 0.5 is no whole number: amounts and quantities are texts`},
		{`1e3`, `H-PACK-INVALID: x.jq: 1e3 is no whole number: amounts and quantities are texts`},
	} {
		if got := evaluate(t, c.mapping, `{"list":["a","b","c"],"i":1,"price":0.1,"big":9223372036854775806}`); got != c.want {
			t.Errorf("%s: got %s, want %s", c.mapping, got, c.want)
		}
	}
}

func TestMappingIsPure(t *testing.T) {
	for _, mapping := range []string{
		`now`, `env`, `$ENV`, `$ENV.HOME`, `input`, `[inputs]`, `input_filename`, `debug`, `stderr`, `halt`, `halt_error`, `error("x")`,
		`localtime`, `mktime`, `gmtime`, `"x" | strptime("%Y")`, `todate`, `sqrt`, `floor`, `pow(.; 2)`, `infinite`, `nan`, `builtins`, `modulemeta`,
		`$__run`, `{$__run}`, `$__loc__`, `_token($instance; "x")`, `_checked(.)`, `_add(1; 2)`, `import "a" as a; 1`, `include "a"; 1`,
		`def f: now; f`, `def now: 1; now`, `def f: def now: 1; now; f`, `def f(now): now; f(1)`, `def amount($c): 1; amount("EUR")`,
		`"\(now)"`, `{(now | tostring): 1}`, `.[now]`, `[.[] | if now > 1 then 1 else 2 end]`, `{a: now}`, `. as {a: $x} | $x | now`, `getpath([now])`, `-now`, `try now catch 1`,
		`reduce now as $x (0; 1)`, `foreach 1 as $x (0; 1; now)`, `@text "\(now)"`, `label $f | now`,
	} {
		_, err := compile("x.jq", mapping)
		if !fault.HasCode(err, fault.BadPack) {
			t.Errorf("%s: got %v, want %s", mapping, err, fault.BadPack)
		}
	}
}

func TestMappingLimits(t *testing.T) {
	for _, c := range []struct{ name, mapping, want string }{
		{"endless", `reduce range(100000000) as $i (0; .)`, `H-MAPPING: x.jq: it did not end within 5000000 steps`},
		{"endless in results that nobody takes", `[range(100000000) | empty]`, `H-MAPPING: x.jq: it did not end within 5000000 steps`},
		{"endless in itself", `def f: f; f`, `H-MAPPING: x.jq: its functions call themselves more than 20000 deep`},
		{"many branches", `def f: .,.; f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|empty`, `H-MAPPING: x.jq: it did not end within 5000000 steps`},
		{"endless results", `repeat(1)`, `H-MAPPING: x.jq: it made more than 10000 results`},
		{"results at the limit", `[limit(10000; repeat(1))] | length`, `10000`},
		{"text that doubles", `reduce range(40) as $i ("x"; . + .)`, `H-MAPPING: x.jq: a computed value is too large`},
		{"text that doubles by interpolation", `reduce range(40) as $i ("x"; "\(.)\(.)")`, `H-MAPPING: x.jq: a computed value is too large`},
		{"text at the limit", `reduce range(20) as $i ("x"; . + .) | length`, `1048576`},
		{"text by multiplication", `"x" * 2000000`, `H-MAPPING: x.jq: a computed value is too large`},
		{"array that doubles", `reduce range(40) as $i ([1]; . + .)`, `H-MAPPING: x.jq: a computed value is too large`},
		{"tree that shares itself", `reduce range(40) as $i (1; [., .])`, `H-MAPPING: x.jq: a result has more than 200000 values, or a number that is not exact`},
		{"more than one document", `"{} {}" | fromjson`, `H-MAPPING: x.jq: fromjson cannot be applied to: string`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := evaluate(t, c.mapping, `null`); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestMappingEndsWithItsCaller(t *testing.T) {
	p, err := compile("x.jq", `def f: f; f`)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, failure := p.values(nil, testRun(ctx))
	if failure == nil || failure.Kind != fault.Unavailable || !errors.Is(failure, context.Canceled) {
		t.Errorf("got %v, want an unavailable fault for the cancelled context", failure)
	}
}

// What the interpreter says about a value must not tell the value.
func TestErrorsQuoteNoPayload(t *testing.T) {
	const secret = "4111111111111111"
	for _, input := range []string{`"4111111111111111 Ann"`, `4111111111111111`, `{"Ann":"4111111111111111"}`, `["Ann 4111111111111111"]`} {
		for _, mapping := range []string{
			`.a.b`, `.[]`, `.[0]`, `. + {}`, `-.`, `. + []`, `keys`, `fromjson`, `tonumber`, `split(.)`, `test(.)`, `ltrimstr(1) | has(1)`, `{(.): 1}`, `join(1)`,
			`"x" * .`, `implode`, `to_entries[] | .x.y.z`, `from_entries`, `@csv`, `amount("EUR")`, `quantity`, `local_time`, `business_date`, `key`, `amount(.)`, `apportion(.)`, `apportion([.])`, `fraction_of_percent`, `refuse(.; .)`, `getpath(.)`, `1 / .`, `min_by(.x.y)`, `.["a"]["b"]`, `source_version`, `epoch_time`, `minor(.)`,
		} {
			if got := evaluate(t, "("+mapping+") | empty", input); strings.Contains(got, "Ann") || strings.Contains(got, secret) && !strings.Contains(got, "V-") {
				t.Errorf("%s of %s says %s", mapping, input, got)
			}
		}
	}
}

func TestFunctionsFile(t *testing.T) {
	mapping := "stock.jq"
	with := func(functions, text string) error {
		_, err := Load(testFolder(map[string]string{"pack.yaml": "functions: shared.jq\n" + testManifest, "shared.jq": functions, mapping: text}))
		return err
	}
	if err := with("# shared\ndef twice: . * 2;\ndef four($x): $x | twice | twice;", "four(.n) | twice"); err != nil {
		t.Errorf("got %v, want a mapping that uses the functions", err)
	}
	for _, c := range []struct{ name, functions, mapping, subject string }{
		{"something done", "def f: 1; f", ".", "shared.jq"},
		{"not available", "def f: now;", ".", "shared.jq"},
		{"does not parse", "def f: 1;\ndef g: (;", ".", "shared.jq:2"},
		{"a name of the language", "def length: 1;", ".", "shared.jq"},
		{"unknown to the mapping", "def f: 1;", "g", mapping},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := fault.As(with(c.functions, c.mapping)); got == nil || got.Code != fault.BadPack || got.Subject != c.subject {
				t.Errorf("got %v, want %s of %s", got, fault.BadPack, c.subject)
			}
		})
	}
	if _, err := Load(testFolder(map[string]string{"pack.yaml": "functions: none.jq\n" + testManifest})); !fault.HasCode(err, fault.BadPack) {
		t.Errorf("got %v, want %s for a file that is missing", err, fault.BadPack)
	}
}

func TestCompileNamesTheLine(t *testing.T) {
	_, err := compile("order.jq", "{\n  a: 1,\n  b: (2\n}")
	if got := fault.As(err); got.Code != fault.BadPack || got.Subject != "order.jq:4" {
		t.Errorf("got %v, want %s at order.jq:4", err, fault.BadPack)
	}
}

// Whatever an amount is, it comes through text and minor units unchanged.
func TestAmountsAreExact(t *testing.T) {
	p, err := compile("x.jq", `.[0] as $c | .[1] | [amount($c), (minor($c) | amount_of_minor($c))]`)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		currency := rapid.SampledFrom([]money.Currency{"EUR", "JPY", "KWD"}).Draw(t, "currency")
		want := money.Of(rapid.Int64Range(-money.MaxMinor, money.MaxMinor).Draw(t, "minor"), currency)
		values, failure := p.values([]any{string(currency), json.Number(want.Decimal())}, testRun(context.Background()))
		if failure != nil {
			t.Fatal(failure)
		}
		for _, got := range values[0].([]any) {
			if amount := got.(map[string]any); amount["amount"] != want.Decimal() || amount["currency"] != string(currency) {
				t.Fatalf("got %v, want %v", got, want)
			}
		}
	})
}

func FuzzMapping(f *testing.F) {
	for _, seed := range []string{`.a | amount("EUR")`, `[.[] | key]`, `def f(g): g + 1; f(.a)`, `reduce .[] as [$a, {b: $c}] (0; . + $a)`, `"\(.a)"`, `.. |= .`, `$__run`, `path(..)`, `{$zone, "a": 1}`, `.a[1:2] = 3`, `. as [$a] ?// $a | $a`, `@base64 "x\(.)"`, `limit(3; repeat(.))`} {
		f.Add(seed, `{"a":[1,"2",{"b":null}]}`)
	}
	f.Fuzz(func(t *testing.T, mapping, input string) {
		p, err := compile("x.jq", mapping)
		if err != nil {
			if !fault.HasCode(err, fault.BadPack) {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		document, err := wire.JSON([]byte(input), wire.Limits{})
		if err != nil {
			return
		}
		for record := range document.Records() {
			first, failure := p.values(record.Tree, testRun(t.Context()))
			again, failureAgain := p.values(record.Tree, testRun(t.Context()))
			if a, b := dump(first, failure), dump(again, failureAgain); a != b {
				t.Fatalf("two runs differ: %s and %s", a, b)
			}
		}
	})
}

func dump(values []any, failure *fault.Error) string {
	if failure != nil {
		return failure.Error()
	}
	text, _ := gojq.Marshal(values)
	return string(text)
}
