# refund.*, charge.refund.updated → refund_issued, once the refund has succeeded.
#
# metadata.return_id names what is refunded, as the system that took the goods back names it:
# store·business_date·till·number for a return at a till.

live($options.test_mode)
| .account as $account
| (.data.object | require("the refund"))
| (.id | require("the refund's id")) as $refund
| (.currency | require("the currency") | ascii_upcase) as $currency
| if .status == "failed" then refuse("H-TOPIC"; "a refund that failed cannot be taken back yet")
  elif .status != "succeeded" then ignore("the refund has not succeeded: nothing was paid back")
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
