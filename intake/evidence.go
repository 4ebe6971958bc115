package intake

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/retail"
)

// Limits of one payload.
const (
	PayloadMax   = 32 << 20 // bytes of the body
	SegmentsMax  = 65536    // segments that name a subject
	SegmentDepth = 16       // subjects that one byte belongs to
)

// HashOf names a payload: the SHA-256 of its whole body.
func HashOf(body []byte) journal.Hash { return sha256.Sum256(body) }

// Source is the outside system that sent a payload.
type Source struct {
	System   retail.SystemID
	Instance retail.InstanceID
}

// Payload is what came through a door.
type Payload struct {
	Body        []byte
	ContentType string
	Source      Source
	Delivery    string // the sender's id of this delivery; empty where it has none
	ReceivedAt  time.Time
	Segments    []Segment
}

// Segment says that the bytes from Start up to End tell something of a person. Segments
// may overlap: a byte that tells of two persons is gone when either is erased.
type Segment struct {
	Range
	Subject retail.Token
}

// Range is a range of bytes, from Start up to and without End.
type Range struct{ Start, End int }

// Copy is a payload as it can still be read.
type Copy struct {
	Hash        journal.Hash
	Body        []byte // erased ranges are blanks, so that offsets stay
	ContentType string
	Source      Source
	Delivery    string
	ReceivedAt  time.Time
	Erased      []Range // in order, apart from one another
}

// erasedByte stands for what was erased.
const erasedByte = ' '

// Vault keeps evidence. Its methods may be called from many goroutines.
type Vault struct {
	store   EvidenceStore
	keys    keyring
	encoder *zstd.Encoder
	decoder *zstd.Decoder
}

// OpenVault opens the evidence of a tenant. A master key that does not open the keys that
// are stored is H-CONFIG: better not to start than to write what a restart cannot read.
func OpenVault(ctx context.Context, store EvidenceStore, master MasterKey, tenant retail.TenantID) (*Vault, error) {
	if master.aead == nil {
		return nil, fault.New(fault.BadConfig, "evidence master key", "there is none")
	}
	keys := keyring{store: store, master: master, tenant: tenant}
	if err := keys.check(ctx); err != nil {
		return nil, err
	}
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "intake.open_vault", "zstd")
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(PayloadMax), zstd.WithDecoderConcurrency(0))
	if err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "intake.open_vault", "zstd")
	}
	return &Vault{store: store, keys: keys, encoder: encoder, decoder: decoder}, nil
}

// putAttempts bounds how often Put tries again when others put the same payload.
const putAttempts = 8

// Put keeps a payload and returns its hash; it is durable then. The same body again is
// kept once, with what was first said of it. Segments that were not known before (a pack
// was mended, the payload mapped again) are then encrypted anew under the keys of their
// subjects, and what was erased stays erased, whoever sends it again.
func (v *Vault) Put(ctx context.Context, p Payload) (journal.Hash, error) {
	if err := p.validate(); err != nil {
		return journal.Hash{}, err
	}
	hash := HashOf(p.Body)
	for range putAttempts {
		stored, err := v.store.Evidence(ctx, hash)
		if fault.Is(err, fault.NotFound) {
			stored = Evidence{
				Hash: hash, Size: len(p.Body), ContentType: p.ContentType, Source: p.Source,
				Delivery: p.Delivery, ReceivedAt: p.ReceivedAt.UTC(),
			}
		} else if err != nil {
			return journal.Hash{}, err
		}
		done, err := v.putOver(ctx, stored, p)
		if err != nil || done {
			return hash, err
		}
	}
	return journal.Hash{}, fault.New(fault.TooBusy, hash.String(), "the same payload is being stored by others")
}

