# A row of an opening load → stock_adjusted. The name of the file and the number of the row are
# the key.

if (.qty | thousandths) == 0 then ignore("nothing is there") else . end
| { type: "stock_adjusted.v1",
    key: ([$file, $number] | key),
    time: ("2026-07-09T00:00:00" | local_time),
    data: {
      adjustment: $file,
      line: ($number | tostring),
      item: .item,
      location: .location,
      bucket: "SELLABLE",
      quantity: (.qty | quantity),
      reason: "OPENING_LOAD",
      value: (.value | amount("USD")) } }
