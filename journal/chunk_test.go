package journal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/fault"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)

// record returns a record of about the size of a real one.
func record(n int) Record {
	return Record{
		Fact:    fmt.Appendf(nil, `{"data":{"item":"SKU-%d","location":"%d","quantity":"-1"},"type":"retail.sale.v1"}`, n%97, n%13),
		Outcome: fmt.Appendf(nil, `{"answer":"accepted","n":%d}`, n),
	}
}

func recordsOf(n int) []Record {
	records := make([]Record, n)
	for i := range records {
		records[i] = record(i)
	}
	return records
}

func mustSeal(t testing.TB, prev Watermark, at time.Time, records ...Record) *Chunk {
	t.Helper()
	c, err := Seal("acme", "test", prev, at, records)
	if err != nil {
		t.Fatalf("Seal: %v", err)
	}
	return c
}

func TestSealSetsPositionsAndTimes(t *testing.T) {
	east := time.FixedZone("east", 7200)
	c := mustSeal(t, Watermark{Next: 41}, noon.In(east), recordsOf(3)...)
	for i, r := range c.Records {
		if r.Position != int64(41+i) || r.At != noon {
			t.Errorf("record %d: got position %d at %v, want %d at %v", i, r.Position, r.At, 41+i, noon)
		}
	}
	if got, want := c.End(), (Watermark{Next: 44, Root: c.Root}); got != want {
		t.Errorf("End: got %v, want %v", got, want)
	}
}

func TestSealLimits(t *testing.T) {
	large := func(size int) []Record {
		return []Record{{Fact: bytes.Repeat([]byte("x"), size-recordOverhead)}}
	}
	for _, c := range []struct {
		name    string
		at      time.Time
		records []Record
		want    fault.Code
	}{
		{"as large as can be", noon, large(BodyMax), ""},
		{"one byte more", noon, large(BodyMax + 1), fault.TooLarge},
		{"as many as can be", noon, recordsOf(1), ""},
		{"none", noon, nil, fault.InternalError},
		{"an empty fact", noon, []Record{{Outcome: []byte("{}")}}, fault.InternalError},
		{"no time", time.Time{}, recordsOf(1), fault.InternalError},
		{"too late a time", time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC), recordsOf(1), fault.InternalError},
		{"the last year", time.Date(2261, 12, 31, 23, 59, 59, 999999999, time.UTC), recordsOf(1), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Seal("acme", "test", Genesis(), c.at, c.records)
			if got := codeOf(err); got != c.want {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
		})
	}
}

func codeOf(err error) fault.Code {
	if err == nil {
		return ""
	}
	return fault.As(err).Code
}

func TestVerifyFindsEachChange(t *testing.T) {
	first := mustSeal(t, Genesis(), noon, recordsOf(4)...)
	fresh := func() *Chunk { return mustSeal(t, first.End(), noon, recordsOf(20)...) }
	if err := fresh().Verify(first.End()); err != nil {
		t.Fatalf("an honest chunk: %v", err)
	}
	for name, change := range map[string]func(*Chunk){
		"fact":        func(c *Chunk) { c.Records[7].Fact[0] ^= 1 },
		"outcome":     func(c *Chunk) { c.Records[7].Outcome[0] ^= 1 },
		"time":        func(c *Chunk) { c.At = c.At.Add(1) },
		"record time": func(c *Chunk) { c.Records[0].At = c.At.Add(1) },
		"position":    func(c *Chunk) { c.Records[0].Position++ },
		"first":       func(c *Chunk) { c.First++ },
		"previous":    func(c *Chunk) { c.Prev[0] ^= 1 },
		"root":        func(c *Chunk) { c.Root[0] ^= 1 },
		"tenant":      func(c *Chunk) { c.Tenant = "other" },
		"environment": func(c *Chunk) { c.Environment = "production" },
		"one less":    func(c *Chunk) { c.Records = c.Records[:19] },
		"none":        func(c *Chunk) { c.Records = nil },
	} {
		c := fresh()
		change(c)
		err := c.Verify(first.End())
		if !fault.HasCode(err, fault.ChainBroken) {
			t.Errorf("%s: got %v, want %s", name, err, fault.ChainBroken)
			continue
		}
		if name != "first" && fault.As(err).Subject != "5" {
			t.Errorf("%s: subject %q, want the chunk's first position 5", name, fault.As(err).Subject)
		}
	}
	if err := fresh().Verify(Genesis()); !fault.HasCode(err, fault.ChainBroken) {
		t.Errorf("another place: got %v, want %s", err, fault.ChainBroken)
	}
}

func TestBlocksGiveTheRecordsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.Byte(), 1, 40)
		records := make([]Record, rapid.IntRange(1, 70).Draw(t, "count"))
		for i := range records {
			records[i] = Record{Fact: text.Draw(t, "fact"), Outcome: text.Draw(t, "outcome")}
			if rapid.IntRange(0, 20).Draw(t, "large") == 0 {
				records[i].Fact = bytes.Repeat(records[i].Fact, 3000)
			}
		}
		c, err := Seal("acme", "test", Genesis(), noon, records)
		if fault.HasCode(err, fault.TooLarge) {
			t.Skip("more than a chunk holds")
		}
		if err != nil {
			t.Fatal(err)
		}
		back := *c
		back.Records = nil
		for _, b := range c.Blocks() {
			if want := c.First + int64(len(back.Records)); b.First != want {
				t.Fatalf("block starts at %d, want %d", b.First, want)
			}
			before := len(back.Records)
			if back.Records, err = b.Unpack(c.At, back.Records); err != nil {
				t.Fatal(err)
			}
			if n := len(back.Records) - before; n < 1 || n > blockRecords {
				t.Fatalf("block has %d records", n)
			}
		}
		if err := back.Verify(Genesis()); err != nil {
			t.Fatal(err)
		}
	})
}

// An empty outcome and incompressible bytes at the limit of a chunk are stored, too.
func TestBlockOfOneLargeRecord(t *testing.T) {
	fact := make([]byte, BodyMax-recordOverhead)
	for i, x := 0, uint32(1); i < len(fact); i++ {
		x = x*1664525 + 1013904223
		fact[i] = byte(x >> 24)
	}
	c := mustSeal(t, Genesis(), noon, Record{Fact: fact})
	blocks := c.Blocks()
	if len(blocks) != 1 {
		t.Fatalf("got %d blocks, want 1", len(blocks))
	}
	got, err := blocks[0].Unpack(noon, nil)
	if err != nil || len(got) != 1 || !bytes.Equal(got[0].Fact, fact) || len(got[0].Outcome) != 0 {
		t.Fatalf("got %d records, %v", len(got), err)
	}
}

func TestUnpackRefusesDecay(t *testing.T) {
	block := mustSeal(t, Genesis(), noon, recordsOf(10)...).Blocks()[0]
	for i := range block.Bytes {
		changed := Block{First: block.First, Bytes: bytes.Clone(block.Bytes)}
		changed.Bytes[i] ^= 0x10
		if _, err := changed.Unpack(noon, nil); !fault.HasCode(err, fault.ChainBroken) {
			t.Fatalf("byte %d changed: got %v, want %s", i, err, fault.ChainBroken)
		}
	}
	for _, n := range []int{0, 1, 5, len(block.Bytes) - 1} {
		if _, err := (Block{First: 1, Bytes: block.Bytes[:n]}).Unpack(noon, nil); !fault.HasCode(err, fault.ChainBroken) {
			t.Errorf("cut to %d bytes: got %v, want %s", n, err, fault.ChainBroken)
		}
	}
	if _, err := (Block{First: 0, Bytes: block.Bytes}).Unpack(noon, nil); !fault.HasCode(err, fault.ChainBroken) {
		t.Errorf("position 0: got %v, want %s", err, fault.ChainBroken)
	}
}

func TestFaultsNameNoContent(t *testing.T) {
	c := mustSeal(t, Genesis(), noon, Record{Fact: []byte(`{"secret":1}`), Outcome: []byte("{}")})
	c.Root[0] ^= 1
	if err := c.Verify(Genesis()); strings.Contains(err.Error(), "secret") {
		t.Errorf("the fault shows the fact: %v", err)
	}
}

// FuzzBlock checks that no bytes make Unpack fail other than by a fault, and that what it
// accepts is within the limits. The CRC is mended, so that the fuzzer gets behind it.
func FuzzBlock(f *testing.F) {
	for _, b := range mustSeal(f, Genesis(), noon, recordsOf(40)...).Blocks() {
		f.Add(b.Bytes[:len(b.Bytes)-4])
	}
	f.Add([]byte{blockFormat, 1, 1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, frame []byte) {
		records, err := Block{First: 1, Bytes: withCRC(frame)}.Unpack(noon, nil)
		if err != nil {
			if !fault.HasCode(err, fault.ChainBroken) {
				t.Fatalf("got %v, want %s", err, fault.ChainBroken)
			}
			return
		}
		size := 0
		for _, r := range records {
			size += len(r.Fact) + len(r.Outcome)
		}
		if len(records) == 0 || len(records) > blockRecords || size > BodyMax {
			t.Fatalf("%d records of %d bytes", len(records), size)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	records := recordsOf(500)
	for b.Loop() {
		mustSeal(b, Genesis(), noon, records...)
	}
}

func BenchmarkBlocks(b *testing.B) {
	c := mustSeal(b, Genesis(), noon, recordsOf(500)...)
	stored := 0
	for b.Loop() {
		stored = 0
		for _, block := range c.Blocks() {
			stored += len(block.Bytes)
		}
	}
	b.ReportMetric(float64(stored)/500, "B/record")
}

func BenchmarkUnpack(b *testing.B) {
	c := mustSeal(b, Genesis(), noon, recordsOf(500)...)
	blocks := c.Blocks()
	var records []Record
	for b.Loop() {
		records = records[:0]
		for _, block := range blocks {
			var err error
			if records, err = block.Unpack(noon, records); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func withCRC(frame []byte) []byte {
	return binary.BigEndian.AppendUint32(bytes.Clone(frame), crc32.Checksum(frame, castagnoli))
}
