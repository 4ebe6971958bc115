package booking

import (
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/reference"
)

// Name is the name of the booking projection.
const Name = "booking"

// The document tables, beside reference.DocTable and lineage.DocTable.
const (
	tableEntries    = "entry"      // position, number → ledger.Entry
	tableEntryIDs   = "entry_id"   // entry id → key in tableEntries
	tableEntriesOf  = "entries_of" // journal position of the fact → keys in tableEntries
	tableOrders     = "order"      // order id → posting.Order
	tableSold       = "sold"       // fact position → posting.Sold
	tablePools      = "pool"       // item, cost scope → cost.Pool
	tableIssues     = "issue"      // position and line of the fact → issueDoc
	tableIssueIDs   = "issue_id"   // issue id → key in tableIssues
	tableIssuesOf   = "issues_of"  // order line → issue ids
	tableSuperseded = "superseded" // position of a replaced version → position of the one that replaces it
	tableReleased   = "released"   // position and line of a fact that waited in the flow → releasedDoc
	tableParked     = "parked"     // cause, fact position, leg, line → parkedDoc
	tablePayouts    = "payout"     // payout id → payoutDoc
	tableMatches    = "match"      // payout trace → bank lines in SUSPENSE
	tableReturns    = "returned"   // order line → linkDoc
	tableOffers     = "offer"      // order id → returns that a refund without a return id may mean
	tableExceptions = "exception"  // exception id → exception.Item
	tableApprovals  = "approval"   // subject → approvalDoc
	tableCancelled  = "cancelled"  // order id → positions of what was cancelled before anything was captured
	tableJoins      = "join"       // role, clearing key → the key under which both are one
)

// The counter tables.
const (
	tableBalances = "balance"  // ledger.BalanceKey → signed minor units
	tableClearing = "clearing" // ledger.ClearingKey → signed minor units
	tableTotals   = "total"    // what → how many
)

// Tables returns every table of the booking projection.
func Tables() []string {
	return []string{
		tableEntries, tableEntryIDs, tableEntriesOf, tableOrders, tableSold, tablePools, tableIssues, tableIssueIDs, tableIssuesOf,
		tableSuperseded, tableReleased, tableParked, tablePayouts, tableMatches, tableReturns, tableOffers, tableExceptions, tableApprovals,
		tableCancelled, tableJoins, reference.DocTable, lineage.DocTable, tableBalances, tableClearing, tableTotals,
	}
}
