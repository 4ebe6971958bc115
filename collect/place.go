package collect

import (
	"context"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/heddlehq/heddle/fault"
)

// Place is where files are laid down. One goroutine uses it at a time. Whatever cannot be done
// there is H-PLACE, and for want of permission also fs.ErrPermission; a name that is gone
// is also fs.ErrNotExist.
type Place interface {
	// List returns what lies there, not what lies in folders below. It is called at each
	// look, and connects where that is needed.
	List(ctx context.Context) (Listing, error)

	// Stat returns one entry as it is now, without following a link. It is called before and
	// after a file is read.
	Stat(ctx context.Context, name string) (Entry, error)

	// Open opens a regular file for reading; a link is refused.
	Open(ctx context.Context, name string) (io.ReadCloser, error)

	// Write makes a file in a folder of the place, whole or not at all, over one of that name.
	// It is called once for each receipt.
	Write(ctx context.Context, folder, name string, content io.Reader) error

	// Move moves a file into a folder of the place, over one of that name. It is called once
	// for each file that is put away.
	Move(ctx context.Context, name, folder, as string) error

	// Remove deletes a file. It is called for the markers of files that are put away.
	Remove(ctx context.Context, name string) error

	// Close gives back connections and files; List may be called again after it.
	Close() error
}

// Limits of one place.
const (
	// EntriesMax is how many entries of a folder are looked at.
	EntriesMax = 100_000
	// NameMax is how many bytes the name of a file has at most.
	NameMax = 255
)

// errLost says that a place cannot be reached before it is listed again.
var errLost = fault.New(fault.PlaceFailed, "connection", "it is lost")

// Listing is what lies in a place.
type Listing struct {
	Entries []Entry
	// More says that there are more than EntriesMax.
	More bool
}

// Entry is one thing that lies in a place.
type Entry struct {
	Name       string
	Size       int64     // in bytes
	ModifiedAt time.Time // by the clock of the place, in its resolution
	Regular    bool      // a file: no folder, link, pipe or device
}

// unchanged reports whether both are the same file in the same state, as far as sizes and
// times can tell.
func (e Entry) unchanged(other Entry) bool {
	return e.Size == other.Size && e.ModifiedAt.Equal(other.ModifiedAt)
}

// plainName reports whether a name is that of something in the folder itself, which can be
// shown to people and written into JSON as it is.
func plainName(name string) bool {
	return name != "" && name != "." && name != ".." && len(name) <= NameMax && utf8.ValidString(name) &&
		!strings.ContainsAny(name, `/\`) && strings.IndexFunc(name, unicode.IsControl) < 0
}
