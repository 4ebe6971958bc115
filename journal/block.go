package journal

import (
	"encoding/binary"
	"hash/crc32"
	"time"

	"github.com/klauspost/compress/s2"

	"github.com/heddlehq/heddle/fault"
)

// A chunk is stored as one row that describes it and a few rows of blocks, so that a
// pointer to one record reads and unpacks a slice and not a megabyte.
const (
	blockRecords = 16       // most records in a block
	blockBody    = 64 << 10 // a block is closed when it has this many bytes; one large record may exceed it
	blockFormat  = 1        // first byte of a block: offsets, then records packed with S2, then a CRC
)

// Block is a run of a chunk's records in stored form: a byte for the format, the number of
// records, for each the length of its fact and of its outcome (all as unsigned varints),
// facts and outcomes in turn packed as one S2 block, and a CRC-32C of everything before it.
// The CRC finds decay on a read that does not verify the chain; it is no part of the chain.
type Block struct {
	First int64 // position of its first record
	Bytes []byte
}

// Blocks returns the records of the chunk in stored form, in order.
func (c *Chunk) Blocks() []Block {
	blocks := make([]Block, 0, len(c.Records)/blockRecords+1)
	for start := 0; start < len(c.Records); {
		end, body := start, 0
		for end < len(c.Records) && end-start < blockRecords && body < blockBody {
			body += len(c.Records[end].Fact) + len(c.Records[end].Outcome)
			end++
		}
		blocks = append(blocks, Block{First: c.Records[start].Position, Bytes: packBlock(c.Records[start:end], body)})
		start = end
	}
	return blocks
}

func packBlock(records []Record, size int) []byte {
	body := make([]byte, 0, size)
	head := make([]byte, 0, 2+4*len(records))
	head = append(head, blockFormat)
	head = binary.AppendUvarint(head, uint64(len(records)))
	for _, r := range records {
		head = binary.AppendUvarint(head, uint64(len(r.Fact)))
		head = binary.AppendUvarint(head, uint64(len(r.Outcome)))
		body = append(body, r.Fact...)
		body = append(body, r.Outcome...)
	}
	out := make([]byte, len(head)+s2.MaxEncodedLen(size)+crc32.Size)
	n := copy(out, head)
	n += len(s2.Encode(out[n:], body))
	return binary.BigEndian.AppendUint32(out[:n], crc32.Checksum(out[:n], castagnoli))
}

// castagnoli is a table that is never written to.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Unpack appends the records of a block of a chunk of time at to records. Bytes that are
// not a block are H-CHAIN with the block's first position as subject; they never cost more
// memory than a chunk may have.
func (b Block) Unpack(at time.Time, records []Record) ([]Record, error) {
	lengths, packed, ok := b.open()
	if !ok {
		return records, b.decayed()
	}
	size, err := s2.DecodedLen(packed)
	if err != nil || size > BodyMax {
		return records, b.decayed()
	}
	body, err := s2.Decode(make([]byte, size), packed)
	if err != nil {
		return records, b.decayed()
	}
	for i := 0; i < len(lengths); i += 2 {
		fact, outcome := lengths[i], lengths[i+1]
		if fact > len(body) || outcome > len(body)-fact {
			return records, b.decayed()
		}
		records = append(records, Record{
			Position: b.First + int64(i/2), At: at,
			Fact: body[:fact:fact], Outcome: body[fact : fact+outcome : fact+outcome],
		})
		body = body[fact+outcome:]
	}
	if len(body) != 0 {
		return records, b.decayed()
	}
	return records, nil
}

// open checks the frame of the block and returns the lengths of its facts and outcomes in
// turn, and the packed bytes.
func (b Block) open() (lengths []int, packed []byte, ok bool) {
	if len(b.Bytes) < 2+crc32.Size || b.Bytes[0] != blockFormat || b.First < 1 || b.First > lastPosition {
		return nil, nil, false
	}
	frame, sum := b.Bytes[:len(b.Bytes)-crc32.Size], b.Bytes[len(b.Bytes)-crc32.Size:]
	if crc32.Checksum(frame, castagnoli) != binary.BigEndian.Uint32(sum) {
		return nil, nil, false
	}
	rest := frame[1:]
	count, n := binary.Uvarint(rest)
	if n <= 0 || count == 0 || count > blockRecords {
		return nil, nil, false
	}
	rest = rest[n:]
	lengths = make([]int, 2*count)
	for i := range lengths {
		length, n := binary.Uvarint(rest)
		if n <= 0 || length > BodyMax {
			return nil, nil, false
		}
		lengths[i], rest = int(length), rest[n:]
	}
	return lengths, rest, true
}

func (b Block) decayed() error {
	return fault.New(fault.ChainBroken, position(b.First), "the stored bytes are not a block of records").In("journal.read")
}
