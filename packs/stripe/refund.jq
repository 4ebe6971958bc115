# refund.*, charge.refund.updated → refund_issued, once the refund has succeeded; a refund that
# failed afterwards → payment_failed.
#
# metadata.return_id names what is refunded, as the system that took the goods back names it:
# store·business_date·till·number for a return at a till.

live($options.test_mode)
| .account as $account
| (.data.object | require("the refund"))
| (.id | require("the refund's id")) as $refund
| (.currency | require("the currency") | ascii_upcase) as $currency
| if .status == "failed" then
  { type: "payment_failed.v1",
    key: (["stripe", $refund, "failed"] | key),
    time: (.created | epoch_time),
    data: {
      processor: "stripe", account: $account,
      payment: {type: "refund", id: (["stripe", $refund] | key)},
      order: (.metadata.order_id | reference("shop_order")),
      amount: (.amount | money($currency)),
      reason: .failure_reason } }
  else
  if .status != "succeeded" then ignore("the refund has not succeeded: nothing was paid back")
  else . end
| { type: "refund_issued.v1",
    key: (["stripe", $refund] | key),
    time: (.created | epoch_time),
    data: {
      processor: "stripe", account: $account,
      refund: {type: "refund", id: (["stripe", $refund] | key)},
      payment: {type: "payment", id: (["stripe", (.charge | require("the charge"))] | key)},
      order: (.metadata.order_id | reference("shop_order")),
      return: (.metadata.return_id | reference("return")),
      amount: (.amount | money($currency)) } }
  end
