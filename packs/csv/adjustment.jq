# A row of a change of stock → stock_adjusted, as the quantity's sign says.
(.adjustment | require("the adjustment")) as $adjustment
| line as $line
| header(day) + {
    type: "stock_adjusted.v1",
    key: ([$adjustment, $line] | key),
    data: {
      adjustment: $adjustment, line: $line, item: (.item | require("the item")), location: must("location"), bucket: ((.bucket | present) // "SELLABLE"),
      quantity: (counted | quantity_of_thousandths), unit: (.unit | present), reason: (.reason | require("the reason")) } }
