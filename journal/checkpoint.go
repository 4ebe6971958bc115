package journal

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// CheckpointChunksMax is the largest number of chunks that one checkpoint covers.
const CheckpointChunksMax = 10_000

// checkpointLineMax is the longest line of a checkpoint file, in bytes: the largest number
// of chunks at less than a hundred bytes each, with room to spare.
const checkpointLineMax = 2 << 20

// Checkpoint is a signed statement of the roots that the journal had, to be kept where
// whoever can write to the database cannot. A file of checkpoints is JSON Lines; each line
// continues where the one before ends.
type Checkpoint struct {
	Tenant      retail.TenantID `json:"tenant"`
	Environment string          `json:"environment"`
	From        Watermark       `json:"from"` // the tail of the checkpoint before
	Tail        Watermark       `json:"tail"` // the end of the last chunk
	At          time.Time       `json:"at"`   // the last chunk's time
	Chunks      []ChunkRoot     `json:"chunks"`
	KeyID       string          `json:"key_id"`    // of the public key: see KeyID
	Signature   []byte          `json:"signature"` // Ed25519; base64 in JSON
}

// ChunkRoot is what a checkpoint says of one chunk.
type ChunkRoot struct {
	First int64 `json:"first"`
	Root  Hash  `json:"root"`
}

// KeyID returns the short name of a public key: sixteen hexadecimal digits of its SHA-256.
func KeyID(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:8])
}

// errFull ends the reading of a journal when a checkpoint has all that it can hold.
var errFull = errors.New("the checkpoint is full")

// Sign makes the checkpoint that continues from, after computing the roots again that it
// signs. It covers at most CheckpointChunksMax chunks: ask again from its Tail for more.
// When nothing was appended since, it reports false. A chunk that does not verify is
// H-CHAIN; a from that the journal does not know is H-CHECKPOINT.
func Sign(ctx context.Context, log Log, from Watermark, key ed25519.PrivateKey) (Checkpoint, bool, error) {
	c := Checkpoint{From: from, Tail: from, KeyID: KeyID(key.Public().(ed25519.PublicKey))}
	switch root, known, err := log.Root(ctx, from.Next); {
	case err != nil:
		return Checkpoint{}, false, err
	case !known || root != from.Root:
		return Checkpoint{}, false, contradicted(from.Next, "the checkpoint before ends here with root %s, which the journal does not have", from.Root)
	}
	err := log.Read(ctx, from.Next, func(chunk *Chunk) error {
		if len(c.Chunks) == CheckpointChunksMax {
			return errFull
		}
		if err := chunk.Verify(c.Tail); err != nil {
			return err
		}
		c.Tenant, c.Environment = chunk.Tenant, chunk.Environment
		c.Tail, c.At = chunk.End(), chunk.At
		c.Chunks = append(c.Chunks, ChunkRoot{First: chunk.First, Root: chunk.Root})
		return nil
	})
	if err != nil && !errors.Is(err, errFull) {
		return Checkpoint{}, false, err
	}
	if len(c.Chunks) == 0 {
		return Checkpoint{}, false, nil
	}
	c.Signature = ed25519.Sign(key, c.signed())
	return c, true, nil
}

// signed returns the message that is signed: the SHA-256 of 0x04, tenant, environment,
// from, tail, at, the number of chunks, first and root of each, and the key's id, in the
// encoding that chunk roots use.
func (c *Checkpoint) signed() []byte {
	d := digest{sha256.New()}
	d.tag(domainCheckpoint)
	d.bytes([]byte(c.Tenant))
	d.bytes([]byte(c.Environment))
	for _, w := range []Watermark{c.From, c.Tail} {
		d.int(w.Next)
		d.hash(w.Root)
	}
	d.int(c.At.UnixNano())
	d.int(int64(len(c.Chunks)))
	for _, chunk := range c.Chunks {
		d.int(chunk.First)
		d.hash(chunk.Root)
	}
	d.bytes([]byte(c.KeyID))
	return d.Sum(nil)
}

// Verify checks the signature, and that the checkpoint's parts agree. A failure is
// H-CHECKPOINT with the first position that the checkpoint covers as subject.
func (c *Checkpoint) Verify(key ed25519.PublicKey) error {
	switch {
	case c.KeyID != KeyID(key):
		return contradicted(c.From.Next, "the checkpoint is signed by key %s, and the given key is %s", c.KeyID, KeyID(key))
	case !ed25519.Verify(key, c.signed(), c.Signature):
		return contradicted(c.From.Next, "the checkpoint's signature does not match")
	case len(c.Chunks) == 0 || c.Chunks[0].First != c.From.Next || c.Chunks[len(c.Chunks)-1].Root != c.Tail.Root:
		return contradicted(c.From.Next, "the checkpoint's chunks do not lead from its start to its tail")
	}
	return nil
}

