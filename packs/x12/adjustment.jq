# A warehouse changed its own books of our goods (947) → 3pl_adjusted, one for each line.

# Reasons that move goods from one bucket to another; others change what can be sold.
def move: {"05": ["SELLABLE", "QC_HOLD"], "55": ["QC_HOLD", "SELLABLE"], AU: ["SELLABLE", "DAMAGED"], AV: ["SELLABLE", "DAMAGED"], "52": ["DAMAGED", "SELLABLE"]}[.];

live
| (.W15.W1502 | require("the adjustment's number (W1502)")) as $number
| moment_at(warehouse; .W15.W1501; null; null) as $time
| ([sender, $number] | key) as $reference
| warehouse as $location
| [[.W19[]?, (.LX[]? | .W19[]?)] | to_entries[]]
| if length == 0 then refuse("V-SCH-01"; "the adjustment has no lines") else .[] end
| (.key + 1 | tostring) as $line
| .value
| (.W1901 | require("the reason (W1901)")) as $reason
| ($reason | move) as $move
| (.W1902 | thousandths) as $told
| { type: "3pl_adjusted.v1",
    key: ([sender, $number, $line] | key),
    time: $time,
    data: {
      reference: $reference, line: $line,
      item: item({(.W1917 // ""): .W1918, (.W1907 // ""): .W1908, (.W1905 // ""): .W1906}; .W1904),
      location: $location,
      bucket: (if $move == null then "SELLABLE" else $move[1] end),
      from: (if $move == null then null else $move[0] end),
      quantity: (if $move == null then $told else $told | absolute end | quantity_of_thousandths),
      unit: (.W1903 | unit),
      reason: $reason,
      lot: .W1909 } }
