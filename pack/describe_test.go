package pack

import (
	"slices"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
)

// What a pack says of itself is what it does.
func TestAPackInWords(t *testing.T) {
	p := testPack(t, map[string]string{"pack.yaml": strings.Replace(testManifest, "    subject: .picker\n", `    subject: .picker
    makes: [{event: stock_adjusted, key: number and 1, authority: books, links: the count}]
`, 1) + "answer: {type: text/plain, body: ok}\n"})
	if *p.Reply != (Reply{"text/plain", "ok"}) {
		t.Errorf("got %+v, want the answer", *p.Reply)
	}
	hook, event, file, xml := p.Topics[0], p.Topics[1], p.Topics[2], p.Topics[3]
	if want := []Made{{"stock_adjusted", "number and 1", Books, "the count"}}; !slices.Equal(hook.Makes, want) {
		t.Errorf("got %+v, want %+v", hook.Makes, want)
	}
	for _, c := range []struct{ got, want string }{
		{hook.DeliveryID(), "header X-Delivery"},
		{event.DeliveryID(), ".event"},
		{file.DeliveryID(), "a hash of the content"},
		{hook.SourceVersion(), ".changed | if . == null then null else source_version end"},
		{xml.SourceVersion(), "none"},
		{strings.Join(hook.Personal(), ", "), "note, person"},
		{strings.Join(xml.Personal(), ", "), "person"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

// A topic makes what it declares and nothing else.
func TestMakesIsKept(t *testing.T) {
	for made, want := range map[string]fault.Code{"stock_adjusted": "", "sale": fault.BadMapping} {
		p := testPack(t, map[string]string{"pack.yaml": strings.Replace(testManifest, "    subject: .picker\n", "    subject: .picker\n    makes: [{event: "+made+", key: id}]\n", 1)})
		result, err := p.Map(t.Context(), input(oneMove, "X-Topic", "stock"))
		if err != nil || len(result.Records) != 1 {
			t.Fatalf("got %+v, %v, want one record", result, err)
		}
		if f := result.Records[0].Err; (f == nil) != (want == "") || f != nil && f.Code != want {
			t.Errorf("declared %s: got %v, want %q", made, f, want)
		}
	}
}
