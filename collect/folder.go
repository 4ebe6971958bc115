package collect

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/heddlehq/heddle/fault"
)

// Folder is a folder of this machine. Nothing outside of it is reached, whatever links lie in it.
type Folder struct {
	path       string
	entriesMax int
	root       *os.Root
}

// NewFolder returns the folder of a path. It need not be there yet.
func NewFolder(path string) *Folder { return &Folder{path: path, entriesMax: EntriesMax} }

// listAtOnce is how many entries are read of a folder at a time.
const listAtOnce = 1024

// List implements Place. The folder is opened anew, because another one may have come into
// its place, as when a disk is mounted.
func (d *Folder) List(ctx context.Context) (Listing, error) {
	if err := d.Close(); err != nil {
		return Listing{}, err
	}
	var err error
	if d.root, err = os.OpenRoot(d.path); err != nil {
		return Listing{}, d.fault(err, "list", "")
	}
	dir, err := d.root.Open(".")
	if err != nil {
		return Listing{}, d.fault(err, "list", "")
	}
	defer dir.Close() //nolint:errcheck // it was only read
	var l Listing
	for ctx.Err() == nil {
		some, err := dir.ReadDir(min(listAtOnce, d.entriesMax+1-len(l.Entries)))
		for _, e := range some {
			info, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue // gone since
			}
			if err != nil {
				return Listing{}, d.fault(err, "list", e.Name())
			}
			l.Entries = append(l.Entries, entryOf(info))
		}
		if errors.Is(err, io.EOF) {
			return l, nil
		}
		if err != nil {
			return Listing{}, d.fault(err, "list", "")
		}
		if len(l.Entries) > d.entriesMax {
			return Listing{Entries: l.Entries[:d.entriesMax], More: true}, nil
		}
	}
	return Listing{}, stopping(ctx)
}

func entryOf(info fs.FileInfo) Entry {
	return Entry{Name: info.Name(), Size: info.Size(), ModifiedAt: info.ModTime(), Regular: info.Mode().IsRegular()}
}

// Stat implements Place.
func (d *Folder) Stat(_ context.Context, name string) (Entry, error) {
	info, err := d.root.Lstat(name)
	if err != nil {
		return Entry{}, d.fault(err, "stat", name)
	}
	return entryOf(info), nil
}

// Open implements Place.
func (d *Folder) Open(_ context.Context, name string) (io.ReadCloser, error) {
	info, err := d.root.Lstat(name)
	if err != nil {
		return nil, d.fault(err, "open", name)
	}
	if !info.Mode().IsRegular() {
		return nil, fault.New(fault.PlaceFailed, name, "it is no regular file")
	}
	file, err := d.root.Open(name)
	if err != nil {
		return nil, d.fault(err, "open", name)
	}
	if opened, err := file.Stat(); err != nil || !os.SameFile(info, opened) {
		return nil, errors.Join(fault.New(fault.PlaceFailed, name, "another file has come into its place"), file.Close())
	}
	return file, nil
}

// Write implements Place.
func (d *Folder) Write(_ context.Context, folder, name string, content io.Reader) (err error) {
	if err := d.make(folder); err != nil {
		return err
	}
	beside := path.Join(folder, besideName(name))
	file, err := d.root.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o640)
	if err != nil {
		return d.fault(err, "write", folder)
	}
	_, err = io.Copy(file, content)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(d.fault(err, "write", name), d.root.Remove(beside))
	}
	if err := d.root.Rename(beside, path.Join(folder, name)); err != nil {
		return d.fault(err, "write", name)
	}
	return nil
}

// besideName is the name of a file while it is being written.
func besideName(name string) string { return "." + name + ".part" }

// make makes a folder in the folder, if there is none.
func (d *Folder) make(folder string) error {
	if err := d.root.Mkdir(folder, 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
		return d.fault(err, "make_folder", folder)
	}
	return nil
}

// Move implements Place.
func (d *Folder) Move(_ context.Context, name, folder, as string) error {
	if err := d.make(folder); err != nil {
		return err
	}
	if err := d.root.Rename(name, path.Join(folder, as)); err != nil {
		return d.fault(err, "move", name)
	}
	return nil
}

// Remove implements Place.
func (d *Folder) Remove(_ context.Context, name string) error {
	if err := d.root.Remove(name); err != nil {
		return d.fault(err, "remove", name)
	}
	return nil
}

// Close implements Place.
func (d *Folder) Close() error {
	if d.root == nil {
		return nil
	}
	root := d.root
	d.root = nil
	if err := root.Close(); err != nil {
		return d.fault(err, "close", "")
	}
	return nil
}

func (d *Folder) fault(err error, op, name string) error {
	return placeFault(err, "folder."+op, filepath.Join(d.path, name))
}

// placeFault says that something could not be done in a place; a fault stays what it is.
func placeFault(err error, op, subject string) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return fault.Wrap(err, fault.PlaceFailed, op, subject)
}

// notifyAgain is how long after a failure changes are listened for again.
const notifyAgain = time.Minute

// Notify calls look when something changes in the folder, until ctx ends. Where the system
// cannot tell, it does nothing: there are looks without it.
func (d *Folder) Notify(ctx context.Context, look func()) {
	for {
		if watcher, err := fsnotify.NewWatcher(); err == nil {
			if watcher.Add(d.path) == nil {
				listen(ctx, watcher, look)
			}
			_ = watcher.Close() // nothing is listened for any more
		}
		if wait(ctx, notifyAgain) != nil {
			return
		}
	}
}

// listen passes changes on until ctx ends or the folder is gone.
func listen(ctx context.Context, watcher *fsnotify.Watcher, look func()) {
	for {
		select {
		case event, ok := <-watcher.Events:
			if !ok || len(watcher.WatchList()) == 0 {
				return
			}
			if !event.Has(fsnotify.Chmod) {
				look()
			}
		case err := <-watcher.Errors:
			if err != nil { // events were lost
				look()
			}
		case <-ctx.Done():
			return
		}
	}
}
