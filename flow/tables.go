package flow

import (
	"encoding/binary"
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
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
	tableWaits      = "wait"      // item code → waitDoc list
	tableReports    = "report"    // fact identity → reportDoc
	tableUnequal    = "unequal"   // fact identity → nothing, while reports differ
	tableExceptions = "exception" // exception id → exception.Item
	tableApprovals  = "approval"  // subject, person → decision
)

// The counter tables of the operations projection.
const (
	tablePositions = "position" // item, location, bucket, ownership → quantity at scale 3
	tableStandings = "standing" // standing or answer → how many
)

// Tables returns every table of the operations projection.
func Tables() []string {
	return []string{
		tableKeys, tableClaims, tableClaimsAt, tableClaimsOf, tableOrders, tableDue, tableMovements, tableThread, tableThreadID,
		tableWaits, tableReports, tableUnequal, tableExceptions, tableApprovals, reference.DocTable, lineage.DocTable,
		tablePositions, tableStandings,
	}
}

// nul separates the parts of a document key; no id of the outside world holds one.
const nul = "\x00"

func join(parts ...string) string { return strings.Join(parts, nul) }

// ordinal renders a position so that bytewise order is numeric order.
func ordinal(n int64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	return string(b[:])
}

func fromOrdinal(s string) int64 {
	if len(s) < 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64([]byte(s[:8])))
}

func placeKey(p stock.Place) string { return join(string(p.Item), string(p.Location)) }

func positionKey(p stock.Place, b event.Bucket, o stock.Ownership) string {
	return join(string(p.Item), string(p.Location), string(b), string(o))
}

func lineKey(order retail.OrderID, line string) string { return join(string(order), line) }
