package event

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// FromMapped reads what a pack's mapping made of a payload and validates it: an object with
// type ("sale.v1"), key, time, data, and optionally tz, business_date, source_version and
// correlation_id. The time may carry an offset; tz and business_date follow from it where
// they are absent, as with ParseCloudEvent. A member that is null counts as absent, because
// that is what a mapping makes of what its payload lacks.
//
// The object is made of map[string]any, []any, string, bool, nil and integers (int, int64,
// *big.Int, json.Number); or it is JSON text as []byte. A floating point number is V-SCH-01.
func FromMapped(system retail.SystemID, instance retail.InstanceID, object any) (*Event, error) {
	text, ok := object.([]byte)
	if !ok {
		var err error
		if text, err = appendAny(nil, object); err != nil {
			return nil, err
		}
	}
	d := fromOutside(string(text))
	d.nullAbsent = true
	e := &Event{Header: Header{System: system, Instance: instance}}
	offset := d.fact(e, bitSystem|bitInstance, "")
	d.settle(e, offset)
	return d.checked(e)
}

// appendAny appends a value of a mapping as JSON.
func appendAny(b []byte, value any) (_ []byte, err error) {
	switch v := value.(type) {
	case nil:
		return append(b, "null"...), nil
	case string:
		return appendString(b, v), nil
	case bool:
		return appendBool(b, v), nil
	case int:
		return strconv.AppendInt(b, int64(v), 10), nil
	case int64:
		return strconv.AppendInt(b, v, 10), nil
	case *big.Int:
		return v.Append(b, 10), nil
	case json.Number:
		return append(b, v...), nil
	case []any:
		start := len(b)
		for _, element := range v {
			if b, err = appendAny(append(b, ','), element); err != nil {
				return nil, err
			}
		}
		return closeArray(b, start), nil
	case map[string]any:
		start := len(b)
		for _, name := range slices.Sorted(maps.Keys(v)) {
			b = append(appendString(append(b, ','), name), ':')
			if b, err = appendAny(b, v[name]); err != nil {
				return nil, err
			}
		}
		return closeObject(b, start), nil
	}
	return nil, fault.New(fault.SchemaInvalid, fmt.Sprintf("%T", value), "a mapping gives strings, integers, booleans, arrays and objects; a decimal is written as a string")
}
