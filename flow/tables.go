package flow

import (
	"time"

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
	tableKeys           = "key"            // idempotency key → keyDoc
	tableVersions       = "version"        // idempotency key, content of a version that is not current → its position
	tableClaims         = "claim"          // claim id → stock.Claim
	tableClaimsAt       = "claims_at"      // item, location → open claim ids, oldest first
	tableClaimsOf       = "claims_of"      // order line → claim ids
	tableOrders         = "order"          // order id → orderDoc
	tableOrderAdds      = "order_add"      // reference of an order → orderLineDoc list of what was added
	tableDue            = "due"            // expiry time, claim id → nothing
	tableMovements      = "movement"       // item, location, time, position, number → movementDoc
	tableBackorders     = "backorder"      // item, location → ids of claims that ask for more than they hold
	tablePurchases      = "purchase"       // purchase order·line → stock.Purchase
	tableShipments      = "shipment"       // shipment → shipmentDoc
	tableProgress       = "progress"       // object, document, line → progressDoc
	tableConflicts      = "conflict"       // object, document, line → nothing, while facts contradict one another
	tableEntities       = "entity"         // kind, id → entityDoc
	tableEntityFacts    = "entity_fact"    // kind, id, position → nothing
	tableETAs           = "eta"            // shipment → the day on which it is expected
	tableLayaways       = "layaway"        // layaway number → layawayDoc
	tableCounts         = "count"          // count id·line → stock.Count
	tableCountsAt       = "counts_at"      // item, location, bucket, cutoff, count id·line → nothing
	tableLastCount      = "last_count"     // location → the youngest cutoff in microseconds
	tableThread         = "thread"         // typed reference, position → nothing
	tableThreadID       = "thread_id"      // bare id, reference type → nothing
	tableWaits          = "wait"           // code, subject, position, number → waitDoc
	tableWaitsOf        = "wait_of"        // position, line → waitsOfDoc
	tableWaiting        = "waiting"        // code, subject → how many lines wait under it
	tableFreeing        = "freeing"        // position of a reference_set → freeingDoc, until all is released
	tableReleased       = "released"       // position, line → record.Release
	tableVoids          = "void"           // position of a transaction → position of what voids it
	tableVoidedPayments = "voided_payment" // reference of a tender → position of what voids its transaction
	tablePaymentNames   = "payment_name"   // what a tender may call a settled payment → its id
	tableReports        = "report"         // fact identity → reportDoc
	tableUnequal        = "unequal"        // fact identity → nothing, while reports differ
	tableExceptions     = "exception"      // exception id → exception.Item
)

// The counter tables of the operations projection.
const (
	tablePositions = "position" // item, location, bucket, ownership → quantity at scale 3
	tablePipeline  = "pipeline" // item, location, bucket, shipment → quantity at scale 3
	tableSettled   = "settled"  // settlement, currency, measure → minor units
)

// Tables returns every table of the operations projection.
func Tables() []string {
	return []string{
		tableKeys, tableVersions, tableClaims, tableClaimsAt, tableClaimsOf, tableOrders, tableDue, tableMovements, tableThread, tableThreadID,
		tableWaits, tableWaitsOf, tableWaiting, tableFreeing, tableReleased, tableVoids, tableVoidedPayments, tablePaymentNames, tableReports, tableUnequal, tableExceptions, reference.DocTable, lineage.DocTable,
		tableOrderAdds, tableEntities, tableEntityFacts, tableBackorders, tableProgress, tableConflicts, tableETAs, tablePurchases, tableShipments, tableLayaways, tableCounts, tableCountsAt, tableLastCount,
		tablePositions, tablePipeline, tableSettled,
	}
}

// versionKey names a version of a fact by its content: what is sent again is known.
func versionKey(key, content []byte) string { return string(key) + string(content) }

func placeKey(p stock.Place) string { return store.Key(string(p.Item), string(p.Location)) }

func positionKey(p stock.Place, b event.Bucket, o event.Ownership) string {
	return store.Key(string(p.Item), string(p.Location), string(b), string(o))
}

func lineKey(order retail.OrderID, line string) string { return store.Key(string(order), line) }

func pipelineKey(p stock.Place, b event.Bucket, shipment string) string {
	return store.Key(string(p.Item), string(p.Location), string(b), shipment)
}

// movementKey puts the movements of a place in the order in which they took effect.
func movementKey(p stock.Place, at time.Time, position int64, number int) string {
	return store.Key(placeKey(p), instant(at), store.Ordinal(position), store.Ordinal(int64(number)))
}

func countsPrefix(p stock.Place, b event.Bucket) string {
	return store.Key(string(p.Item), string(p.Location), string(b), "")
}

func countKey(p stock.Place, b event.Bucket, cutoff time.Time, id stock.CountID) string {
	return countsPrefix(p, b) + store.Key(instant(cutoff), string(id))
}

// earliest is the beginning of the year 1900 in microseconds; no event is older.
const earliest = -2_208_988_800_000_000

// instant renders a time so that bytewise order is the order of time.
func instant(at time.Time) string { return store.Ordinal(at.UnixMicro() - earliest) }
