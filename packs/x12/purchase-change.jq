# A change of a purchase order (860) → po_changed, one for each line that it names, as the line
# stands then. A line that is deleted is one of nothing.

live
| . as $set
| (.BCH.BCH03 | require("the purchase order's number (BCH03)")) as $order
| (vendor // receiver) as $vendor
| party(["ST", "BY"]) as $to
| day_of("002") as $eta
| (.BCH.BCH01 == "01") as $cancelled
| [.POC // [] | .[]]
| if length == 0 then refuse("H-TOPIC"; "a change that names no lines cannot be told yet") else .[] end
| . as $line
| (.POC01 | require("the line's number (POC01)") | line_number) as $number
| ($cancelled or .POC02 == "DI") as $deleted
| { type: "po_changed.v1",
    key: ([$order, $number, written_as] | key),
    time: written,
    data: {
      order: $order, line: $number, vendor: $vendor,
      item: item({(.POC14 // ""): .POC15, (.POC12 // ""): .POC13, (.POC10 // ""): .POC11, (.POC08 // ""): .POC09}; null),
      location: (party(["ST"]) // $to | require("the place that the goods go to (N1*ST)")),
      quantity: (if $deleted then "0" else .POC03 | require("the quantity that is ordered now (POC03)") | quantity end),
      unit: (.POC05 | unit),
      cost: (if $deleted or .POC06 == null then null
             else ($set | currency) as $currency | extended($line.POC03; $line.POC06; $line.POC07; $currency) | amount_of_minor($currency) end),
      eta: (day_of("002") // $eta) } }
