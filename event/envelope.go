package event

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// factMembers are the members of a fact in their canonical order.
var factMembers = [...]string{"business_date", "correlation_id", "data", "instance", "key", "source_version", "system", "time", "type", "tz"}

// factRequired has a bit for data, instance, key, system, time and type.
const factRequired = 1<<2 | 1<<3 | 1<<4 | 1<<6 | 1<<7 | 1<<8

// Decode reads a fact as the journal stores it. It checks the form and nothing else: what a
// fact may say is Validate's, and was asked before the fact was stored. The strings of the
// event share one copy of the fact; who keeps one of them for long clones it.
func Decode(fact []byte) (*Event, error) {
	d := decoder{s: string(fact)}
	e := new(Event)
	d.fact(e, 0, lastType(d.s))
	if d.end(); d.err != nil {
		return nil, d.err
	}
	return e, nil
}

// The bits of the members that FromMapped gets from elsewhere.
const (
	bitInstance = 1 << 3
	bitSystem   = 1 << 6
)

// lastType returns the type of a fact in canonical form, where it stands behind the body, or
// nothing. Within a string the quotes would be escaped, and only tz stands behind it.
func lastType(fact string) string {
	const before = `,"type":"`
	at := strings.LastIndex(fact, before)
	if at < 0 {
		return ""
	}
	name, _, _ := strings.Cut(fact[at+len(before):], `"`)
	return name
}

// fact reads the members of the envelope that seen does not hold yet, and returns the offset
// in which the time is written. A body whose type is not known when its turn comes is passed
// over and read at the end.
func (d *decoder) fact(e *Event, seen uint64, expected string) (offset string) {
	typ := expected
	later := 0
	d.enter('{')
	for d.member() {
		switch d.name {
		case "business_date":
			d.once(&seen, 0)
			e.BusinessDate = d.date()
		case "correlation_id":
			d.once(&seen, 1)
			e.CorrelationID = d.text()
		case "data":
			d.once(&seen, 2)
			later = d.data(e, typ)
		case "instance":
			d.once(&seen, 3)
			e.Instance = retail.InstanceID(d.text())
		case "key":
			d.once(&seen, 4)
			e.Key = d.text()
		case "source_version":
			d.once(&seen, 5)
			e.SourceVersion = d.integer()
		case "system":
			d.once(&seen, 6)
			e.System = retail.SystemID(d.text())
		case "time":
			d.once(&seen, 7)
			e.Time, offset = d.local()
		case "type":
			d.once(&seen, 8)
			typ = d.text()
			if expected != "" && typ != expected {
				d.wrong("is not where the canonical form has it")
			}
		case "tz":
			d.once(&seen, 9)
			e.TZ = d.text()
		default:
			d.unknown()
		}
	}
	d.require(seen, factRequired, factMembers[:])
	d.dataLater(e, typ, later)
	return offset
}

// data reads the body if its type is known already, else passes over it and returns where it
// stands.
func (d *decoder) data(e *Event, typ string) (later int) {
	if typ == "" {
		later = d.i
		d.skip()
		return later
	}
	d.body(e, typ)
	return 0
}

// dataLater reads the body that data has passed over.
func (d *decoder) dataLater(e *Event, typ string, later int) {
	if later == 0 || d.err != nil {
		return
	}
	end := d.i
	d.i, d.depth, d.path[1] = later, 1, step{name: "data"}
	d.body(e, typ)
	d.i, d.depth = end, 0
}

// body reads the body of a type.
func (d *decoder) body(e *Event, typ string) {
	if d.err != nil {
		return
	}
	body, known := decodeBody(typ, d)
	if !known {
		d.failAt("type", fault.SchemaInvalid, fmt.Sprintf("there is no event %.*q", nameMaxShown, typ))
	}
	e.Data = body
}

// skip passes over a value whose form is checked when it is read.
func (d *decoder) skip() {
	if d.err != nil {
		return
	}
	open := 0
	for ; d.i < len(d.s); d.i++ {
		switch d.s[d.i] {
		case '"':
			d.skipString()
		case '{', '[':
			open++
		case '}', ']':
			if open--; open < 0 {
				return
			}
			if open == 0 {
				d.i++
				return
			}
		case ',':
			if open == 0 {
				return
			}
		}
	}
}

