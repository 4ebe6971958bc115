package estate

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"strconv"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Options say which retailer is played, and when.
type Options struct {
	// Scenario is what happens; its zero value is E01.
	Scenario Scenario
	// Today is the day on which it is played; everything happened in the nine days before.
	Today retail.Date
	// Seed makes ids and secrets.
	Seed uint64
	// ShopBooks lets the shop book instead of the till what both report (fulfilment and
	// return), which reverses the usual rows of the authority table.
	ShopBooks bool
}

// Estate is one retailer playing one scenario. It is read-only once made, and safe for many
// goroutines.
type Estate struct {
	scenario  Scenario
	figures   figures
	today     retail.Date
	seed      uint64
	shopBooks bool
	letters   *letters
	view      view
}

// New makes a retailer; a scenario that cannot be played is H-CONFIG.
func New(o Options) (*Estate, error) {
	if o.Scenario.IsZero() {
		o.Scenario = E01()
	}
	if err := o.Scenario.Validate(); err != nil {
		return nil, err
	}
	if o.Today == 0 {
		return nil, fault.New(fault.BadConfig, "today", "a scenario is played on a day")
	}
	e := &Estate{scenario: o.Scenario, figures: o.Scenario.figures(), today: o.Today, seed: o.Seed, shopBooks: o.ShopBooks}
	letters, err := openLetters()
	if err != nil {
		return nil, err
	}
	e.letters = letters
	e.view = e.newView()
	return e, nil
}

// Order returns the shop's id of the order.
func (e *Estate) Order() string { return strconv.FormatInt(e.view.ID.Order, 10) }

// Scenario returns what is played.
func (e *Estate) Scenario() Scenario { return e.scenario }

// The instances of the outside systems, and the one place and legal entity of the retailer.
const (
	shopInstance  retail.InstanceID = "webshop"
	tillsInstance retail.InstanceID = "stores"
	omsInstance   retail.InstanceID = "main"
	payInstance   retail.InstanceID = "main"
	bankInstance  retail.InstanceID = "house-bank"
	loadInstance  retail.InstanceID = "migration"

	// Entity owns the books, and Store the stock.
	Entity retail.EntityID   = "LE1"
	Store  retail.LocationID = "S1"

	// zone is where the retailer is. It keeps one offset all year.
	zone = "America/Phoenix"
	// account is the retailer's bank account.
	account = "DE63500000000012345678"
	// storeCode is what the tills call the store.
	storeCode = "1042"
)

// Channel is the sales channel of the order.
const Channel retail.ChannelID = "ONLINE"

// Source is an installation of an outside system that a server has to know before it takes
// its payloads.
type Source struct {
	Pack     string
	Instance retail.InstanceID
	// Zone is the IANA zone of times that are written without one.
	Zone string
	// Secret proves its webhooks; empty where it signs nothing and a token is needed.
	Secret string
	// Options are what the pack lets an installation choose.
	Options map[string]string
}

// Sources returns the sources of the retailer.
func (e *Estate) Sources() []Source {
	return []Source{
		{Pack: "csv", Instance: loadInstance, Zone: zone, Options: map[string]string{"currency": string(e.scenario.Currency)}},
		{Pack: "shopify", Instance: shopInstance, Zone: zone, Secret: e.shopSecret()},
		{Pack: "stripe", Instance: payInstance, Zone: "UTC", Secret: e.paySecret()},
		{Pack: "poslog", Instance: tillsInstance, Zone: zone},
		{Pack: "camt053", Instance: bankInstance, Zone: zone},
	}
}

func (e *Estate) shopSecret() string { return "shpss_" + e.hex("shop secret", 32) }
func (e *Estate) paySecret() string  { return "whsec_" + e.text("processor secret", 32) }

// at returns an instant so many days before today, in the retailer's zone.
func (e *Estate) at(daysBefore, hour, minute, second int) time.Time {
	day := e.today.AddDays(-daysBefore).Time()
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, second, 0, time.FixedZone("", -7*60*60))
}

// digest is the source of every id: the same seed, day and label give the same one.
func (e *Estate) digest(label string) [sha256.Size]byte {
	return sha256.Sum256([]byte(strconv.FormatUint(e.seed, 10) + "\x00" + e.today.String() + "\x00" + label))
}

// hex returns n hexadecimal digits.
func (e *Estate) hex(label string, n int) string {
	d := e.digest(label)
	return hex.EncodeToString(d[:])[:n]
}

// text returns n letters and digits, as processors make ids of.
func (e *Estate) text(label string, n int) string {
	d := e.digest(label)
	digits := new(big.Int).SetBytes(d[:]).Text(62)
	return (digits + e.hex(label, 64))[:n]
}

// number returns a whole number of a range.
func (e *Estate) number(label string, low, width uint64) int64 {
	d := e.digest(label)
	return int64(low + binary.BigEndian.Uint64(d[:])%width)
}

// uuid returns an id in the form of a UUID.
func (e *Estate) uuid(label string) string {
	h := e.hex(label, 32)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}
