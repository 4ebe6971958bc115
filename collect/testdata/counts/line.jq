# A line of an invoice, which has no number of its own → stock_adjusted.
{ type: "stock_adjusted.v1",
  key: ([.invoice, $ordinal] | key),
  time: ("2026-07-09T00:00:00" | local_time),
  data: {
    adjustment: .invoice,
    line: ($ordinal | tostring),
    item: .item,
    location: .location,
    bucket: "SELLABLE",
    quantity: (.qty | quantity),
    reason: "SOLD" } }
