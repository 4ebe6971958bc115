package stock_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// command is one line of a table, read by the form of its words: an item@location is the
// place, a decimal the quantity, claim-N the claim, name=value an option.
type command struct {
	verb     string
	claim    stock.ClaimID
	place    stock.Place
	quantity retail.Quantity
	word     string // a bucket, a disposition, a resolution
	duration time.Duration
	late     time.Duration // how long ago it occurred
	options  map[string]string
	moves    []stock.Move // of change, parted by commas
}

func parse(t *testing.T, line string) command {
	t.Helper()
	words := strings.Fields(line)
	c := command{verb: words[0], options: map[string]string{}}
	if c.verb == "change" {
		for _, term := range strings.Split(strings.TrimPrefix(line, "change "), ",") {
			one := parse(t, "- "+term)
			c.moves = append(c.moves, one.place.Delta(event.Bucket(one.word), one.quantity).By(one.option("by")))
			maps.Copy(c.options, one.options)
		}
		return c
	}
	for _, w := range words[1:] {
		name, value, isOption := strings.Cut(w, "=")
		item, location, isPlace := strings.Cut(w, "@")
		q, err := retail.ParseQuantity(strings.TrimPrefix(w, "+"))
		switch {
		case isOption && name == "claim":
			c.claim = stock.ClaimID(value)
		case isOption && name == "late":
			c.late = duration(t, value)
		case isOption:
			c.options[name] = value
		case isPlace:
			c.place = stock.Place{Item: retail.ItemID(item), Location: retail.LocationID(location)}
		case err == nil:
			c.quantity = q
		case c.verb == "wait":
			c.duration = duration(t, w)
		case strings.HasPrefix(w, "claim-"), strings.HasPrefix(w, "order_line:"):
			c.claim = stock.ClaimID(w)
		default:
			c.word = w
		}
	}
	return c
}

func (c *command) option(name string) string { return c.options[name] }

// line returns the order line of for=ORDER·LINE.
func (c *command) line() (retail.OrderID, string) {
	order, line, _ := strings.Cut(c.option("for"), retail.Sep)
	return retail.OrderID(order), line
}

func duration(t *testing.T, s string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
