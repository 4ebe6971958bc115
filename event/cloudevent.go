package event

import (
	"strconv"
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// typePrefix stands before the type on the wire: retail.sale.v1.
const typePrefix = "retail."

// cloudMembers are the attributes of a CloudEvent that Heddle reads, by their bits.
var cloudMembers = [...]string{"specversion", "id", "source", "type", "subject", "time", "data", "datacontenttype", "dataschema", "tz", "businessdate", "sourceversion", "correlationid"}

// cloudRequired has a bit for specversion to data.
const cloudRequired = 1<<7 - 1

// Parse reads an event from outside, as a CloudEvent or in the form in which the journal
// stores it, and validates it. The delivery id is empty for the second.
func Parse(b []byte) (e *Event, deliveryID string, err error) {
	d := fromOutside(string(b))
	if d.isCloudEvent() {
		return parseCloudEvent(d.s)
	}
	e = new(Event)
	offset := d.fact(e, 0, "")
	d.settle(e, offset)
	e, err = d.checked(e)
	return e, "", err
}

// ParseCloudEvent reads a CloudEvent 1.0 in JSON and validates it: type retail.<event>.v<N>,
// source <system>/<instance>, subject the business key. Extension attributes that Heddle
// does not know are passed over, as CloudEvents asks; an unknown member of data is refused.
//
// The business date is the attribute businessdate, or the day of time in the offset in
// which it is written; where that offset is not UTC, it also stands for a missing tz.
func ParseCloudEvent(b []byte) (e *Event, deliveryID string, err error) {
	return parseCloudEvent(string(b))
}

func parseCloudEvent(s string) (*Event, string, error) {
	d := fromOutside(s)
	e, id := d.cloudEvent()
	e, err := d.checked(e)
	return e, id, err
}

// fromOutside returns a decoder for text that may be of any length.
func fromOutside(s string) decoder {
	d := decoder{s: s}
	if len(s) > FactMax {
		d.fail(fault.TooLarge, "an event has at most 512 KiB")
	}
	return d
}

// checked validates what was read without a fault.
func (d *decoder) checked(e *Event) (*Event, error) {
	if d.end(); d.err == nil {
		d.err = e.Validate()
	}
	if d.err != nil {
		return nil, d.err
	}
	return e, nil
}

// isCloudEvent looks for the one member that every CloudEvent has, without reading on.
func (d *decoder) isCloudEvent() bool {
	look := decoder{s: d.s, err: d.err}
	look.enter('{')
	for look.member() {
		if look.name == "specversion" {
			return true
		}
		look.skip()
	}
	return false
}

func (d *decoder) cloudEvent() (e *Event, id string) {
	e = new(Event)
	var seen uint64
	var typ, offset string
	later := 0
	d.enter('{')
	for d.member() {
		bit := cloudBit(d.name)
		if bit < 0 {
			d.extension()
			continue
		}
		d.once(&seen, uint(bit))
		if d.absent() {
			seen &^= 1 << bit
			continue
		}
		switch d.name {
		case "specversion":
			if d.text() != "1.0" {
				d.wrong("has to be 1.0")
			}
		case "id":
			id = d.text()
		case "source":
			d.source(e)
		case "type":
			typ = d.kind()
		case "subject":
			e.Key = d.text()
		case "time":
			e.Time, offset = d.local()
		case "data":
			later = d.data(e, typ)
		case "datacontenttype":
			if mime, _, _ := strings.Cut(d.text(), ";"); strings.TrimSpace(mime) != "application/json" {
				d.wrong("has to be application/json")
			}
		case "dataschema":
			d.text()
		case "tz":
			e.TZ = d.text()
		case "businessdate":
			e.BusinessDate = d.date()
		case "sourceversion":
			e.SourceVersion = d.version()
		case "correlationid":
			e.CorrelationID = d.text()
		}
	}
	d.require(seen, cloudRequired, cloudMembers[:])
	d.settle(e, offset)
	d.dataLater(e, typ, later)
	return e, id
}

func cloudBit(name string) int {
	for i, m := range cloudMembers {
		if m == name {
			return i
		}
	}
	return -1
}

// absent passes over null, which CloudEvents allows for an attribute that is not set.
func (d *decoder) absent() bool {
	if d.err == nil && d.space() == 'n' && strings.HasPrefix(d.s[d.i:], "null") {
		d.i += len("null")
		return true
	}
	return false
}

// extension passes over an attribute that Heddle does not know. Its value is a scalar;
// data_base64 is no extension but data that is not JSON.
func (d *decoder) extension() {
	d.space()
	switch {
	case d.err != nil:
	case d.name == "data_base64":
		d.wrong("data has to be JSON")
	case strings.Trim(d.name, "abcdefghijklmnopqrstuvwxyz0123456789") != "":
		d.wrong("the name of an attribute has small letters and digits only")
	case d.i < len(d.s) && (d.s[d.i] == '{' || d.s[d.i] == '['):
		d.wrong("an extension attribute is a string, a number or a boolean")
	default:
		d.appendValue(nil)
	}
}

// source reads "<system>/<instance>".
func (d *decoder) source(e *Event) {
	system, instance, ok := strings.Cut(d.text(), "/")
	if (!ok || system == "" || instance == "") && d.err == nil {
		d.wrong("has to be system/instance")
	}
	e.System, e.Instance = retail.SystemID(system), retail.InstanceID(instance)
}

// kind reads the type without its prefix.
func (d *decoder) kind() string {
	typ, ok := strings.CutPrefix(d.text(), typePrefix)
	if !ok && d.err == nil {
		d.wrong("has to begin with " + typePrefix)
	}
	return typ
}

// version reads the source's version, which CloudEvents' integers of 32 bits may not hold: a
// string of digits is taken, too.
func (d *decoder) version() int64 {
	if d.space() != '"' {
		return d.integer()
	}
	s := d.text()
	n, err := strconv.ParseInt(s, 10, 64)
	if (err != nil || s[0] == '+') && d.err == nil {
		d.wrong("has to be an integer")
	}
	return n
}

// settle fills in what the written form of the time tells: the zone, and the business date.
// A time in UTC beside the name of another zone tells no local day without a zone database,
// which is not the same everywhere: the date stays open, and whoever knows the zone says it.
func (d *decoder) settle(e *Event, offset string) {
	if d.err != nil {
		return
	}
	ahead, _ := parseOffset(offset)
	if e.TZ == "" && ahead != 0 {
		e.TZ = offset
	}
	if offset == "Z" && e.TZ != "" && e.TZ != "UTC" {
		fixed, ok := parseOffset(e.TZ)
		if !ok {
			return
		}
		ahead = fixed
	}
	if e.BusinessDate == 0 {
		e.BusinessDate = retail.DateOf(e.Time.Add(ahead))
	}
}

// AppendCloudEvent appends the event as a CloudEvent with the delivery id.
func AppendCloudEvent(b []byte, e *Event, id string) []byte {
	b = append(b, `{"specversion":"1.0","id":`...)
	b = appendString(b, id)
	b = append(b, `,"source":`...)
	b = appendString(b, string(e.System)+"/"+string(e.Instance))
	b = append(b, `,"type":"`+typePrefix...)
	b = e.appendKind(b)
	b = append(b, `","subject":`...)
	b = appendString(b, e.Key)
	b = append(b, `,"time":`...)
	b = appendTime(b, e.Time)
	if e.TZ != "" {
		b = append(b, `,"tz":`...)
		b = appendString(b, e.TZ)
	}
	if e.BusinessDate != 0 {
		b = append(b, `,"businessdate":`...)
		b = appendDate(b, e.BusinessDate)
	}
	if e.SourceVersion != 0 {
		b = append(b, `,"sourceversion":"`...)
		b = strconv.AppendInt(b, e.SourceVersion, 10)
		b = append(b, '"')
	}
	if e.CorrelationID != "" {
		b = append(b, `,"correlationid":`...)
		b = appendString(b, e.CorrelationID)
	}
	b = append(b, `,"datacontenttype":"application/json","data":`...)
	b = e.Data.AppendCanonical(b)
	return append(b, '}')
}
