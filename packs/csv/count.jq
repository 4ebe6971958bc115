# A row of a count → count_adjusted: what was there at the cut-off.
(cell("count") | require("the count")) as $count
| line as $line
| header(day) + {
    type: "count_adjusted.v1",
    key: ([$count, $line] | key),
    data: {
      count: $count, line: $line, item: (cell("item") | require("the item")), location: must("location"), bucket: (cell("bucket") // "SELLABLE"),
      cutoff_time: at, counted: (number("counted") | require("what was counted") | quantity), unit: cell("unit") } }
