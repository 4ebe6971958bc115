# An adjustment → stock_adjusted, one for each line. Elements are texts; empty ones are left out.
(.W15.W1502 | require("the adjustment's number")) as $adjustment
| (.W15.W1501 | time_from("%Y%m%d")) as $time
| (.warehouse.N104 | require("the warehouse")) as $location
| .LX[]
| .LX01 as $line
| .W19
| { type: "stock_adjusted.v1",
    key: ([$adjustment, $line] | key),
    time: $time,
    data: {
      adjustment: $adjustment,
      line: $line,
      item: (.W1906 | require("the item of a line")),
      location: $location,
      bucket: "SELLABLE",
      quantity: (.W1902 | decimal | quantity),
      unit: (.W1903 | unit_of_x12),
      reason: .W1901 } }
