package fault

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestErrorText(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  *Error
		want string
	}{
		{"all parts", Wrap(io.ErrUnexpectedEOF, Storage, "journal.append", "chunk 7"), "H-STORAGE: journal.append: chunk 7: unexpected EOF"},
		{"without a cause", New(SchemaInvalid, "sale 12", "%d lines", 0), "V-SCH-01: sale 12: 0 lines"},
		{"with an operation", New(SchemaInvalid, "sale 12", "no lines").In("pack.map"), "V-SCH-01: pack.map: sale 12: no lines"},
		{"without a subject", New(BadRequest, "", "empty"), "H-REQUEST: empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.err.Error(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestKindComesFromTheCode(t *testing.T) {
	for _, tt := range []struct {
		code Code
		want Kind
	}{
		{SchemaInvalid, Invalid},
		{KeyConflict, Conflict},
		{NoStock, Refused},
		{OutcomeUnknown, Unknown},
		{"V-XXX-99", Internal},
	} {
		if got := New(tt.code, "", "x").Kind; got != tt.want {
			t.Errorf("%s: got kind %s, want %s", tt.code, got, tt.want)
		}
	}
}

func TestAsFindsTheFault(t *testing.T) {
	inner := New(NoStock, "SKU-1", "asked 2, available 1")
	for _, tt := range []struct {
		name string
		err  error
		code Code
	}{
		{"itself", inner, NoStock},
		{"wrapped by fmt", fmt.Errorf("reserve: %w", inner), NoStock},
		{"joined", errors.Join(io.EOF, inner), NoStock},
		{"the outer of two", Wrap(inner, Storage, "store.claim", ""), Storage},
		{"any other error", io.EOF, InternalError},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := As(tt.err).Code; got != tt.code {
				t.Errorf("got %s, want %s", got, tt.code)
			}
			if !HasCode(tt.err, tt.code) || !Is(tt.err, tt.code.Kind()) || KindOf(tt.err) != tt.code.Kind() {
				t.Errorf("HasCode, Is and KindOf disagree about %v", tt.err)
			}
		})
	}
	if As(nil) != nil || Is(nil, Internal) || HasCode(nil, InternalError) {
		t.Error("no error is no fault")
	}
	if !errors.Is(Wrap(io.EOF, Storage, "", ""), io.EOF) {
		t.Error("the cause is lost")
	}
}

func TestCopiesLeaveTheFaultAlone(t *testing.T) {
	f := New(NoStock, "SKU-1", "asked 2, available 1")
	if got := f.WithHint("try store %s", "S2").NextStep(); got != "try store S2" {
		t.Errorf("got %q, want the hint", got)
	}
	if got := f.In("stock.reserve").Op; got != "stock.reserve" {
		t.Errorf("got operation %q", got)
	}
	if f.Op != "" || f.NextStep() != NoStock.Advice() {
		t.Errorf("the fault itself changed: %+v", f)
	}
}

func TestKindNames(t *testing.T) {
	if got := Unavailable.String(); got != "unavailable" || len(kindNames) != int(Unavailable)+1 {
		t.Errorf("got %q and %d names, want one name per kind", got, len(kindNames))
	}
	if got := Kind(200).String(); got != "internal" {
		t.Errorf("an unlisted kind prints %q, want internal", got)
	}
}