// WriteCheckpoint adds the checkpoint as one line.
func WriteCheckpoint(w io.Writer, c Checkpoint) error {
	line, err := json.Marshal(c)
	if err != nil {
		return fault.Wrap(err, fault.InternalError, "journal.checkpoint", position(c.From.Next))
	}
	if _, err := w.Write(append(line, '\n')); err != nil {
		return fault.Wrap(err, fault.Storage, "journal.checkpoint", position(c.From.Next))
	}
	return nil
}

// ReadCheckpoints reads a file of checkpoints; it checks their form and not their
// signatures. What is not a checkpoint is H-SYNTAX with the line as subject.
func ReadCheckpoints(r io.Reader) ([]Checkpoint, error) {
	var all []Checkpoint
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, checkpointLineMax)
	number := 0
	for lines.Scan() {
		number++
		var c Checkpoint
		dec := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&c); err != nil || dec.More() || len(c.Chunks) > CheckpointChunksMax {
			return nil, notCheckpoint(err, number)
		}
		all = append(all, c)
	}
	if err := lines.Err(); err != nil {
		return nil, notCheckpoint(err, number+1)
	}
	return all, nil
}

func notCheckpoint(err error, line int) error {
	f := fault.New(fault.BadSyntax, "line "+strconv.Itoa(line), "not a checkpoint").In("journal.checkpoint")
	f.Err = err
	return f
}

// VerifyAgainst verifies the chain as VerifyChain does, and each chunk against the
// checkpoints, which are those of one file in order. The first chunk whose place or root is
// not the signed one is H-CHECKPOINT with its first position as subject, even when every
// root of the journal was made anew; so is a journal that ends before the checkpoints do,
// with the first missing position. What came after the last checkpoint is verified as a
// chain only: the report's Signed says up to where the signatures reach.
func VerifyAgainst(ctx context.Context, log Log, checkpoints []Checkpoint, key ed25519.PublicKey, progress Progress) (Report, error) {
	signed, err := signedChunks(checkpoints, key)
	if err != nil {
		return Report{Tail: Genesis(), Signed: Genesis()}, err
	}
	covered := Genesis()
	report, err := verify(ctx, log, progress, func(c *Chunk) error {
		if len(signed.chunks) == 0 {
			return nil
		}
		want := signed.chunks[0]
		switch {
		case c.Tenant != signed.tenant || c.Environment != signed.environment:
			return contradicted(c.First, "the chunk belongs to %s, %s, and the checkpoints to %s, %s", c.Tenant, c.Environment, signed.tenant, signed.environment)
		case c.First != want.First || c.Root != want.Root:
			return contradicted(c.First, "the chunk has root %s, and a checkpoint signs root %s for position %d", c.Root, want.Root, want.First)
		}
		signed.chunks = signed.chunks[1:]
		covered = c.End()
		return nil
	})
	report.Signed = covered
	if err == nil && len(signed.chunks) > 0 {
		err = contradicted(report.Tail.Next, "the journal ends here, and a checkpoint signs a chunk at position %d", signed.chunks[0].First)
	}
	return report, err
}

// statement is what the checkpoints of one file say together.
type statement struct {
	tenant      retail.TenantID
	environment string
	chunks      []ChunkRoot
}

// signedChunks verifies the checkpoints and that each continues the one before, from the
// journal's start.
func signedChunks(checkpoints []Checkpoint, key ed25519.PublicKey) (statement, error) {
	var all statement
	end := Genesis()
	for i := range checkpoints {
		c := &checkpoints[i]
		if err := c.Verify(key); err != nil {
			return statement{}, err
		}
		if c.From != end {
			return statement{}, contradicted(c.From.Next, "the checkpoint does not continue the one before, which ends at position %d", end.Next)
		}
		if i > 0 && (c.Tenant != all.tenant || c.Environment != all.environment) {
			return statement{}, contradicted(c.From.Next, "the checkpoint belongs to %s, %s, and the one before to %s, %s", c.Tenant, c.Environment, all.tenant, all.environment)
		}
		all.tenant, all.environment, end = c.Tenant, c.Environment, c.Tail
		all.chunks = append(all.chunks, c.Chunks...)
	}
	return all, nil
}

func contradicted(first int64, format string, args ...any) error {
	return fault.New(fault.CheckpointWrong, position(first), format, args...).In("journal.checkpoint")
}
