package collect

import (
	"context"
	"io"
	"io/fs"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
)

// denied is a place of which a folder may not be written to.
type denied struct {
	Place
	folder string
}

// Write implements Place.
func (d denied) Write(ctx context.Context, folder, name string, content io.Reader) error {
	if folder == d.folder {
		return fault.Wrap(fs.ErrPermission, fault.PlaceFailed, "test", folder)
	}
	return d.Place.Write(ctx, folder, name, content)
}

// during does something while a payload is taken.
type during struct {
	Door
	do func()
}

// Take implements Door.
func (d *during) Take(ctx context.Context, a intake.Arrival) (intake.Receipt, error) {
	d.do()
	return d.Door.Take(ctx, a)
}
