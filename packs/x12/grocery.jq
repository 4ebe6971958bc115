# A grocery purchase order (875) → po_approved, one for each line. Lines have no numbers: their
# place in the document is one.

live
| . as $set
| (.G50.G5003 | require("the purchase order's number (G5003)")) as $order
| (vendor // receiver) as $vendor
| (party(["ST"]) | require("the place that the goods go to (N1*ST)")) as $to
| if .G50.G5001 == "N" then . else refuse("H-TOPIC"; "an order of this status (G5001) cannot be told yet") end
| [.G68 // [] | to_entries[]]
| if length == 0 then refuse("V-SCH-01"; "the order has no lines") else .[] end
| (.key + 1 | tostring) as $number
| .value
| { type: "po_approved.v1",
    key: ([$order, $number] | key),
    time: ($set | moment(.G50.G5002; null; null)),
    data: {
      order: $order, line: $number, vendor: $vendor, location: $to,
      item: item({(.G6807 // ""): .G6808, (.G6805 // ""): .G6806}; .G6804),
      quantity: (.G6801 | quantity),
      unit: (.G6802 | unit),
      cost: (if .G6803 == null then null
             else ($set | currency) as $currency | extended(.G6801; .G6803; null; $currency) | amount_of_minor($currency) end),
      eta: ($set | gathered("02") | if . == null then null else day end) } }
