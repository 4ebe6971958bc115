package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// tenantOwner owns the keys of what tells of nobody.
const tenantOwner retail.Token = ""

// masterKeyBytes is the length of a master key: AES-256.
const masterKeyBytes = 32

// MasterKey wraps the data keys of all evidence. It never prints.
type MasterKey struct{ aead tink.AEAD }

// ParseMasterKey reads a master key as NewMasterKey writes it: 32 bytes in base64. What
// else it may be is not said in the fault, because it is a secret.
func ParseMasterKey(text []byte) (MasterKey, error) {
	raw, err := base64.StdEncoding.AppendDecode(nil, bytes.TrimSpace(text))
	if err != nil || len(raw) != masterKeyBytes {
		return MasterKey{}, fault.New(fault.BadConfig, "evidence master key", "a master key is %d bytes in base64", masterKeyBytes)
	}
	a, err := subtle.NewAESGCM(raw)
	if err != nil {
		return MasterKey{}, fault.Wrap(err, fault.InternalError, "intake.master_key", "evidence master key")
	}
	return MasterKey{a}, nil
}

// NewMasterKey makes the text of a new master key.
func NewMasterKey(random io.Reader) ([]byte, error) {
	var raw [masterKeyBytes]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "intake.master_key", "randomness")
	}
	return base64.StdEncoding.AppendEncode(nil, raw[:]), nil
}

// String keeps the key out of logs.
func (MasterKey) String() string { return "[master key]" }

// GoString is String, for %#v.
func (MasterKey) GoString() string { return "[master key]" }

// lock is a data key that is open.
type lock struct {
	id   KeyID
	aead tink.AEAD
}

// keyring finds, makes and opens data keys. It remembers none: a key that was erased must
// not go on sealing, on this node or another.
type keyring struct {
	store  EvidenceStore
	master MasterKey
	tenant retail.TenantID
}

// check opens the tenant's key, if there is one yet, to see that the master key is right.
func (k keyring) check(ctx context.Context) error {
	stored, err := k.store.LiveKeys(ctx, []retail.Token{tenantOwner})
	if err != nil {
		return err
	}
	for _, d := range stored {
		if _, err := k.open(d); err != nil {
			return fault.Wrap(err, fault.BadConfig, "intake.open_vault", "evidence master key").
				WithHint("This is not the master key that the stored evidence was written with. Restore that one.")
		}
	}
	return nil
}

// locksFor returns an open key for each owner, and those that were made for it and have
// to be stored with what is sealed under them.
func (k keyring) locksFor(ctx context.Context, owners []retail.Token, at time.Time) (map[retail.Token]lock, []DataKey, error) {
	locks := make(map[retail.Token]lock, len(owners))
	var fresh []DataKey
	stored, err := k.store.LiveKeys(ctx, owners)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range stored {
		if _, have := locks[d.Owner]; have {
			continue
		}
		if locks[d.Owner], err = k.open(d); err != nil {
			return nil, nil, err
		}
	}
	for _, owner := range owners {
		if _, have := locks[owner]; have {
			continue
		}
		d, l, err := k.make(owner, at)
		if err != nil {
			return nil, nil, err
		}
		locks[owner], fresh = l, append(fresh, d)
	}
	return locks, fresh, nil
}

// make makes a data key. XAES-256-GCM has a nonce long enough to be drawn at random for
// every part of every payload that the tenant's key will ever seal; plain AES-GCM has not.
func (k keyring) make(owner retail.Token, at time.Time) (DataKey, lock, error) {
	handle, err := keyset.NewHandle(aead.XAES256GCM192BitNonceNoPrefixKeyTemplate())
	if err != nil {
		return DataKey{}, lock{}, fault.Wrap(err, fault.InternalError, "intake.make_key", "")
	}
	var wrapped bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&wrapped), k.master.aead, k.binding(owner)); err != nil {
		return DataKey{}, lock{}, fault.Wrap(err, fault.InternalError, "intake.make_key", "")
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return DataKey{}, lock{}, fault.Wrap(err, fault.InternalError, "intake.make_key", "")
	}
	d := DataKey{ID: keyIDOf(wrapped.Bytes()), Owner: owner, Wrapped: wrapped.Bytes(), CreatedAt: at.UTC()}
	return d, lock{d.ID, primitive}, nil
}

// open unwraps a data key. One that does not open, because its row was changed, is
// H-EVIDENCE.
func (k keyring) open(d DataKey) (lock, error) {
	if keyIDOf(d.Wrapped) != d.ID {
		return lock{}, fault.New(fault.EvidenceBad, string(d.ID), "the key is not the one that was stored")
	}
	handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(d.Wrapped)), k.master.aead, k.binding(d.Owner))
	if err != nil {
		return lock{}, fault.Wrap(err, fault.EvidenceBad, "intake.open_key", string(d.ID))
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return lock{}, fault.Wrap(err, fault.EvidenceBad, "intake.open_key", string(d.ID))
	}
	return lock{d.ID, primitive}, nil
}

// binding ties a wrapped key to its tenant and owner: one person's key cannot be passed
// off as another's, nor be carried into another installation.
func (k keyring) binding(owner retail.Token) []byte {
	b := appendText(nil, "heddle evidence key 1")
	b = appendText(b, string(k.tenant))
	return appendText(b, string(owner))
}

// keyIDOf names a key by its wrapped bytes.
func keyIDOf(wrapped []byte) KeyID {
	sum := sha256.Sum256(wrapped)
	return KeyID(hex.EncodeToString(sum[:16]))
}
