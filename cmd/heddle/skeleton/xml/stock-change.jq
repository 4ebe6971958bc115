# A change of stock → stock_adjusted, one for each line. $envelope is what surrounds it.
(attr("id") | require("the change's id")) as $change
| (attr("at") | local_time) as $time
| attr("countedBy") as $author
| .Line[]
| { type: "stock_adjusted.v1",
    key: ([$change, attr("no")] | key),
    time: $time,
    data: {
      adjustment: $change,
      line: attr("no"),
      item: (.Sku | text | require("the item of a line")),
      location: ($envelope.Store | text),
      bucket: "SELLABLE",
      quantity: (.Quantity | text | quantity),
      unit: (.Quantity | attr("unit")),
      reason: (.Reason | text),
      author: $author } }
