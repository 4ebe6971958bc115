# A row of an opening load → stock_adjusted. The file is the adjustment and its rows are the
# lines, so that the same file again is the same load.
#
# The day is that of the column date or, for the whole file, the one in its name.

($file | if . == "" then null else . end | require("the name of the file")) as $adjustment
| (.currency // $options.currency | if . == null or . == "" then refuse("V-CUR-01"; "neither a column nor an option says the currency") else . end) as $currency
| ((if (.date // "") != "" then .date else [$adjustment | scan("[0-9]{4}-[0-9]{2}-[0-9]{2}")][0] end)
   | require("the date, as a column or in the name of the file,") | business_date) as $date
| (.value | amount($currency)) as $value

| .location as $location
| if (.qty | thousandths) == 0 and (.value | minor($currency)) == 0 then ignore("nothing is there") else . end
| { type: "stock_adjusted.v1",
    key: ([$adjustment, $number] | key),
    time: ("\($date)T00:00:00" | local_time_at($location)),
    business_date: $date,
    data: {
      adjustment: $adjustment,
      line: ($number | tostring),
      item: .item,
      location: $location,
      bucket: "SELLABLE",
      quantity: (.qty | quantity),
      reason: "OPENING_LOAD",
      value: $value } }