// skipString stops at the closing quote.
func (d *decoder) skipString() {
	for d.i++; d.i < len(d.s) && d.s[d.i] != '"'; d.i++ {
		if d.s[d.i] == '\\' {
			d.i++
		}
	}
}

// AppendFact appends the fact as it is stored and hashed: one object in the form of RFC 8785.
func (e *Event) AppendFact(b []byte) []byte {
	start := len(b)
	if e.BusinessDate != 0 {
		b = append(b, `,"business_date":`...)
		b = appendDate(b, e.BusinessDate)
	}
	if e.CorrelationID != "" {
		b = append(b, `,"correlation_id":`...)
		b = appendString(b, e.CorrelationID)
	}
	b = append(b, `,"data":`...)
	b = e.Data.AppendCanonical(b)
	b = append(b, `,"instance":`...)
	b = appendString(b, e.Instance)
	b = append(b, `,"key":`...)
	b = appendString(b, e.Key)
	if e.SourceVersion != 0 {
		b = append(b, `,"source_version":`...)
		b = strconv.AppendInt(b, e.SourceVersion, 10)
	}
	b = append(b, `,"system":`...)
	b = appendString(b, e.System)
	b = append(b, `,"time":`...)
	b = appendTime(b, e.Time)
	b = append(b, `,"type":"`...)
	b = e.appendKind(b)
	b = append(b, '"')
	if e.TZ != "" {
		b = append(b, `,"tz":`...)
		b = appendString(b, e.TZ)
	}
	return closeObject(b, start)
}

// appendKind appends the type with its version: sale.v1.
func (e *Event) appendKind(b []byte) []byte {
	b = append(b, e.Data.Type()...)
	b = append(b, ".v"...)
	return strconv.AppendInt(b, int64(e.Data.SchemaVersion()), 10)
}

// The domains keep the hashes of this package apart from one another and from all others.
const (
	contentDomain = "heddle/event/content/1"
	keyDomain     = "heddle/event/key/1"
)

// ContentHash covers what moves stock or money or links documents: the type, the business
// date and the members tagged effect. Two reports of one fact agree in it, whatever else
// they say; with another content they conflict (V-DUP-02).
func (e *Event) ContentHash() [sha256.Size]byte {
	b := make([]byte, 0, 512)
	b = appendPart(b, contentDomain)
	b = appendPart(b, string(e.Data.Type()))
	b = binary.BigEndian.AppendUint32(b, uint32(e.BusinessDate))
	b = e.Data.AppendEffect(b)
	return sha256.Sum256(b)
}

// IdempotencyKey is the key under which an event counts once: tenant, source system, source
// instance, type without version, and business key.
func IdempotencyKey(tenant retail.TenantID, e *Event) [sha256.Size]byte {
	b := make([]byte, 0, 256)
	b = appendPart(b, keyDomain)
	b = appendPart(b, string(tenant))
	b = appendPart(b, string(e.System))
	b = appendPart(b, string(e.Instance))
	b = appendPart(b, string(e.Type()))
	b = appendPart(b, e.Key)
	return sha256.Sum256(b)
}

// appendPart appends the length of a part in four bytes, then the part, so that no two
// lists of parts give the same bytes.
func appendPart(b []byte, part string) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
	return append(b, part...)
}

// ID returns the event's id, a UUID of version 8 (RFC 9562) made of the idempotency key, so
// that two servers give one fact one id.
func ID(tenant retail.TenantID, e *Event) string {
	key := IdempotencyKey(tenant, e)
	return IDOf(key)
}

// IDOf returns the id for an idempotency key.
func IDOf(key [sha256.Size]byte) string {
	key[6] = key[6]&0x0F | 0x80
	key[8] = key[8]&0x3F | 0x80
	var id [36]byte
	hex.Encode(id[:8], key[:4])
	hex.Encode(id[9:13], key[4:6])
	hex.Encode(id[14:18], key[6:8])
	hex.Encode(id[19:23], key[8:10])
	hex.Encode(id[24:], key[10:16])
	id[8], id[13], id[18], id[23] = '-', '-', '-', '-'
	return string(id[:])
}
