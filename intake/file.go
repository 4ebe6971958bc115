package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/retail"
)

// FileID names one content under one name from one source: the same three give the same id.
type FileID string

// FileName is a name that a source gave to files.
type FileName struct {
	Pack     string            `json:"pack"`
	Instance retail.InstanceID `json:"instance"`
	Name     string            `json:"name"`
}

// ID returns the id of a content under the name.
func (n FileName) ID(content journal.Hash) FileID {
	h := sha256.New()
	for _, part := range [...]string{"heddle/file", n.Pack, string(n.Instance), n.Name} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	h.Write(content[:])
	return FileID(hex.EncodeToString(h.Sum(nil)[:16]))
}

// FileState says how far the taking of a file has come.
type FileState string

// The states.
const (
	// FileTaking means that the records before Next have their answers.
	FileTaking FileState = "taking"
	// FileTaken means that every record has its answer.
	FileTaken FileState = "taken"
	// FileFailed means that the file as a whole could not be read. Whoever lays it down again
	// has it tried again.
	FileFailed FileState = "failed"
)

// FileCounts counts the records of a file by what became of them.
type FileCounts struct {
	Records   int `json:"records"`
	Accepted  int `json:"accepted"`
	Duplicate int `json:"duplicate"`
	Conflict  int `json:"conflict"`
	Refused   int `json:"refused"`
	Waiting   int `json:"waiting"`
	Ignored   int `json:"ignored"`
}

// File is what is remembered of a file, for ever, so that it is taken once.
type File struct {
	ID FileID `json:"id"`
	FileName
	Content journal.Hash `json:"content"`
	Size    int64        `json:"size"` // in bytes
	// ModifiedAt is by the clock of where the file lies.
	ModifiedAt time.Time `json:"modified_at"`
	TakenAt    time.Time `json:"taken_at"`         // when its taking began first
	DoneAt     time.Time `json:"done_at,omitzero"` // when State became taken or failed
	State      FileState `json:"state"`
	// PutAway says that nothing is left to do where the file lay. It stays false when a process
	// is killed between the last thing to do there and this.
	PutAway bool `json:"put_away"`
	// SameAs is the file that brought the same content under another name. Nothing was
	// decided of this one: its lines are those of the other, each of them a duplicate.
	SameAs FileID     `json:"same_as,omitempty"`
	Counts FileCounts `json:"counts"`
	// Parts is in how many parts the lines are kept.
	Parts int `json:"parts"`
	// Next is the byte up to which records have their answers: taking goes on there.
	Next int64 `json:"next_byte"`
	// Code, Detail and Step say why the file as a whole was not taken, and what to do.
	Code   fault.Code `json:"code,omitempty"`
	Detail string     `json:"detail,omitempty"`
	Step   string     `json:"next,omitempty"`
	// Number orders files as they were first kept; the store gives it, from 1.
	Number int64 `json:"number"`
}

// FileQuery chooses files; the zero value of a field chooses every one.
type FileQuery struct {
	Pack     string
	Instance retail.InstanceID
	Name     string
	Content  journal.Hash
	Before   int64 // the Number of the newest that is not wanted
	Limit    int   // how many at most; required
}

// Files is where taken files are remembered, and what became of their records: on the desk, at
// full durability. All methods may be called from many goroutines.
type Files interface {
	// File returns what is remembered under an id. None is H-NOT-FOUND. It is called once for
	// each file that is found, and by people.
	File(ctx context.Context, id FileID) (File, error)

	// Keep writes what is remembered of a file over what was there, and returns when it is
	// durable. lines, unless they are nil, become part f.Parts in the same transaction; parts
	// after it are dropped. It is called once for each part of a file, and once or twice more.
	Keep(ctx context.Context, f File, lines []byte) error

	// Find returns files, the newest first. It is called once for each file that is seen at
	// each look, and by people.
	Find(ctx context.Context, q FileQuery) ([]File, error)

	// Lines returns one part of the lines of a file, counted from 1. One that is not kept is
	// H-NOT-FOUND. It is called by people.
	Lines(ctx context.Context, id FileID, part int) ([]byte, error)
}
