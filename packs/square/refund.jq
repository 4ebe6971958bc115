# refund.created, refund.updated and refunds that were asked for → refund_issued, once the
# refund is completed.
#
# Square makes an order of its own of each refund: it is the return that the refund pays for.

object("refund")
| (.id | require("the refund's id")) as $id
| (.status | require("the status")) as $status
| .location_id as $location
| if $status == "PENDING" or $status == "APPROVED" then ignore("the refund is not completed: nothing was paid back")
  elif IN($status; "REJECTED", "FAILED", "CANCELED") then ignore("the refund did not come to be: nothing was paid back")
  elif $status != "COMPLETED" then refuse("V-SCH-01"; "the refund has a status that is not known")
  else . end
| { type: "refund_issued.v1",
    key: (["square", $id] | key),
    time: (.created_at | in_zone_at($location)),
    data: {
      processor: "square",
      refund: refund($id),
      payment: (if .unlinked == true then null else payment(.payment_id) end),
      return: (if .order_id == null then null else {type: "return", id: .order_id} end),
      tender: .destination_type,
      amount: (.amount_money | money) } }
