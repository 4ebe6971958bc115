package reference

import (
	"slices"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
)

// Fee returns what a source's fee is booked to: the role that the fee_types table gives it,
// or the role that it names itself.
func (b *Book) Fee(system retail.SystemID, code string, day retail.Date) (class string, ok bool) {
	return b.meant(event.TableFeeTypes, "class", event.FeeClasses(), system, code, day)
}

// StockReason returns the stock reason of the rule book A10 that a source's reason means: by
// the reasons table, or the one that it names itself.
func (b *Book) StockReason(system retail.SystemID, code string, day retail.Date) (reason string, ok bool) {
	return b.meant(event.TableReasons, "stock", event.StockReasons(), system, code, day)
}

// ReturnReason returns the return reason class of the rule book A10 that a source's reason
// means: by the reasons table, or the one that it names itself.
func (b *Book) ReturnReason(system retail.SystemID, code string, day retail.Date) (class string, ok bool) {
	return b.meant(event.TableReasons, "return", event.ReturnReasons(), system, code, day)
}

// Disposition returns what becomes of goods that come back for a source's reason, where the
// reasons table tells it.
func (b *Book) Disposition(system retail.SystemID, code string, day retail.Date) (event.Disposition, bool) {
	row, ok := b.Coded(event.TableReasons, system, code, day)
	return event.Disposition(row["disposition"]), ok && row["disposition"] != ""
}

// meant returns the column of a coded row, or the code where it is one of the rule book's own.
func (b *Book) meant(table event.Table, column string, own []string, system retail.SystemID, code string, day retail.Date) (string, bool) {
	if row, ok := b.Coded(table, system, code, day); ok && row[column] != "" {
		return row[column], true
	}
	return code, slices.Contains(own, code)
}
