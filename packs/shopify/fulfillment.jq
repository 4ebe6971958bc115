# fulfillments/create, fulfillments/update → fulfilled, once the fulfilment has succeeded.

if .status == "cancelled" then refuse("H-TOPIC"; "a fulfilment that was cancelled cannot be taken back yet")
elif .status != "success" then ignore("the fulfilment has not succeeded: nothing was handed over")
else . end
| (.id | require("the fulfilment's id") | tostring) as $fulfilment
| (.order_id | require("the order's id") | tostring) as $order
| { type: "fulfilled.v1",
    key: $fulfilment,
    time: (.created_at | utc_time),
    data: {
      aliases: [{type: "shipment", id: $fulfilment}],
      order: {type: "shop_order", id: $order},
      location: (.location_id | require("the location") | tostring),
      lines: [.line_items[] | (.id | require("a line's id") | tostring) as $line | {
        line: $line,
        aliases: [{type: "shipment", id: ([$fulfilment, $line] | key)}],
        claim: {type: "shop_order_line", id: $line},
        item: item,
        quantity: (.quantity | quantity) }] } }
