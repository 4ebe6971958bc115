# A row → stock_adjusted. An empty cell is an empty text.
(.change | require("the change")) as $change
| { type: "stock_adjusted.v1",
    key: ([$change, .line] | key),
    time: (.at | time_from("%d.%m.%Y %H:%M")),
    data: {
      adjustment: $change,
      line: .line,
      item: (.sku | require("the item")),
      location: .store,
      bucket: "SELLABLE",
      quantity: (.quantity | decimal_comma | quantity),
      reason: (.reason | present // $options.reason),
      author: (.["counted by"] | present) } }
