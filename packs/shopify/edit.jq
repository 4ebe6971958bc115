# orders/edited → order_modified: by how much lines grew and shrank. The message tells neither
# what a new line sells nor what it costs; the order is asked for and tells it.

.order_edit
| (.id | require("the edit's id") | tostring) as $edit
| (.order_id | require("the order's id") | tostring) as $order
| (.created_at | utc_time) as $time
| def changed($sign): {
    line: shop_line(.id | require("a line's id") | tostring),
    quantity: (.delta | require("by how much a line changed") | . * $sign | quantity) };

  [(.line_items.additions[]? | changed(1)), (.line_items.removals[]? | changed(-1))]
| select(. != [])
| { type: "order_modified.v1",
    key: ([$order, $edit] | key),
    time: $time,
    data: {order: shop_order($order), changed: .} }
