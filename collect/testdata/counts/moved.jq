# A row of a warehouse that numbers its adjustments → stock_adjusted.
{ type: "stock_adjusted.v1",
  key: ([.adjustment, "1"] | key),
  time: ("2026-07-09T00:00:00" | local_time),
  data: {
    adjustment: .adjustment,
    line: "1",
    item: .item,
    location: .location,
    bucket: "SELLABLE",
    quantity: (.qty | quantity),
    reason: "COUNT" } }
