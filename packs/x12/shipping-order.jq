# An order to a warehouse to ship (940). The order that it carries out is known; where nobody else
# tells that it was given to the warehouse, the option allocations makes it allocated.

live
| if $options.allocations != "told" then ignore("an instruction to a warehouse: its shipping advice tells what moves") else . end
| (.W05.W0502 | require("the depositor's order number (W0502)")) as $order
| (party(["WH", "SF"]) // receiver) as $location
| (if .W05.W0501 == "X" then refuse("V-TRN-01"; "a simulation exercise") elif IN(.W05.W0501; "N", "B", "S") then "allocated.v1" elif IN(.W05.W0501; "F", "D") then "deallocated.v1"
   else refuse("H-TOPIC"; "a shipping order of this status (W0501) cannot be told yet") end) as $type
| [.LX[]? | .LX01 as $number | .W01[]? | {number: $number, line: .}]
| if length == 0 then refuse("V-SCH-01"; "the shipping order has no lines") else .[] end
| .number as $number
| .line
| (n9("LI") // $number) as $line
| { type: $type,
    key: ([$order, $line] | key),
    time: written,
    data: {
      allocation: ([$order, $line] | key),
      claim: order_line($order; $line),
      item: item({(.W0106 // ""): .W0107, (.W0104 // ""): .W0105}; .W0103),
      location: $location,
      quantity: (.W0101 | quantity),
      unit: (.W0102 | unit) } }
