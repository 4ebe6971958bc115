package booking

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// The causes for which tasks wait. A cause is as narrow as what provides it, so that loading
// a table wakes only what a row of it can help.
func causeRef(r retail.Ref) string              { return "reference " + r.String() }
func causeApproval(r retail.Ref) string         { return "approval of " + r.String() }
func causeOrder(id retail.OrderID) string       { return "order " + string(id) }
func causeSold(position int64) string           { return fmt.Sprintf("sale at position %d", position) }
func causeIssue(key string) string              { return "issue " + strings.ReplaceAll(key, store.KeySep, " ") }
func causeReturn(order retail.OrderID) string   { return "return on order " + string(order) }
func causeRow(t event.Table, key string) string { return string(t) + " " + key }
func causeCost(item retail.ItemID) string       { return "cost of " + string(item) }
func causePeriods(e retail.EntityID) string     { return causeRow(event.TablePeriods, string(e)) }

// causeLine is for a line that waits in the flow, whose work list names what it lacks.
func causeLine(position int64, line string) string {
	return linePrefix + fmt.Sprintf("%d: %s", position, line)
}

const linePrefix = "line at position "

// causeDimensions is for what lacks a dimension: that of its item, or one of an account's row.
func causeDimensions(item retail.ItemID) string {
	if item == "" {
		return "dimensions"
	}
	return "dimensions of " + string(item)
}

// causesOf returns what a reference row may have been waited for.
func (p *pass) causesOf(t event.Table, key string) []string {
	first, rest, _ := strings.Cut(key, retail.Sep)
	switch t {
	case event.TableItems:
		item := retail.ItemID(key)
		return []string{causeRow(t, key), causeDimensions(item), causeCost(item)}
	case event.TableItemCodes:
		var out []string
		for _, code := range reference.Spelled(t, key) {
			out = append(out, causeRow(event.TableItems, code))
		}
		return out
	case event.TableTaxCodes, event.TableTenders, event.TableReasons, event.TableFeeTypes, event.TableItemUnits:
		return []string{causeRow(t, rest)}
	case event.TableAccounts:
		role, _, _ := strings.Cut(rest, retail.Sep)
		if role == reference.AnySystem {
			return p.parkedLike(causeRow(t, ""))
		}
		return []string{causeRow(t, role)}
	case event.TablePeriods:
		return []string{causePeriods(retail.EntityID(first))}
	case event.TableMerchantAccounts, event.TableBankAccounts:
		return []string{causeDimensions("")}
	}
	return nil
}

// parkedLike returns the causes that begin so and for which something waits, in a fixed order.
func (p *pass) parkedLike(prefix string) []string {
	causes := slices.Sorted(maps.Keys(p.b.parked))
	return slices.DeleteFunc(causes, func(c string) bool { return !strings.HasPrefix(c, prefix) })
}
