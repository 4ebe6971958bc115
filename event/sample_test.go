package event

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// bodies generates bodies of a kind that their schema accepts, whatever their sense.
func bodies(k Kind) *rapid.Generator[Body] {
	return rapid.Custom(func(t *rapid.T) Body {
		v := reflect.New(reflect.TypeOf(k.Body).Elem())
		fill(t, v.Elem())
		return v.Interface().(Body)
	})
}

// events generates events of any kind with a header of the right form.
func events() *rapid.Generator[*Event] {
	return rapid.Custom(func(t *rapid.T) *Event {
		e := &Event{Data: bodies(rapid.SampledFrom(Kinds()).Draw(t, "kind")).Draw(t, "body")}
		e.System, e.Instance = "shopify", retail.InstanceID(texts().Draw(t, "instance"))
		e.Key = texts().Draw(t, "key")
		e.Time = times().Draw(t, "time")
		if rapid.Bool().Draw(t, "with the rest") {
			e.TZ = rapid.SampledFrom([]string{"UTC", "America/Argentina/Buenos_Aires", "-03:30"}).Draw(t, "tz")
			e.BusinessDate = dates().Draw(t, "date")
			e.CorrelationID = texts().Draw(t, "correlation")
			e.SourceVersion = rapid.Int64Min(1).Draw(t, "version")
		}
		return e
	})
}

func texts() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom([]string{"SKU-1", "S12·2026-03-02·T1·7", "\"\\/\b\f\n\r\t\x00\x1f", "ü€𝄞\u2028\uFFFD<&>"}), rapid.StringN(1, 12, 40))
}

func dates() *rapid.Generator[retail.Date] {
	return rapid.Map(times(), retail.DateOf)
}

