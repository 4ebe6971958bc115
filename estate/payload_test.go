package estate

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/wire"
)

const today retail.Date = 20261123

// noon is when tests send.
func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func estate(t testing.TB, o Options) *Estate {
	t.Helper()
	if o.Today == 0 {
		o.Today = today
	}
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// all are the messages of a run, with the reference data before and its reversal after them.
func all(e *Estate) []Message {
	return append([]Message{e.Seed(), e.Reversal()}, e.Messages(1, StepCount, true)...)
}

func message(t testing.TB, e *Estate, name string) Message {
	t.Helper()
	for _, m := range all(e) {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("there is no message %q", name)
	return Message{}
}

// Whatever the figures, every payload can be read in its syntax, and every reservation and
// event of the OMS is what the published contract takes.
func TestPayloadsAreWellFormed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		e, err := New(Options{Scenario: Random(seed), Today: today, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all(e) {
			body := m.Payload(rapid.IntRange(0, 3).Draw(t, "delivery"), noon()).Body
			switch m.contentType {
			case typeXML:
				_, err = wire.XML(body, wire.XMLOptions{}, wire.Limits{})
			case typeCSV:
				_, err = csv.NewReader(bytes.NewReader(body)).ReadAll()
			case typeEvents:
				err = parseEvents(body)
			default:
				_, err = wire.JSON(body, wire.Limits{})
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", m.Name, err, body)
			}
		}
	})
}

func parseEvents(body []byte) error {
	for raw, err := range event.Split(bytes.NewReader(body)) {
		if err != nil {
			return err
		}
		if _, _, err := event.ParseCloudEvent(raw); err != nil {
			return err
		}
	}
	return nil
}

// The shop's figures, the till's and the processor's are those of the rule book's E01.
func TestE01Payloads(t *testing.T) {
	e := estate(t, Options{})
	for name, texts := range map[string][]string{
		"opening load":      {"A,S1,10,214.00\nB,S1,8,102.00\n"},
		"order":             {`"total_price": "75.76"`, `"amount": "6.25"`, `"amount": "3.75"`, `"price": "2.73"`, `"price": "0.87"`, `"price": "1.64"`, `"price": "0.53"`, `"rate": 0.0625`},
		"charge authorised": {`"charge.succeeded"`, `"captured": false`, `"amount": 7576`},
		"charge captured":   {`"charge.captured"`, `"captured": true`, `"amount_captured": 7576`},
		"order paid":        {`"financial_status": "paid"`},
		"pickup":            {`Action="Completed"`, `<InventoryReservationID>RSV-`, `TenderType="OnlinePayment" TypeCode="Sale"`, `TransactionStatus="Canceled"`, "<ControlTransaction>"},
		"return":            {`<ExtendedAmount Currency="USD">26.25</ExtendedAmount>`, `<Amount Currency="USD">1.64</Amount>`, `<Amount Currency="USD">0.53</Amount>`, `<Amount Currency="USD">28.42</Amount>`, `<LineItemSequenceNumber>2<`},
		"refund":            {`"amount": 2842`, `"return_id": "` + e.view.ID.ReturnKey + `"`},
		"shop refund":       {`"subtotal": 26.25`, `"total_tax": 2.17`, `"restock_type": "return"`, `"authorization": "` + e.view.ID.Charge + `"`},
		"settlement report": {",usd,75.76,2.50,73.26,charge,", ",usd,-28.42,0.00,-28.42,refund,", ",usd,-44.84,0.00,-44.84,payout,"},
		"payout":            {`"amount": 4484`, `"value": "` + e.view.ID.Trace + `"`},
		"bank statement":    {`<Amt Ccy="USD">44.84</Amt>`, "<EndToEndId>" + e.view.ID.Trace + "</EndToEndId>"},
		"reservations":      {`"quantity": "1"`, `"mode": "PICKUP"`},
	} {
		body := string(message(t, e, name).Payload(0, noon()).Body)
		for _, text := range texts {
			if !strings.Contains(body, text) {
				t.Errorf("%s lacks %s:\n%s", name, text, body)
			}
		}
	}
}

func TestSignatures(t *testing.T) {
	e := estate(t, Options{Seed: 7})
	secrets := map[string]string{}
	for _, s := range e.Sources() {
		secrets[s.Pack] = s.Secret
	}
	sum := func(secret, text string) []byte {
		h := hmac.New(sha256.New, []byte(secret))
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	signed := 0
	for _, m := range e.Messages(1, StepCount, true) {
		p := m.Payload(1, noon())
		switch {
		case strings.HasPrefix(m.Path, "/v1/intake/shopify/"):
			if got, want := p.Header.Get("X-Shopify-Hmac-Sha256"), base64.StdEncoding.EncodeToString(sum(secrets["shopify"], string(p.Body))); got != want {
				t.Errorf("%s is signed %s, want %s", m.Name, got, want)
			}
		case strings.HasPrefix(m.Path, "/v1/intake/stripe/"):
			want := "t=1795435200,v1=" + hex.EncodeToString(sum(secrets["stripe"], "1795435200."+string(p.Body)))
			if got := p.Header.Get("Stripe-Signature"); got != want {
				t.Errorf("%s is signed %s, want %s", m.Name, got, want)
			}
		default:
			if m.Caller == Nobody {
				t.Errorf("%s is neither signed nor carried by anybody", m.Name)
			}
			continue
		}
		signed++
		if m.Caller != Nobody {
			t.Errorf("%s is signed and needs no token", m.Name)
		}
	}
	if signed != 8 {
		t.Errorf("%d webhooks are signed, want 8", signed)
	}
}

// The same delivery is the same bytes; another number is another delivery of the same fact.
func TestDeliveries(t *testing.T) {
	one, other := estate(t, Options{Seed: 3}), estate(t, Options{Seed: 3})
	for i, m := range one.Messages(1, StepCount, true) {
		twin := other.Messages(1, StepCount, true)[i]
		a, b := m.Payload(0, noon()), twin.Payload(0, noon())
		if !bytes.Equal(a.Body, b.Body) || !sameHeader(a.Header, b.Header) {
			t.Errorf("%s differs between two estates of one seed", m.Name)
		}
		again := m.Payload(1, noon())
		commands := m.Name == "reservations" || m.Name == "approval" // known by their business key only
		if same := bytes.Equal(a.Body, again.Body) && sameHeader(a.Header, again.Header); same != commands {
			t.Errorf("%s: delivery 1 is the same as delivery 0: %t", m.Name, same)
		}
	}
	if a, b := message(t, one, "payout"), message(t, estate(t, Options{Seed: 4}), "payout"); bytes.Equal(a.Payload(0, noon()).Body, b.Payload(0, noon()).Body) {
		t.Error("two seeds give one payout")
	}
}

func sameHeader(a, b http.Header) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return bytes.Equal(x, y)
}

// The privacy test of the server has something to find: every person's data stands in some
// payload, and in more than one format.
func TestPersonalDataIsSent(t *testing.T) {
	e := estate(t, Options{})
	formats := map[string]bool{}
	for _, secret := range e.Personal() {
		found := false
		for _, m := range e.Messages(1, StepCount, true) {
			if strings.Contains(string(m.Payload(0, noon()).Body), secret) {
				found = true
				formats[m.contentType+" "+m.Who] = true
			}
		}
		if !found {
			t.Errorf("%q stands in no payload", secret)
		}
	}
	if len(formats) < 4 {
		t.Errorf("personal data stands only in %v", formats)
	}
}

func TestReferenceRowsAreWellFormed(t *testing.T) {
	e := estate(t, Options{Scenario: Random(5)})
	seen := map[string]bool{}
	for _, r := range e.Reference() {
		if err := event.CheckRow(r.Table, r.Row); err != nil {
			t.Errorf("%s %s: %v", r.Table, r.Key, err)
		}
		if name := string(r.Table) + " " + r.Key; seen[name] {
			t.Errorf("%s stands twice", name)
		} else {
			seen[name] = true
		}
	}
	for _, day := range []retail.Date{today, 20261231, 20270101, 20280229} {
		rows := estate(t, Options{Today: day}).periods()
		if len(rows) != 3 || rows[1].Row["from"] > day.String() || rows[1].Row["to"] < day.String() {
			t.Errorf("on %s the periods are %v", day, rows)
		}
		for i := range 2 {
			to, _ := retail.ParseDate(rows[i].Row["to"])
			if to.AddDays(1).String() != rows[i+1].Row["from"] {
				t.Errorf("on %s there is a gap after %s", day, to)
			}
		}
	}
}

func TestAuthorityIsReversed(t *testing.T) {
	books := func(rows []Row) map[string]string {
		out := map[string]string{}
		for _, r := range rows {
			if r.Table == event.TableAuthority {
				out[r.Key] = r.Row["books"]
			}
		}
		return out
	}
	usual := estate(t, Options{})
	if got := books(usual.Reference()); got["return·LE1·*"] != "poslog" || got["fulfilment·LE1·*"] != "poslog" || len(got) != 6 {
		t.Errorf("usually books %v", got)
	}
	if got := books(usual.ReversedAuthority()); got["return·LE1·*"] != "shopify" || got["fulfilment·LE1·*"] != "shopify" || got["refund·LE1·*"] != "stripe" {
		t.Errorf("reversed books %v", got)
	}
	if got := books(estate(t, Options{ShopBooks: true}).Reference()); got["return·LE1·*"] != "shopify" {
		t.Errorf("with ShopBooks books %v", got)
	}
}

// The account number and the article numbers carry the check digits that banks and tills ask for.
func TestCheckDigits(t *testing.T) {
	digits := ""
	for _, c := range account[4:] + account[:4] {
		if c >= 'A' {
			digits += big.NewInt(int64(c-'A') + 10).String()
		} else {
			digits += string(c)
		}
	}
	n, _ := new(big.Int).SetString(digits, 10)
	if n.Mod(n, big.NewInt(97)).Int64() != 1 {
		t.Errorf("%s is no IBAN", account)
	}
	for _, l := range estate(t, Options{Scenario: Random(11)}).view.Lines {
		sum := 0
		for i, c := range l.GTIN {
			sum += int(c-'0') * (1 + 2*(i%2))
		}
		if len(l.GTIN) != 13 || sum%10 != 0 {
			t.Errorf("%s is no GTIN", l.GTIN)
		}
	}
}

// The published schemas take the till's files and the bank's statement; they are not ours to
// keep, so the test needs the folder of samples and xmllint.
func TestPublishedSchemas(t *testing.T) {
	samples := os.Getenv("HEDDLE_SAMPLES")
	lint, err := exec.LookPath("xmllint")
	if samples == "" || err != nil {
		t.Skip("HEDDLE_SAMPLES is not set, or there is no xmllint")
	}
	for seed, scenario := range []Scenario{E01(), Random(1), Random(2)} {
		e := estate(t, Options{Scenario: scenario, Seed: uint64(seed)})
		for name, schema := range map[string]string{
			"pickup": "poslog/POSLogV6.0.0.xsd", "return": "poslog/POSLogV6.0.0.xsd", "bank statement": "bank-camt/camt.053.001.08.xsd",
		} {
			file := filepath.Join(t.TempDir(), "payload.xml")
			if err := os.WriteFile(file, message(t, e, name).Payload(0, noon()).Body, 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.CommandContext(t.Context(), lint, "--noout", "--schema", filepath.Join(samples, schema), file).CombinedOutput()
			if err != nil {
				t.Errorf("%s: %v\n%s", name, err, out)
			}
		}
	}
}

func TestShuffling(t *testing.T) {
	e := estate(t, Options{})
	messages := e.Messages(4, StepCount, true)
	var returnFirst, refundFirst, bankFirst int
	orders := map[string]bool{}
	for seed := range uint64(50) {
		shuffled := Shuffled(messages, seed)
		names := Names(shuffled)
		if !slices.Equal(names, Names(Shuffled(messages, seed))) {
			t.Fatalf("seed %d gives two orders", seed)
		}
		orders[strings.Join(names, ",")] = true
		for counter, pair := range map[*int][2]string{&returnFirst: {"return", "pickup"}, &refundFirst: {"refund", "charge captured"}, &bankFirst: {"bank statement", "payout"}} {
			if Before(shuffled, pair[0], pair[1]) {
				*counter++
			}
		}
		slices.Sort(names)
		if want := slices.Sorted(slices.Values(Names(messages))); !slices.Equal(names, want) {
			t.Fatalf("seed %d loses messages: %v", seed, names)
		}
	}
	if len(orders) != 50 || returnFirst == 0 || refundFirst == 0 || bankFirst == 0 {
		t.Errorf("%d orders; %d with the return, %d with the refund, %d with the bank line first", len(orders), returnFirst, refundFirst, bankFirst)
	}
}

func TestFaultsLoseNothing(t *testing.T) {
	deliveries := Once(estate(t, Options{}).Messages(1, StepCount, true), 0)
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		count := map[string]int{}
		for _, d := range Delayed(Duplicated(deliveries, seed), seed) {
			count[d.Message.Name]++
		}
		for _, d := range deliveries {
			if n := count[d.Message.Name]; n < 1 || n > 2 {
				t.Fatalf("%s is delivered %d times", d.Message.Name, n)
			}
		}
	})
}

