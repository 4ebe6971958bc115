package intake

import (
	"context"
	"encoding/binary"
	"slices"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// inspect returns how stored evidence is cut, and its keys. Rows that cannot have been
// stored so are H-EVIDENCE.
func (v *Vault) inspect(ctx context.Context, stored Evidence) (cut, map[KeyID]DataKey, error) {
	c := cut{size: stored.Size}
	if stored.Revision == 0 {
		return c, nil, nil
	}
	var ids []KeyID
	for _, part := range stored.Parts {
		ids = append(ids, part.Keys...)
	}
	slices.Sort(ids)
	rows, err := v.store.Keys(ctx, slices.Compact(ids))
	if err != nil {
		return cut{}, nil, err
	}
	keys := make(map[KeyID]DataKey, len(rows))
	for _, k := range rows {
		keys[k.ID] = k
	}
	for i, part := range stored.Parts {
		p := piece{ranges: part.Ranges}
		for _, id := range part.Keys {
			k, ok := keys[id]
			if !ok {
				return cut{}, nil, damaged(stored.Hash, "the row of a key is lost")
			}
			p.owners = append(p.owners, k.Owner)
			p.erased = p.erased || k.Erased()
		}
		if p.erased {
			p.owners, p.from = nil, i
		}
		c.pieces = append(c.pieces, p)
	}
	if stored.Size < 0 || stored.Size > PayloadMax || !c.covers() {
		return cut{}, nil, damaged(stored.Hash, "its parts do not cover it")
	}
	return c, keys, nil
}

// seal compresses a piece and encrypts it under the key of each owner in turn, so that
// all of them are needed to read it.
func (v *Vault) seal(e Evidence, index int, p piece, locks map[retail.Token]lock, body []byte) (Part, error) {
	part := Part{Ranges: p.ranges}
	for _, owner := range p.owners {
		part.Keys = append(part.Keys, locks[owner].id)
	}
	var plain []byte
	for _, r := range p.ranges {
		plain = append(plain, body[r.Start:r.End]...)
	}
	sealed := v.encoder.EncodeAll(plain, nil)
	for layer, owner := range p.owners {
		var err error
		if sealed, err = locks[owner].aead.Encrypt(sealed, v.placeOf(e, index, part, layer)); err != nil {
			return Part{}, fault.Wrap(err, fault.InternalError, "intake.seal", e.Hash.String())
		}
	}
	part.Sealed = sealed
	return part, nil
}

// unseal decrypts a part into its ranges of the body.
func (v *Vault) unseal(e Evidence, index int, keys map[KeyID]DataKey, body []byte) error {
	part := e.Parts[index]
	plain := part.Sealed
	for layer, id := range slices.Backward(part.Keys) {
		l, err := v.keys.open(keys[id])
		if err != nil {
			return err
		}
		if plain, err = l.aead.Decrypt(plain, v.placeOf(e, index, part, layer)); err != nil {
			return fault.Wrap(err, fault.EvidenceBad, "intake.unseal", e.Hash.String())
		}
	}
	plain, err := v.decoder.DecodeAll(plain, nil)
	if err != nil {
		return fault.Wrap(err, fault.EvidenceBad, "intake.unseal", e.Hash.String())
	}
	for _, r := range part.Ranges {
		if len(plain) < r.End-r.Start {
			return damaged(e.Hash, "a part is shorter than its ranges")
		}
		copy(body[r.Start:r.End], plain)
		plain = plain[r.End-r.Start:]
	}
	if len(plain) > 0 {
		return damaged(e.Hash, "a part is longer than its ranges")
	}
	return nil
}

// placeOf is the associated data of a part: it says where the part belongs, so that parts
// cannot be moved between payloads, swapped, or put over other bytes. It is length-prefixed
// throughout.
func (v *Vault) placeOf(e Evidence, index int, part Part, layer int) []byte {
	b := appendText(nil, "heddle evidence part 1")
	b = appendText(b, string(v.keys.tenant))
	b = appendText(b, string(e.Hash[:]))
	b = binary.BigEndian.AppendUint64(b, uint64(e.Size))
	b = binary.BigEndian.AppendUint64(b, uint64(index))
	b = binary.BigEndian.AppendUint64(b, uint64(layer))
	b = binary.BigEndian.AppendUint64(b, uint64(len(part.Keys)))
	for _, id := range part.Keys {
		b = appendText(b, string(id))
	}
	b = binary.BigEndian.AppendUint64(b, uint64(len(part.Ranges)))
	for _, r := range part.Ranges {
		b = binary.BigEndian.AppendUint64(b, uint64(r.Start))
		b = binary.BigEndian.AppendUint64(b, uint64(r.End))
	}
	return b
}

func appendText(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(len(s)))
	return append(b, s...)
}
