package pack

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/heddlehq/heddle/fault"
)

// refusedManifests are manifests that cannot be, and where each is told to be wrong.
func refusedManifests() []struct{ name, manifest, subject string } {
	const head = "name: a\nsystem: a\ntitle: A\nversions: ['1']\n"
	topic := func(lines string) string {
		return head + "topics:\n  - name: t\n    status: proven\n    " + strings.ReplaceAll(lines, "\n", "\n    ") + "\n"
	}
	const good = "format: json\nmapping: m.jq\nversion: none\n"
	return []struct{ name, manifest, subject string }{
		{"nothing", "", "pack.yaml"},
		{"no YAML", "a: [", "pack.yaml:"},
		{"unknown member", head + "colour: red\ntopics: [{name: t, ignore: x}]\n", "pack.yaml:5"},
		{"unknown member of a topic", topic(good + "colour: red"), "pack.yaml:11"},
		{"member twice", head + "name: b\n", "pack.yaml:5"},
		{"wrong type", "name: a\nsystem: a\ntitle: A\nversions: 1\n", "pack.yaml:4"},
		{"no title", "name: a\nsystem: a\nversions: ['1']\ntopics: [{name: t, ignore: x}]\n", "pack.yaml"},
		{"no versions", "name: a\nsystem: a\ntitle: A\ntopics: [{name: t, ignore: x}]\n", "pack.yaml"},
		{"no topics", head, "pack.yaml"},
		{"option without title", head + "options: [{name: a}]\ntopics: [{name: t, ignore: x}]\n", "pack.yaml"},
		{"option twice", head + "options: [{name: a, title: A}, {name: a, title: B}]\ntopics: [{name: t, ignore: x}]\n", "pack.yaml"},
		{"topic without name", head + "topics: [{ignore: x}]\n", "topic 1"},
		{"topic twice", head + "topics: [{name: t, ignore: x}, {name: t, ignore: x}]\n", "topic 2"},
		{"unknown status", strings.Replace(topic(good), "proven", "perfect", 1), "topic t"},
		{"unknown format", topic("format: edi\nmapping: m.jq\nversion: none"), "topic t"},
		{"record in JSON", topic(good + "record: x"), "topic t"},
		{"delimiter in JSON", topic(good + "delimiter: ';'"), "topic t"},
		{"long delimiter", topic("format: csv\nmapping: m.jq\nversion: none\ndelimiter: ';;'"), "topic t"},
		{"a quote that is none", topic("format: csv\nmapping: m.jq\nversion: none\nquote: single"), "topic t"},
		{"a quote among tabs", topic("format: tsv\nmapping: m.jq\nversion: none\nquote: none"), "topic t"},
		{"unknown raggedness", topic("format: csv\nmapping: m.jq\nversion: none\nragged: cut"), "topic t"},
		{"columns in XML", topic("format: xml\nmapping: m.jq\nversion: none\ncolumns: [a]"), "topic t"},
		{"unknown encoding", topic("format: csv\nmapping: m.jq\nversion: none\nencoding: koi8"), "topic t"},
		{"encoding of JSON", topic(good + "encoding: windows-1252"), "topic t"},
		{"guide of JSON", topic(good + "guide: g"), "topic t"},
		{"X12 without a guide", topic("format: x12\nmapping: m.jq\nversion: none\nwhen: [{sets: ['945']}]"), "topic t"},
		{"X12 of two sets", topic("format: x12\nmapping: m.jq\nversion: none\nguide: m.jq\nwhen: [{sets: ['945', '944']}]"), "topic t"},
		{"a guide that is missing", topic("format: x12\nmapping: m.jq\nversion: none\nguide: g\nwhen: [{sets: ['945']}]"), "topic t"},
		{"a guide that is none", topic("format: x12\nmapping: m.jq\nversion: none\nguide: m.jq\nwhen: [{sets: ['945']}]"), "m.jq"},
		{"sets ignored before others", head + "topics:\n  - {name: t, ignore: x, when: [{sets: ['850']}]}\n" +
			"  - {name: u, status: described, format: x12, guide: g, mapping: m.jq, version: none, when: [{sets: ['945']}]}\n", "topic u"},
		{"an interchange in JSON", topic(good + "delivery: {interchange: true}"), "topic t"},
		{"no mapping", topic("format: json\nversion: none"), "topic t"},
		{"mapping that is missing", topic("format: json\nmapping: x.jq\nversion: none"), "topic t"},
		{"mapping outside", topic("format: json\nmapping: ../m.jq\nversion: none"), "topic t"},
		{"mapping that does not parse", topic("format: json\nmapping: bad.jq\nversion: none"), "bad.jq:2"},
		{"no version", topic("format: json\nmapping: m.jq"), "topic t"},
		{"version that does not parse", topic("format: json\nmapping: m.jq\nversion: '.a['"), "topic t version:1"},
		{"subject that does not parse", topic(good + "subject: '.a['"), "topic t subject:1"},
		{"personal without kind", topic(good + "personal: [{fields: [a]}]"), "topic t"},
		{"personal without place", topic(good + "personal: [{kind: a}]"), "topic t"},
		{"personal of two kinds", topic(good + "personal: [{kind: a, fields: [x]}, {kind: b, fields: [x]}]"), "topic t"},
		{"personal path that is no path", topic(good + "personal: [{kind: a, paths: ['.a[']}]"), "topic t personal:1"},
		{"two deliveries", topic(good + "delivery: {header: a, path: .b}"), "topic t"},
		{"delivery path that does not parse", topic(good + "delivery: {path: '.a['}"), "topic t delivery:1"},
		{"delivery by path in CSV", topic("format: csv\nmapping: m.jq\nversion: none\ndelivery: {path: .b}"), "topic t"},
		{"two signs in one", topic(good + "when: [{root: a, file: b}]"), "topic t"},
		{"header without values", topic(good + "when: [{header: a}]"), "topic t"},
		{"values without header", topic(good + "when: [{root: a, is: [b]}]"), "topic t"},
		{"sign path that does not parse", topic(good + "when: [{path: '.a[', is: [b]}]"), "topic t when:1"},
		{"file that is no pattern", topic(good + "when: [{file: '[a'}]"), "topic t"},
		{"an event that is none", topic(good + "makes: [{event: sold, key: id}]"), "topic t"},
		{"an event twice", topic(good + "makes: [{event: sale, key: id}, {event: sale, key: id}]"), "topic t"},
		{"an event without a key", topic(good + "makes: [{event: sale}]"), "topic t"},
		{"a part that is none", topic(good + "makes: [{event: sale, key: id, authority: decides}]"), "topic t"},
		{"an answer without a type", head + "answer: {body: ok}\ntopics: [{name: t, ignore: x}]\n", "answer"},
		{"a long answer", head + "answer: {type: text/plain, body: " + strings.Repeat("a", 4097) + "}\ntopics: [{name: t, ignore: x}]\n", "answer"},
		{"ignored with a mapping", topic("ignore: x\nmapping: m.jq"), "topic t"},
	}
}

// reproduces: H-PACK-INVALID
func TestLoadRefused(t *testing.T) {
	for _, c := range refusedManifests() {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(fstest.MapFS{
				"pack.yaml": {Data: []byte(c.manifest)},
				"m.jq":      {Data: []byte("empty")},
				"bad.jq":    {Data: []byte("{a:\n]")},
			})
			if got := fault.As(err); !fault.HasCode(err, fault.BadPack) || got.Subject != c.subject && !(strings.HasSuffix(c.subject, ":") && strings.HasPrefix(got.Subject, c.subject)) {
				t.Errorf("got %v, want %s at %s", err, fault.BadPack, c.subject)
			}
		})
	}
	if _, err := Load(fstest.MapFS{}); !fault.HasCode(err, fault.BadPack) {
		t.Errorf("got %v, want %s for an empty folder", err, fault.BadPack)
	}
}
