# charge.dispute.created, .funds_withdrawn → chargeback_opened; charge.dispute.closed →
# chargeback_won or chargeback_lost. An inquiry (warning_…) has taken no money yet: when it becomes
# a dispute, funds_withdrawn tells it under the same key.

live($options.test_mode)
| .type as $type
| .created as $told
| .account as $account
| (.data.object | require("the dispute"))
| (.id | require("the dispute's id")) as $dispute
| (.currency | require("the currency") | ascii_upcase) as $currency
| [.balance_transactions[]? | .fee | select(. != null and . > 0)] as $fees

| def stage($event; $word):
    { type: $event,
      key: (["stripe", $dispute, $word] | key),
      time: ($told | epoch_time),
      data: {
        processor: "stripe", account: $account,
        dispute: {type: "dispute", id: (["stripe", $dispute] | key)},
        payment: {type: "payment", id: (["stripe", (.charge | require("the charge"))] | key)},
        amount: (.amount | money($currency)),
        fee: (if $word == "opened" and $fees != [] then $fees | add | money($currency) else null end),
        reason: .reason,
        deadline: (if $word == "opened" and .evidence_details.due_by != null then .evidence_details.due_by | epoch_time else null end) } };

  if $type == "charge.dispute.closed" then
    if .status == "won" then stage("chargeback_won.v1"; "won")
    elif .status == "lost" then stage("chargeback_lost.v1"; "lost")
    else ignore("an inquiry that ended took no money") end
  elif $type == "charge.dispute.created" and (.status | require("the status") | startswith("warning")) then
    ignore("an inquiry takes no money yet")
  else stage("chargeback_opened.v1"; "opened") end
