# A return that our own place takes for Amazon → rma_created while it is on its way, mp_returned
# once it is there.

(.id | require("the return's id")) as $return
| (.status | require("the return's status")) as $status
| (.lastUpdatedDateTime | source_version) as $version
| order_ref(.marketplaceChannelDetails.customerOrderId) as $order
| (.merchantSku | require("the sku")) as $item
| (.returnMetadata.returnReason // .returnType) as $reason
| {type: "return", id: (["amazon", $return] | key)} as $self
| if IN($status; "CANCELLED", "REJECTED", "CUSTOMER_CANCELLED_PICK_UP") then ignore("nothing comes back")
  elif IN($status; "DELIVERED", "PARTIALLY_PROCESSED", "PROCESSED") then
    { type: "mp_returned.v1", key: (["amazon", $return, "1"] | key), time: (.lastUpdatedDateTime | in_zone), source_version: $version,
      data: {
        marketplace: "amazon", account: ($options | seller($instance)), return: $self, line: "1", order: $order, item: $item,
        location: (.fulfillmentLocationId | require("the place of the return")), quantity: (.numberOfUnits | quantity),
        reason: $reason, channel: "AMAZON" } }
  elif IN($status; "CREATED", "CARRIER_NOTIFIED_TO_PICK_UP_FROM_CUSTOMER", "CARRIER_OUT_FOR_PICK_UP_FROM_CUSTOMER", "CUSTOMER_RESCHEDULED_PICK_UP",
            "CUSTOMER_DROPPED_OFF", "PICKED_FROM_CUSTOMER", "IN_TRANSIT", "OUT_FOR_DELIVERY", "REPLANNED") then
    { type: "rma_created.v1", key: (["amazon", $return] | key), time: (.creationDateTime | in_zone),
      data: {return: $self, order: $order, lines: [{line: "1", original: $order, item: $item, quantity: (.numberOfUnits | quantity), reason: $reason}]} }
  else refuse("V-SCH-01"; "the return has a status that is not known") end
