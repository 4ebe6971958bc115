# order_transactions/create → payment_authorised, payment_captured, payment_voided. A refund is
# told by its refund, with what came back.
#
# Shopify Payments settles by the shop's own transaction, other processors by the charge's id,
# which is the authorization.

def processor: .gateway | require("the gateway") | ascii_downcase;

def payment:
  processor as $processor
  | (if $processor == "shopify_payments" then (if .kind == "void" then .parent_id else .id end)
     else (if (.authorization // "") == "" then .parent_id // .id else .authorization end) end) as $charge
  | {type: "payment", id: ([$processor, $charge] | key)};

if .test == true then refuse_test("a test transaction"; [payment]) else . end
| if .status != "success" then ignore("no money moved by it") else . end
| (.id | require("the transaction's id") | tostring) as $id
| (.kind | require("the kind")) as $kind
| (.currency | require("the currency")) as $currency
| { key: (["shopify", $id] | key),
    time: (.processed_at // .created_at | utc_time),
    data: {
      processor: processor,
      payment: payment,
      order: shop_order(.order_id | require("the order's id") | tostring),
      amount: (.amount | amount($currency)) } }
| if $kind == "authorization" then . + {type: "payment_authorised.v1"}
  elif $kind == "capture" or $kind == "sale" then . + {type: "payment_captured.v1"}
  elif $kind == "void" then . + {type: "payment_voided.v1"}
  elif $kind == "refund" then ignore("the refund tells it, with what came back")
  else refuse("H-TOPIC"; "a transaction of a kind that nothing books yet") end
