# disputes/create, disputes/update → chargeback_opened, and chargeback_won or chargeback_lost in
# the end. An inquiry takes no money. What the dispute costs, the balance tells.

if .type == "inquiry" then ignore("an inquiry takes no money") else . end
| if .type != "chargeback" then refuse("H-TOPIC"; "a dispute of a type that nothing books yet") else . end
| (.id | require("the dispute's id") | tostring) as $id
| (.order_id | require("the order of the dispute") | tostring) as $order
| (.currency | require("the currency")) as $currency
| def stage($stage; $time):
    { type: "chargeback_\($stage).v1",
      key: (["shopify_payments", $id, $stage] | key),
      time: ($time | utc_time),
      data: {
        processor: "shopify_payments",
        dispute: {type: "dispute", id: (["shopify_payments", $id] | key)},
        payment: shop_order($order),
        order: shop_order($order),
        amount: (.amount | amount($currency)),
        reason: .reason,
        deadline: (if $stage == "opened" and .evidence_due_by != null then .evidence_due_by | utc_time else null end) } };

  stage("opened"; .initiated_at),
  ( .finalized_on // .initiated_at | if length == 10 then . + "T00:00:00" | local_time else . end ) as $end
  | if .status == "won" then stage("won"; $end)
    elif .status == "lost" or .status == "accepted" then stage("lost"; $end)
    elif .status == "needs_response" or .status == "under_review" then empty
    else refuse("H-TOPIC"; "a dispute in a state that nothing books yet") end
