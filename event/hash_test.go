package event

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/retail"
)

// Keys and ids are for ever: these figures must never change.
func TestKeysAreForEver(t *testing.T) {
	e := benchEvent()
	key := IdempotencyKey("acme", e)
	if got, want := hex.EncodeToString(key[:]), "fff387f727a259eb79bce7bef8034fe4b6282724037b30b5eb29224fce5221a1"; got != want {
		t.Errorf("key: got %s, want %s", got, want)
	}
	if got, want := ID("acme", e), "fff387f7-27a2-89eb-b9bc-e7bef8034fe4"; got != want {
		t.Errorf("id: got %s, want %s", got, want)
	}
	content := e.ContentHash()
	if got, want := hex.EncodeToString(content[:]), "1fac7fd9306b23c7a936bd4e6dde1f2cfd2787fe9a4d15d532d3e3c5b3f643d3"; got != want {
		t.Errorf("content: got %s, want %s", got, want)
	}
}

func TestIDIsAUUIDOfVersion8(t *testing.T) {
	for i := range 256 {
		id := IDOf([32]byte{6: byte(i), 8: byte(i)})
		if id[14] != '8' || !strings.ContainsRune("89ab", rune(id[19])) || len(id) != 36 {
			t.Fatalf("got %s", id)
		}
	}
}

func TestWhatMakesTheKey(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(e *Event)
		same   bool
	}{
		{"system", func(e *Event) { e.System = "pos" }, false},
		{"instance", func(e *Event) { e.Instance = "estate-2" }, false},
		{"key", func(e *Event) { e.Key = "x" }, false},
		{"the border between instance and system", func(e *Event) { e.System, e.Instance = "poslo", "gestate-1" }, false},
		{"type", func(e *Event) { e.Data = &OrderPlaced{} }, false},
		{"source version", func(e *Event) { e.SourceVersion = 7 }, true},
		{"time", func(e *Event) { e.Time = e.Time.Add(time.Hour) }, true},
		{"content", func(e *Event) { e.Data.(*Sale).Total = eur(1) }, true},
	} {
		e := benchEvent()
		c.change(e)
		if same := IdempotencyKey("acme", e) == IdempotencyKey("acme", benchEvent()); same != c.same {
			t.Errorf("%s: same key: %v, want %v", c.name, same, c.same)
		}
	}
	if IdempotencyKey("acme", benchEvent()) == IdempotencyKey("other", benchEvent()) {
		t.Error("two tenants have one key")
	}
}

func TestWhatMakesTheContent(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(e *Event, v *Sale)
		same   bool
	}{
		{"time", func(e *Event, _ *Sale) { e.Time = e.Time.Add(time.Hour) }, true},
		{"zone", func(e *Event, _ *Sale) { e.TZ = "Europe/Berlin" }, true},
		{"source version", func(e *Event, _ *Sale) { e.SourceVersion = 7 }, true},
		{"correlation", func(e *Event, _ *Sale) { e.CorrelationID = "c" }, true},
		{"source and key", func(e *Event, _ *Sale) { e.System, e.Instance, e.Key = "a", "b", "c" }, true},
		{"cashier", func(_ *Event, v *Sale) { v.Cashier = "token" }, true},
		{"ext", func(_ *Event, v *Sale) { v.Ext = `{"a":1}` }, true},
		{"rate of a tax", func(_ *Event, v *Sale) { v.Lines[0].Taxes[0].Rate = 1 }, true},

		{"business date", func(e *Event, _ *Sale) { e.BusinessDate++ }, false},
		{"type", func(e *Event, _ *Sale) { e.Data = &Payout{} }, false},
		{"location", func(_ *Event, v *Sale) { v.Location = "S13" }, false},
		{"quantity", func(_ *Event, v *Sale) { v.Lines[0].Quantity += retail.One }, false},
		{"tax", func(_ *Event, v *Sale) { v.Lines[0].Taxes[0].Amount.Minor++ }, false},
		{"tax code", func(_ *Event, v *Sale) { v.Lines[0].Taxes[0].Code = "x" }, false},
		{"tender", func(_ *Event, v *Sale) { v.Tenders[0].Code = "CASH" }, false},
		{"alias", func(_ *Event, v *Sale) { v.Aliases = []retail.Ref{{Type: "order", ID: "1"}} }, false},
		{"line taken away", func(_ *Event, v *Sale) { v.Lines = v.Lines[:0] }, false},
	} {
		first, second := benchEvent(), benchEvent()
		first.Data.(*Sale).Lines[0].Taxes = []Tax{{Code: "VAT", Amount: eur(10)}}
		second.Data.(*Sale).Lines[0].Taxes = []Tax{{Code: "VAT", Amount: eur(10)}}
		c.change(second, second.Data.(*Sale))
		if same := first.ContentHash() == second.ContentHash(); same != c.same {
			t.Errorf("%s: same content: %v, want %v", c.name, same, c.same)
		}
	}
}
