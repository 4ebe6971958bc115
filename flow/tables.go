package flow

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// Operations is the name of the operations projection.
const Operations = "operations"

// The document tables of the operations projection, beside reference.DocTable and lineage.DocTable.
const (
	tableKeys       = "key"       // idempotency key → keyDoc
	tableClaims     = "claim"     // claim id → stock.Claim
	tableClaimsAt   = "claims_at" // item, location → open claim ids, oldest first
	tableClaimsOf   = "claims_of" // order line → claim ids
	tableOrders     = "order"     // order id → orderDoc
	tableDue        = "due"       // expiry time, claim id → nothing
	tableMovements  = "movement"  // item, location, position, number → movementDoc
	tableThread     = "thread"    // typed reference, position → nothing
	tableThreadID   = "thread_id" // bare id, reference type → nothing
	tableWaits      = "wait"      // code, subject, position, number → waitDoc
	tableWaitsOf    = "wait_of"   // position, line → waitsOfDoc
	tableWaiting    = "waiting"   // code, subject → how many lines wait under it
	tableFreeing    = "freeing"   // position of a reference_set → freeingDoc, until all is released
	tableReleased   = "released"  // position, line → record.Release
	tableReports    = "report"    // fact identity → reportDoc
	tableUnequal    = "unequal"   // fact identity → nothing, while reports differ
	tableExceptions = "exception" // exception id → exception.Item
)

// The counter tables of the operations projection.
const (
	tablePositions = "position" // item, location, bucket, ownership → quantity at scale 3
)

// Tables returns every table of the operations projection.
func Tables() []string {
	return []string{
		tableKeys, tableClaims, tableClaimsAt, tableClaimsOf, tableOrders, tableDue, tableMovements, tableThread, tableThreadID,
		tableWaits, tableWaitsOf, tableWaiting, tableFreeing, tableReleased, tableReports, tableUnequal, tableExceptions, reference.DocTable, lineage.DocTable,
		tablePositions,
	}
}

func placeKey(p stock.Place) string { return store.Key(string(p.Item), string(p.Location)) }

func positionKey(p stock.Place, b event.Bucket, o event.Ownership) string {
	return store.Key(string(p.Item), string(p.Location), string(b), string(o))
}

func lineKey(order retail.OrderID, line string) string { return store.Key(string(order), line) }
