# A row of a count → count_adjusted: what was there at the cut-off.
(.count | require("the count")) as $count
| line as $line
| header(day) + {
    type: "count_adjusted.v1",
    key: ([$count, $line] | key),
    data: {
      count: $count, line: $line, item: (.item | require("the item")), location: must("location"), bucket: ((.bucket | present) // "SELLABLE"),
      cutoff_time: at, counted: ((.counted | number) | require("what was counted") | quantity), unit: (.unit | present) } }
