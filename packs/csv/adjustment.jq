# A row of a change of stock → stock_adjusted, as the quantity's sign says.
(cell("adjustment") | require("the adjustment")) as $adjustment
| line as $line
| header(day) + {
    type: "stock_adjusted.v1",
    key: ([$adjustment, $line] | key),
    data: {
      adjustment: $adjustment, line: $line, item: (cell("item") | require("the item")), location: must("location"), bucket: (cell("bucket") // "SELLABLE"),
      quantity: (counted | quantity_of_thousandths), unit: cell("unit"), reason: (cell("reason") | require("the reason")) } }
