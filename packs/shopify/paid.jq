# orders/paid → payment_captured. The shop says that the order is paid and not by which
# charge, so the payment is known by its order.

if .test == true then test_order else . end
| (.id | require("the order's id") | tostring) as $order
| (.currency | require("the order's currency")) as $currency
| if (.total_price | minor($currency)) == 0 then ignore("the order cost nothing") else . end
| { type: "payment_captured.v1",
    key: ([$order, "paid"] | key),
    # The order's last change is its payment; processed_at is when it was placed.
    time: (.updated_at // .processed_at | utc_time),
    data: {
      processor: ([.payment_gateway_names[]? | ascii_downcase] | unique | join("+") | if . == "" then "unknown" else . end),
      order: {type: "shop_order", id: $order},
      amount: (.total_price | amount($currency)) } }
