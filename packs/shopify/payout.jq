# A payout of Shopify Payments → payout, once the bank has it.

if .status != "paid" then ignore("the payout is not with the bank") else . end
| (.id | require("the payout's id") | tostring) as $id
| (.currency | require("the currency")) as $currency
| { type: "payout.v1",
    key: (["shopify_payments", $id] | key),
    time: (.date + "T00:00:00" | local_time),
    data: {
      processor: "shopify_payments",
      payout: {type: "payout", id: (["shopify_payments", $id] | key)},
      amount: (.amount | amount($currency)),
      arrival: .date } }
