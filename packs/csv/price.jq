# A row of a new cost or price of one piece → cost_changed or price_changed, from a day on. Without
# a location it holds everywhere. It was said at the time of the row, else on that day.
(.item | require("the item")) as $item
| (.effective_from | require("the day from which it holds")
    | if $options.dates then date_from($options.dates) else business_date end) as $from
| (.location | present) as $location
| currency as $currency
| (if (.time | present) // (.date | present) then header(day) else {time: ("\($from)T00:00:00" | local_time_at($location)), business_date: $from} end)
  + {key: ([$item, ($location // "*"), $from] | key)}
  + if (.cost | present) != null then
      {type: "cost_changed.v1", data: {item: $item, location: $location, effective_from: $from, new: ((.cost | number) | amount($currency)), per: ((.per | number) | if . == null then null else quantity end), reason: (.reason | present)}}
    else
      {type: "price_changed.v1", data: {item: $item, location: $location, effective_from: $from, new: ((.price | number) | amount($currency)), kind: ((.kind | present) // "PERM")}}
    end
