# An order that Amazon's warehouses send for another shop → shipped for each shipment that left,
# and mp_returned for what came back to them.
#
# The integration gives sellerFulfillmentOrderId the shop's id of the order, and
# sellerFulfillmentOrderItemId that of the line.

(.fulfillmentOrder.sellerFulfillmentOrderId | require("the order's id")) as $order
| [.fulfillmentOrderItems[]?] as $items
| [ .fulfillmentShipments[]? | select(IN(.fulfillmentShipmentStatus; "SHIPPED"))
    | (.amazonShipmentId | require("the shipment's id")) as $shipment
    | { type: "shipped.v1", key: (["amazon", $shipment] | key), time: (.shippingDate | in_zone),
        data: {
          shipment: {type: "shipment", id: $shipment}, order: order_ref($order), location: ($options | network),
          # Pieces with serial numbers are told one by one.
          lines: [ .fulfillmentShipmentItem // [] | to_entries[] | (.key + 1 | tostring) as $line | .value
            | { line: $line, claim: line_ref($order; .sellerFulfillmentOrderItemId),
                item: (.sellerSku | require("the sku")), quantity: (.quantity | quantity) } ],
          ext: (if .fulfillmentCenterId == null then null else {fulfillment_center: .fulfillmentCenterId} end) } } ] as $sent
| [ .returnItems[]? | select(.status == "Processed") | . as $back
    | (.sellerReturnItemId | require("the return's id")) as $return
    | ([$items[] | select(.sellerFulfillmentOrderItemId == $back.sellerFulfillmentOrderItemId)][0] | require("the line that came back")) as $item
    | { type: "mp_returned.v1", key: (["amazon", $order, $return] | key), time: (.statusChangedDate | in_zone),
        data: {
          marketplace: "amazon", account: ($options | seller($instance)), return: {type: "return", id: (["amazon", $order, $return] | key)}, line: $return,
          order: order_ref($order), original: line_ref($order; .sellerFulfillmentOrderItemId),
          item: $item.sellerSku, location: ($options | network), quantity: "1",
          disposition: (if .returnReceivedCondition == "Sellable" then "RESTOCK" elif .returnReceivedCondition == null then null else "DEFECT" end),
          reason: (.amazonReturnReasonCode // .sellerReturnReasonCode), channel: "AMAZON" } } ] as $returned
| if $sent == [] and $returned == [] then ignore("nothing has left Amazon's warehouses yet") else $sent[], $returned[] end
