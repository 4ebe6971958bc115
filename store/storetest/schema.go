package storetest

import (
	"context"
	"testing"

	"github.com/heddlehq/heddle/fault"
)

var schemaTests = []test{
	{"a database of a newer version is refused", newerSchema},
	{"a database with other migrations is refused", otherSchema},
}

// reproduces: H-SCHEMA-NEWER
func newerSchema(t *testing.T, p *place) {
	for _, kind := range []string{"journal", "views", "desk"} {
		p := &place{Engine: p.Engine, name: t.TempDir()}
		s := p.open(t)
		chunk := grow(t, s.Journal(), 2)[0]
		shut(t, s)
		p.Exec(t, p.name, kind, `INSERT INTO migration (number, name) VALUES (9999, 'from_the_future')`)
		for range 2 {
			s, err := p.Open(context.Background(), p.name)
			wantCode(t, kind, err, fault.NewerSchema)
			if err == nil {
				shut(t, s)
			}
		}
		p.Exec(t, p.name, kind, `DELETE FROM migration WHERE number = 9999`)
		wantTail(t, p.open(t).Journal(), chunk.End()) // it was left as it was
	}
}

// reproduces: H-STORAGE
func otherSchema(t *testing.T, p *place) {
	shut(t, p.open(t))
	p.Exec(t, p.name, "views", `UPDATE migration SET name = 'something_else' WHERE number = 1`)
	s, err := p.Open(context.Background(), p.name)
	wantCode(t, "Open", err, fault.Storage)
	if err == nil {
		shut(t, s)
	}
}