func TestScenarioFile(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing said is E01", "{}", ""},
		{"E01 as a person writes it", `
currency: USD
discount: 10.00
taxes:
  - {title: State Tax, authority: ST-01, jurisdiction: STATE, rate: 0.0625}
  - {title: City Tax, authority: CT-77, jurisdiction: CITY, rate: 0.02}
fee: {rate: 0.029, fixed: 0.30}
items:
  - {id: A, price: 49.99, ordered: 1, opening: 10, unit_cost: 21.40, safety: 2}
  - {id: B, price: 30.00, ordered: 1, opening: 8, value: 102.00, safety: 1}
return: {item: B, quantity: 1}
`, ""},
		{"JSON", `{"currency": "USD", "discount": "10.00"}`, ""},
		{"a word that is unknown", "diskount: 3", "diskount"},
		{"finer than the currency", "discount: 1.005", "discount"},
		{"no currency", "currency: XYZ", "currency"},
		{"more returned than ordered", "return: {item: A, quantity: 2}", "return"},
		{"nothing left to pay out", "fee: {rate: 0.9, fixed: 0}", "return"},
		{"a worth twice", "items: [{id: A, price: 1, ordered: 1, opening: 1, value: 1, unit_cost: 1}]", "items[0]"},
		{"promised beyond the safety stock", "items: [{id: A, price: 9, ordered: 2, opening: 2, value: 1, safety: 1}]", "items[0]"},
		{"one title twice", "taxes: [{title: T, authority: A, jurisdiction: J, rate: 0.1}, {title: T, authority: B, jurisdiction: K, rate: 0.1}]", "taxes[1]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := ParseScenario([]byte(c.text))
			if c.want == "" {
				got, _ := json.Marshal(s)
				want, _ := json.Marshal(E01())
				if err != nil || !bytes.Equal(got, want) {
					t.Errorf("got %s, %v, want %s", got, err, want)
				}
				return
			}
			if !fault.HasCode(err, fault.BadConfig) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want H-CONFIG about %s", err, c.want)
			}
		})
	}
}

func FuzzParseScenario(f *testing.F) {
	f.Add([]byte("currency: EUR\ndiscount: 1.00\n"))
	f.Add([]byte("items: [{id: A, price: 49.99, ordered: 1, opening: 10, unit_cost: 21.40}]\nreturn: {item: A, quantity: 1}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ParseScenario(text)
		if err != nil {
			return
		}
		e, err := Expect(s)
		if err != nil || e.Debit != e.Credit {
			t.Errorf("a scenario that was taken gives %s and %s, %v", money.Of(e.Debit, s.Currency), money.Of(e.Credit, s.Currency), err)
		}
	})
}
