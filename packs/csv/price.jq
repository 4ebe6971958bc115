# A row of a new cost or price of one piece → cost_changed or price_changed, from a day on. Without
# a location it holds everywhere. It was said at the time of the row, else on that day.
(cell("item") | require("the item")) as $item
| (cell("effective_from") | require("the day from which it holds")
    | if $options.dates then date_from($options.dates) else business_date end) as $from
| cell("location") as $location
| currency as $currency
| (if cell("time") // cell("date") then header(day) else {time: ("\($from)T00:00:00" | local_time), business_date: $from} end)
  + {key: ([$item, ($location // "*"), $from] | key)}
  + if cell("cost") != null then
      {type: "cost_changed.v1", data: {item: $item, location: $location, effective_from: $from, new: (number("cost") | amount($currency)), per: (number("per") | if . == null then null else quantity end), reason: cell("reason")}}
    else
      {type: "price_changed.v1", data: {item: $item, location: $location, effective_from: $from, new: (number("price") | amount($currency)), kind: (cell("kind") // "PERM")}}
    end
