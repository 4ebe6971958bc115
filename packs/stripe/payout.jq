# payout.paid → payout. It has no members; the report of the payout supplies them.

live($options.test_mode)
| .created as $told
| .account as $account
| (.data.object | require("the payout"))
| (.currency | require("the currency") | ascii_upcase) as $currency
| (["stripe", .id] | key) as $payout
| { type: "payout.v1",
    key: $payout,
    time: ($told | epoch_time),
    data: {
      processor: "stripe", account: $account,
      payout: {type: "payout", id: $payout},
      trace: (.trace_id.value | reference("payout_trace")),
      amount: (.amount | money($currency)),
      arrival: (.arrival_date | if . == null then null else epoch_time | business_date end) } }
