package collect

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"

	"github.com/pkg/sftp"

	"github.com/heddlehq/heddle/fault"
)

// listBytesMax bounds what a server can send as one listing.
const listBytesMax = 32 << 20

// SFTP is a folder of an SFTP server. The connection is kept between looks, and made anew when
// it is lost; how soon is for who looks.
type SFTP struct {
	options      SFTPOptions
	entriesMax   int
	listBytesMax int64
	session      *session // nil while there is none
}

// NewSFTP returns the folder of a server; options that cannot work are H-CONFIG. Nothing is
// connected before the first look.
func NewSFTP(options SFTPOptions) (*SFTP, error) {
	options.EnsureDefaults()
	if err := options.validate(); err != nil {
		return nil, err
	}
	return &SFTP{options: options, entriesMax: EntriesMax, listBytesMax: listBytesMax}, nil
}

// List implements Place. A connection that was lost since the last look is made anew.
func (d *SFTP) List(ctx context.Context) (Listing, error) {
	fresh := d.session == nil
	l, err := d.list(ctx)
	if err == nil || fresh || d.session != nil || ctx.Err() != nil {
		return l, err
	}
	return d.list(ctx)
}

func (d *SFTP) list(ctx context.Context) (Listing, error) {
	if d.session == nil {
		var err error
		if d.session, err = connect(ctx, d.options); err != nil {
			return Listing{}, d.fault(err, "connect", "")
		}
	}
	var l Listing
	err := d.do(ctx, "list", "", func(s *session) error {
		listing, enough := context.WithCancel(ctx)
		defer enough()
		s.budget(d.listBytesMax, enough)
		defer s.budget(0, nil)
		infos, err := s.client.ReadDirContext(listing, d.options.Folder)
		if err != nil && (ctx.Err() != nil || listing.Err() == nil) {
			return err
		}
		l.More = err != nil || len(infos) > d.entriesMax
		for _, info := range infos[:min(len(infos), d.entriesMax)] {
			l.Entries = append(l.Entries, entryOf(info))
		}
		return nil
	})
	return l, err
}

// Stat implements Place.
func (d *SFTP) Stat(ctx context.Context, name string) (e Entry, err error) {
	err = d.do(ctx, "stat", name, func(s *session) error {
		info, err := s.client.Lstat(d.in(name))
		if err == nil {
			e = entryOf(info)
		}
		return err
	})
	return e, err
}

// Open implements Place.
func (d *SFTP) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	r := &remoteFile{place: d, ctx: ctx, name: name}
	err := d.do(ctx, "open", name, func(s *session) error {
		info, err := s.client.Lstat(d.in(name))
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fault.New(fault.PlaceFailed, d.title(name), "it is no regular file")
		}
		r.file, err = s.client.Open(d.in(name))
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// remoteFile is a file that is being read.
type remoteFile struct {
	place *SFTP
	ctx   context.Context
	name  string
	file  *sftp.File
}

// Read implements io.Reader.
func (r *remoteFile) Read(b []byte) (n int, err error) {
	err = r.place.do(r.ctx, "read", r.name, func(*session) error {
		n, err = r.file.Read(b)
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	})
	if err == nil && n == 0 {
		err = io.EOF
	}
	return n, err
}

// WriteTo implements io.WriterTo, by which io.Copy reads several blocks at a time.
func (r *remoteFile) WriteTo(w io.Writer) (n int64, err error) {
	err = r.place.do(r.ctx, "read", r.name, func(*session) error {
		n, err = r.file.WriteTo(w)
		return err
	})
	return n, err
}

// Close implements io.Closer. Nothing is lost when a file that was read cannot be closed.
func (r *remoteFile) Close() error {
	_ = r.place.do(r.ctx, "close", r.name, func(*session) error { return r.file.Close() })
	return nil
}

// Write implements Place.
func (d *SFTP) Write(ctx context.Context, folder, name string, content io.Reader) error {
	return d.do(ctx, "write", path.Join(folder, name), func(s *session) error {
		if err := d.make(s, folder); err != nil {
			return err
		}
		beside := d.in(path.Join(folder, besideName(name)))
		file, err := s.client.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
		if err != nil {
			return err
		}
		_, err = io.Copy(file, content)
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
		return s.rename(beside, d.in(path.Join(folder, name)))
	})
}

// make makes a folder in the folder, if there is none.
func (d *SFTP) make(s *session, folder string) error {
	info, err := s.client.Lstat(d.in(folder))
	switch {
	case gone(err):
		return s.client.Mkdir(d.in(folder))
	case err == nil && !info.IsDir():
		return fault.New(fault.PlaceFailed, d.title(folder), "it is no folder")
	}
	return err
}

// Move implements Place.
func (d *SFTP) Move(ctx context.Context, name, folder, as string) error {
	return d.do(ctx, "move", name, func(s *session) error {
		if err := d.make(s, folder); err != nil {
			return err
		}
		return s.rename(d.in(name), d.in(path.Join(folder, as)))
	})
}

// Remove implements Place.
func (d *SFTP) Remove(ctx context.Context, name string) error {
	return d.do(ctx, "remove", name, func(s *session) error { return s.client.Remove(d.in(name)) })
}

// Close implements Place.
func (d *SFTP) Close() error {
	if d.session != nil {
		d.session.close()
		d.session = nil
	}
	return nil
}

// do does something over the connection: as long as bytes come, and until ctx ends. A connection
// that is lost is given up.
func (d *SFTP) do(ctx context.Context, op, name string, fn func(*session) error) error {
	s := d.session
	if s == nil {
		return errLost
	}
	done := s.watched(ctx)
	err := fn(s)
	if lost := done(); lost || connectionLost(err) {
		s.close()
		d.session = nil
		err = errors.Join(err, ctx.Err())
		if err == nil {
			err = errors.New("the connection was lost")
		}
	}
	if err == nil {
		return nil
	}
	return d.fault(err, op, name)
}

// connectionLost reports whether nothing more comes over a connection after an error. What the
// server answers, it answers over a connection that lasts.
func connectionLost(err error) bool {
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return false
	}
	if _, answered := errors.AsType[*sftp.StatusError](err); answered {
		return false
	}
	_, ours := errors.AsType[*fault.Error](err)
	return !ours
}

// in is the path of a name on the server. A path from its root stays what it is.
func (d *SFTP) in(name string) string {
	if path.IsAbs(name) {
		return name
	}
	return path.Join(d.options.Folder, name)
}

func (d *SFTP) title(name string) string {
	return "sftp://" + path.Join(d.options.Address, d.options.Folder, name)
}

func (d *SFTP) fault(err error, op, name string) error {
	return placeFault(err, "sftp."+op, d.title(name))
}