// putOver stores the payload over what is stored of it. False means that somebody else
// has stored it meanwhile.
func (v *Vault) putOver(ctx context.Context, stored Evidence, p Payload) (bool, error) {
	before, _, err := v.inspect(ctx, stored)
	if err != nil {
		return false, err
	}
	after, err := before.with(p.Segments)
	if err != nil {
		return false, err
	}
	if stored.Revision > 0 && after.equal(before) {
		return true, nil
	}
	locks, fresh, err := v.keys.locksFor(ctx, after.owners(), p.ReceivedAt)
	if err != nil {
		return false, err
	}
	next := stored
	next.Revision++
	next.Parts = make([]Part, len(after.pieces))
	for i, piece := range after.pieces {
		if piece.erased {
			next.Parts[i] = Part{Keys: stored.Parts[piece.from].Keys, Ranges: piece.ranges}
			continue
		}
		if next.Parts[i], err = v.seal(next, i, piece, locks, p.Body); err != nil {
			return false, err
		}
	}
	return v.store.PutEvidence(ctx, next, fresh)
}

// Get returns a payload as it can still be read, and which ranges are not: their keys were
// erased. When nothing can be read any more that is H-ERASED. Bytes that are not what was
// stored are H-EVIDENCE, and an unknown hash is H-NOT-FOUND.
func (v *Vault) Get(ctx context.Context, hash journal.Hash) (Copy, error) {
	stored, err := v.store.Evidence(ctx, hash)
	if err != nil {
		return Copy{}, err
	}
	if stored.Hash != hash {
		return Copy{}, damaged(hash, "another payload stands in its place")
	}
	cut, keys, err := v.inspect(ctx, stored)
	if err != nil {
		return Copy{}, err
	}
	c := Copy{
		Hash: hash, Body: make([]byte, stored.Size), ContentType: stored.ContentType, Source: stored.Source,
		Delivery: stored.Delivery, ReceivedAt: stored.ReceivedAt, Erased: cut.erased(),
	}
	if len(c.Erased) == 1 && c.Erased[0] == (Range{0, stored.Size}) {
		return Copy{}, fault.New(fault.EvidenceErased, hash.String(), "everything in it told of people who were erased")
	}
	for _, r := range c.Erased {
		fillBytes(c.Body[r.Start:r.End], erasedByte)
	}
	for i := range stored.Parts {
		if cut.pieces[i].erased {
			continue
		}
		if err := v.unseal(stored, i, keys, c.Body); err != nil {
			return Copy{}, err
		}
	}
	if len(c.Erased) == 0 && HashOf(c.Body) != hash {
		return Copy{}, damaged(hash, "its bytes do not have its hash")
	}
	return c, nil
}

func fillBytes(b []byte, with byte) {
	for i := range b {
		b[i] = with
	}
}

// Erasure says what an erasure found.
type Erasure string

// What an erasure found.
const (
	// ErasedNow means that keys of the subject were destroyed.
	ErasedNow Erasure = "erased"
	// NothingHeld means that no key of the subject is alive: nothing of them was ever
	// kept, or all of it was erased before.
	NothingHeld Erasure = "nothing_held"
)

// Erase destroys every key of the subject, for ever: what was encrypted under them cannot
// be read again by anybody. A payload that names the subject later gets a new key.
func (v *Vault) Erase(ctx context.Context, subject retail.Token, at time.Time) (Erasure, error) {
	if subject == "" {
		return "", fault.New(fault.BadRequest, "subject", "an erasure names its subject")
	}
	destroyed, err := v.store.EraseKeys(ctx, subject, at.UTC())
	if err != nil {
		return "", err
	}
	if destroyed == 0 {
		return NothingHeld, nil
	}
	return ErasedNow, nil
}

func (p Payload) validate() error {
	if len(p.Body) > PayloadMax {
		return fault.New(fault.TooLarge, "payload", "a payload has at most %d bytes", PayloadMax)
	}
	if len(p.Segments) > SegmentsMax {
		return fault.New(fault.TooLarge, "payload", "a payload has at most %d segments that name a person", SegmentsMax)
	}
	for _, s := range p.Segments {
		if s.Subject == "" || s.Start < 0 || s.Start >= s.End || s.End > len(p.Body) {
			return fault.New(fault.BadMapping, "segments", "a segment names a person and bytes inside the payload")
		}
	}
	return nil
}

func damaged(hash journal.Hash, detail string) *fault.Error {
	return fault.New(fault.EvidenceBad, hash.String(), "%s", detail)
}
