# charge.succeeded, charge.captured → payment_authorised or payment_captured; charge.expired →
# auth_expired; charge.refunded of what was never captured → payment_voided.
#
# The order is named by the metadata that the integration of shop and processor writes:
# order_id is the shop's id of the order.

live($options.test_mode)
| .type as $type
| .created as $told
| .account as $account
| (.data.object | require("the charge"))
| (.id | require("the charge's id")) as $charge
| (.currency | require("the currency") | ascii_upcase) as $currency
| def common:
    { processor: "stripe", account: $account,
      payment: {type: "payment", id: (["stripe", $charge] | key)},
      order: (.metadata.order_id | reference("shop_order")) };

  def ended($word):
    { key: (["stripe", $charge, $word] | key), time: ($told | epoch_time), data: (common + {amount: (.amount | money($currency))}) };

  if .status != "succeeded" and $type != "charge.expired" then ignore("the charge has not succeeded")
  elif $type == "charge.expired" then ended("expired") + {type: "auth_expired.v1"}
  elif $type == "charge.refunded" and .captured != false then ignore("the refund tells it")
  elif $type == "charge.refunded" then ended("voided") + {type: "payment_voided.v1"}
  elif .captured == false then
    { type: "payment_authorised.v1",
      key: (["stripe", $charge] | key),
      time: (.created | epoch_time),
      data: (common + {
        amount: (.amount | money($currency)),
        expires_at: (.payment_method_details.card.capture_before | if . == null then null else epoch_time end) }) }
  else
    { type: "payment_captured.v1",
      key: (["stripe", $charge] | key),
      time: (if $type == "charge.captured" then $told else .created end | epoch_time),
      data: (common + {amount: (.amount_captured | require("the captured amount") | money($currency))}) }
  end
