# An order that Amazon gives us as its vendor → order_placed: Amazon buys.
#
# Costs are told for one piece; a line is worth as many of them as it orders.

(.purchaseOrderNumber | require("the order's number")) as $order
| (.orderDetails | require("the order's details"))
| (.purchaseOrderChangedDate // .purchaseOrderStateChangedDate // .purchaseOrderDate | source_version) as $version
| (.purchaseOrderDate | in_zone) as $time
| [ .items[]? | select(.orderedQuantity.amount != 0)
    | (.netCost | require("the cost of a line")) as $cost
    | ($cost | money_currency) as $currency
    | { line: (.itemSequenceNumber | require("the line's number")), item: (.vendorProductIdentifier // .amazonProductIdentifier | require("the item of a line")),
        # A case of unitSize pieces is counted in pieces.
        pieces: (.orderedQuantity | (.amount | require("a quantity")) * (if .unitOfMeasure == "Cases" then .unitSize | require("the size of a case") else 1 end)),
        currency: $currency, worth: (.orderedQuantity.amount * ($cost | cents($currency))) } ] as $lines
| if $lines == [] then ignore("nothing is ordered")
  else
    $lines[0].currency as $currency
    | if any($lines[]; .currency != $currency) then refuse("V-CUR-01"; "the lines have several currencies") else . end
    | { type: "order_placed.v1", key: (["amazon", $order] | key), time: $time, source_version: $version,
        data: {
          aliases: [order_ref($order)], channel: "WHOLESALE", currency: $currency, mode: "SHIP",
          lines: [ $lines[] | {
            line, aliases: [line_ref($order; .line)], item, quantity: (.pieces | quantity),
            gross: (.worth | amount_of_minor($currency)), net: (.worth | amount_of_minor($currency)) } ],
          total: ([$lines[].worth] | add | amount_of_minor($currency)) } }
  end