func times() *rapid.Generator[time.Time] {
	first := time.Date(yearMin, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	last := time.Date(yearMax, 12, 31, 23, 59, 59, 0, time.UTC).Unix()
	return rapid.Custom(func(t *rapid.T) time.Time {
		nanos := rapid.SampledFrom([]int64{0, 1, 500_000_000, 999_999_999}).Draw(t, "nanos")
		return time.Unix(rapid.Int64Range(first, last).Draw(t, "seconds"), nanos).UTC()
	})
}

func fill(t *rapid.T, v reflect.Value) {
	if values, ok := enumValues[v.Type()]; ok {
		v.SetString(rapid.SampledFrom(values).Draw(t, "enum"))
		return
	}
	switch v.Interface().(type) {
	case money.Amount:
		c := rapid.SampledFrom([]money.Currency{"EUR", "JPY", "KWD", "CLF"}).Draw(t, "currency")
		v.Set(reflect.ValueOf(money.Of(rapid.Int64Range(-money.MaxMinor, money.MaxMinor).Draw(t, "minor"), c)))
	case Foreign:
		v.Set(reflect.ValueOf(Foreign(money.Of(rapid.Int64Range(-money.MaxMinor, money.MaxMinor).Draw(t, "minor"), "GBP"))))
	case Level:
		v.SetInt(rapid.SampledFrom([]int64{0, 500, 1000, int64(quantityMax)}).Draw(t, "level"))
	case money.Currency:
		v.SetString("USD")
	case money.Rate:
		v.SetInt(rapid.Int64Range(0, int64(money.MaxRate)).Draw(t, "rate"))
	case retail.Quantity:
		q := rapid.Int64Range(1, int64(quantityMax)).Draw(t, "quantity")
		v.SetInt(rapid.SampledFrom([]int64{q, -q, 1000, 500}).Draw(t, "signed"))
	case retail.Date:
		v.SetInt(int64(dates().Draw(t, "date")))
	case time.Time:
		v.Set(reflect.ValueOf(times().Draw(t, "time")))
	case retail.Ref:
		v.Set(reflect.ValueOf(retail.Ref{Type: retail.RefType(texts().Draw(t, "type")), ID: texts().Draw(t, "id")}))
	case Row:
		v.Set(reflect.ValueOf(Row(rapid.MapOfN(texts(), rapid.String(), 0, 4).Draw(t, "row"))))
	case Ext:
		v.SetString(rapid.SampledFrom([]string{`{}`, `{"a":[1,null,{"b":true}],"ü":"x"}`, "{\"😀\":-9007199254740991,\"\uFB33\":0}"}).Draw(t, "ext"))
	default:
		fillKind(t, v)
	}
}

func fillKind(t *rapid.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(texts().Draw(t, "text"))
	case reflect.Int64:
		v.SetInt(rapid.Int64Range(1, 1<<53-1).Draw(t, "integer"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Slice:
		n := rapid.IntRange(1, 3).Draw(t, "length")
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(t, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			tag := v.Type().Field(i).Tag.Get("json")
			if !optional(tag) || rapid.IntRange(0, 2).Draw(t, "there") > 0 {
				fill(t, v.Field(i))
			}
		}
	default:
		panic(fmt.Sprintf("a field of type %s needs a generator", v.Type()))
	}
}

func optional(tag string) bool { return len(tag) > 10 && tag[len(tag)-10:] == ",omitempty" }

// enumValues are written by hand, so that a value which the generator of the code drops is missed.
var enumValues = map[reflect.Type][]string{
	reflect.TypeFor[Mode]():            {"PICKUP", "SHIP"},
	reflect.TypeFor[Disposition]():     {"RESTOCK", "INSPECT", "DEFECT", "RTV", "DESTROY", "RETURNLESS"},
	reflect.TypeFor[Bucket]():          {"SELLABLE", "QC_HOLD", "DAMAGED", "RESERVED", "ALLOCATED", "CONSIGNED", "IN_TRANSIT", "SHIPPED_NOT_DELIVERED", "ON_ORDER"},
	reflect.TypeFor[Ownership]():       {"CONSIGNED_IN", "CONSIGNED_OUT", "CUSTOMER_OWNED"},
	reflect.TypeFor[PriceSource]():     {"LOWEST", "CURRENT", "STATED"},
	reflect.TypeFor[Control]():         {"OPEN", "CLOSE", "SIGN_ON", "SIGN_OFF", "NO_SALE", "SUSPEND", "RESUME", "TRAINING", "OTHER"},
	reflect.TypeFor[CardType]():        {"MPV", "SPV"},
	reflect.TypeFor[DiscrepancyKind](): {"SHORT", "OVER", "WRONG_ITEM", "DAMAGED"},
	reflect.TypeFor[Basis]():           {"VALUE", "QTY", "WEIGHT"},
	reflect.TypeFor[DeliveryOutcome](): {"LOST", "RETURNING", "RETRIED"},
	reflect.TypeFor[Resolution]():      {"LOST", "FOUND_AT_SOURCE", "OVERAGE", "CARRIER_CLAIM"},
	reflect.TypeFor[PriceKind]():       {"PERM", "PROMO", "CANCEL"},
	reflect.TypeFor[FulfilledBy]():     {"MARKETPLACE", "MERCHANT"},
	reflect.TypeFor[Decision]():        {"APPROVED", "REJECTED"},
	reflect.TypeFor[Run]():             {"CLEARING_RECLASS"},
	reflect.TypeFor[Table]():           {"items", "tax_codes"},
}

func TestEveryKindRoundTrips(t *testing.T) {
	for _, k := range Kinds() {
		t.Run(fmt.Sprintf("%s.v%d", k.Type, k.Version), rapid.MakeCheck(func(t *rapid.T) {
			e := &Event{Data: bodies(k).Draw(t, "body")}
			e.System, e.Instance, e.Key, e.Time = "poslog", "i", "k", times().Draw(t, "time")
			fact := e.AppendFact(nil)
			back, err := Decode(fact)
			if err != nil {
				t.Fatalf("%v\n%s", err, fact)
			}
			if got := back.AppendFact(nil); string(got) != string(fact) {
				t.Fatalf("got  %s\nwant %s", got, fact)
			}
			if !reflect.DeepEqual(back.Data, e.Data) {
				t.Fatalf("got  %#v\nwant %#v", back.Data, e.Data)
			}
			if got, err := Canonical(fact); err != nil || string(got) != string(fact) {
				t.Fatalf("not in the form of RFC 8785: %v\n%s\n%s", err, fact, got)
			}
		}))
	}
}
