package event

import (
	"strings"
	"testing"
)

// small is a CloudEvent in which tests replace a part.
const small = `{"specversion":"1.0","id":"d","source":"oms/main","type":"retail.reservation_released.v1","subject":"R-1·1","time":"2026-03-02T23:30:00Z","data":{"reservation":"R-1"}}`

func TestCloudEventAttributes(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"as it is", "", "", `"business_date":"2026-03-02"`},
		{"attribute null", `"id"`, `"tz":null,"id"`, `"time":"2026-03-02T23:30:00Z","type"`},
		{"unknown attribute", `"id"`, `"traceparent":"00-x","fact":"F-1","sampled":true,"id"`, `"key":"R-1·1"`},
		{"data before type", `"specversion":"1.0",`, `"datacontenttype":"application/json; charset=utf-8","specversion":"1.0","dataschema":"urn:x",`, `"key":"R-1·1"`},
		{"version as a number", `"id"`, `"sourceversion":7,"id"`, `"source_version":7`},
		{"version as text", `"id"`, `"sourceversion":"9007199254740993","id"`, `"source_version":9007199254740993`},
		{"correlation", `"id"`, `"correlationid":"B-7","id"`, `"correlation_id":"B-7"`},
		{"offset gives zone and day", `23:30:00Z`, `23:30:00-05:00`, `"time":"2026-03-03T04:30:00Z","type":"reservation_released.v1","tz":"-05:00"`},
		{"day of the offset", `23:30:00Z`, `23:30:00-05:00`, `{"business_date":"2026-03-02"`},
		{"zone beside the offset", `23:30:00Z"`, `23:30:00-05:00","tz":"America/New_York"`, `"tz":"America/New_York"`},
		{"zone as an offset", `23:30:00Z"`, `23:30:00Z","tz":"+01:00"`, `{"business_date":"2026-03-03"`},
		{"UTC by name", `23:30:00Z"`, `23:30:00Z","tz":"UTC"`, `{"business_date":"2026-03-02"`},
		{"a named zone tells no day", `23:30:00Z"`, `23:30:00Z","tz":"Europe/Berlin"`, `{"data"`},
		{"date said", `"id"`, `"businessdate":"2026-02-28","id"`, `{"business_date":"2026-02-28"`},
		{"instance with a slash", `oms/main`, `oms/main/2`, `"instance":"main/2"`},

		{"no specversion", `"specversion":"1.0",`, ``, `V-SCH-01: specversion: is missing`},
		{"other specversion", `"1.0"`, `"0.3"`, `V-SCH-01: specversion: has to be 1.0`},
		{"no id", `"id":"d",`, ``, `V-SCH-01: id: is missing`},
		{"id null", `"id":"d",`, `"id":null,`, `V-SCH-01: id: is missing`},
		{"no subject", `"subject":"R-1·1",`, ``, `V-SCH-01: subject: is missing`},
		{"no data", `,"data":{"reservation":"R-1"}`, ``, `V-SCH-01: data: is missing`},
		{"data twice", `"data"`, `"data":{"reservation":"R-2"},"data"`, `V-SCH-01: data: the member stands there twice`},
		{"data null", `{"reservation":"R-1"}`, `null`, `V-SCH-01: data: is missing`},
		{"data as base64", `"data":{"reservation":"R-1"}`, `"data_base64":"e30="`, `V-SCH-01: data_base64: data has to be JSON`},
		{"no JSON", `"id"`, `"datacontenttype":"application/xml","id"`, `V-SCH-01: datacontenttype: has to be application/json`},
		{"foreign type", `retail.reservation_released`, `com.example.thing`, `V-SCH-01: type: has to begin with retail.`},
		{"unknown type", `released.v1`, `released.v9`, `V-SCH-01: type: there is no event "reservation_released.v9"`},
		{"source without instance", `oms/main`, `oms`, `V-SCH-01: source: has to be system/instance`},
		{"attribute with structure", `"id"`, `"extra":{"a":1},"id"`, `V-SCH-01: extra: an extension attribute is`},
		{"attribute with capitals", `"id"`, `"traceParent":"x","id"`, `V-SCH-01: traceParent: the name of an attribute`},
		{"zone that is none", `"id"`, `"tz":"somewhere over","id"`, `V-SCH-01: tz: has to be`},
		{"control character in the key", `R-1·1`, `R-1\n1`, `V-SCH-01: key: has a character`},
		{"version below zero", `"id"`, `"sourceversion":-1,"id"`, `V-SCH-01: source_version: is negative`},
		{"time without zone", `23:30:00Z`, `23:30:00`, `V-SCH-01: time: has to be a time`},
		{"unknown member of data", `"R-1"}`, `"R-1","x":1}`, `V-SCH-01: data.x: there is no such member`},
		{"behind it", `"R-1"}}`, `"R-1"}} {}`, `V-SCH-01: something follows the event`},
		{"cut off", `"R-1"}}`, `"R-1"`, `V-SCH-01: data`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(small, c.old, c.new, 1)
			e, _, err := ParseCloudEvent([]byte(text))
			var got string
			if err != nil {
				got = err.Error()
			} else {
				got = string(e.AppendFact(nil))
			}
			if !strings.Contains(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestParseTellsTheFormsApart(t *testing.T) {
	fact := `{"data":{"reservation":"R-1"},"instance":"main","key":"R-1·1","system":"oms","time":"2026-03-03T00:30:00+02:00","type":"reservation_released.v1"}`
	e, id, err := Parse([]byte(fact))
	if err != nil || id != "" || e.TZ != "+02:00" || e.BusinessDate != 20260303 {
		t.Errorf("got %+v, %q, %v", e, id, err)
	}
	if _, _, err := Parse([]byte(`{"specversion":1}`)); err == nil || !strings.Contains(err.Error(), "specversion: has to be a string") {
		t.Errorf("got %v, want a CloudEvent's fault", err)
	}
	if _, _, err := Parse([]byte(`[]`)); err == nil || !strings.Contains(err.Error(), "has to be an object") {
		t.Errorf("got %v", err)
	}
	long := strings.Replace(small, `"R-1"}`, `"`+strings.Repeat("R", FactMax)+`"}`, 1)
	if _, _, err := Parse([]byte(long)); err == nil || !strings.HasPrefix(err.Error(), "H-TOO-LARGE") {
		t.Errorf("got %v, want H-TOO-LARGE", err)
	}
}
