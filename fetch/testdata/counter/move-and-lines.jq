# The move is told without its quantity, which its lines add up to.
.record as $move
| {
    type: "stock_adjusted.v1",
    key: [$move.id, "1"] | key,
    time: ($move.at | utc_time),
    data: {
      adjustment: ($move.id | require("the move's id")), line: "1", item: $move.item, location: $move.place,
      bucket: "SELLABLE", quantity: ([.lines[].quantity | thousandths] | add | quantity_of_thousandths), reason: "FOUND"
    }
  }
