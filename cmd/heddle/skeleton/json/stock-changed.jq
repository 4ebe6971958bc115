# A change of stock → stock_adjusted, one for each line.
(.change | require("the change's id")) as $change
| (.at | local_time) as $time
| .counted_by as $author
| .lines[]
| { type: "stock_adjusted.v1",
    key: ([$change, .line] | key),
    time: $time,
    data: {
      adjustment: $change,
      line: (.line | tostring),
      item: (.sku | require("the item of a line")),
      location: .store,
      bucket: "SELLABLE",
      quantity: (.quantity | quantity),
      reason: .reason,
      author: $author } }
