{
  type: "stock_adjusted.v1",
  key: [.id, "1"] | key,
  time: (.at | utc_time),
  data: {
    adjustment: (.id | require("the move's id")), line: "1", item: .item, location: .place,
    bucket: "SELLABLE", quantity: (.quantity | quantity), reason: "FOUND"
  }
}
