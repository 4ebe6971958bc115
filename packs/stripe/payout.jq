# payout.paid → payout. It has no members; the report of the payout supplies them. A payout that
# failed or was canceled → payment_failed: the money is in the balance again.

live($options.test_mode)
| .type as $type
| .created as $told
| .account as $account
| (.data.object | require("the payout"))
| (.currency | require("the currency") | ascii_upcase) as $currency
| (["stripe", .id] | key) as $payout
| if $type != "payout.paid" then
  { type: "payment_failed.v1",
    key: (["stripe", .id, "failed"] | key),
    time: ($told | epoch_time),
    data: {
      processor: "stripe", account: $account,
      payment: {type: "payout", id: $payout},
      amount: (.amount | money($currency)),
      reason: .failure_code } }
  else
  { type: "payout.v1",
    key: $payout,
    time: ($told | epoch_time),
    data: {
      processor: "stripe", account: $account,
      payout: {type: "payout", id: $payout},
      trace: (.trace_id.value | reference("payout_trace")),
      amount: (.amount | money($currency)),
      arrival: (.arrival_date | if . == null then null else epoch_time | business_date end) } }
  end
