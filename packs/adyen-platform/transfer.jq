# balancePlatform.transfer.* → payout, once money has left a balance account for a bank.
#
# A transfer between own balance accounts moves nothing. What payments, refunds, fees and
# disputes change on a balance account, the notifications and reports of the merchant account
# tell, by payment.

if .environment == "live" or $options.test_mode == "accept" then . else refuse("V-TRN-01"; "a message from the test environment") end
| (.timestamp | require("the time")) as $told
| .data
| (.id | require("the transfer's id")) as $transfer
| (.status | require("the status")) as $status
| (["adyen", $transfer] | key) as $payout
| def event($name; $id; $body): {type: $name, key: $id, time: ($told | local_time), data: ({processor: "adyen", account: .balanceAccount.id} + $body)};
  def paid: .amount | .currency as $c | .value | amount_of_minor($c);

  if .category == "internal" then ignore("a transfer between own balance accounts")
  elif .category == "platformPayment" then ignore("the notifications and reports of the merchant account tell payments")
  elif .category != "bank" then refuse("H-TOPIC"; "a transfer of this category cannot be booked yet")
  elif IN($status; "received", "authorised", "refused", "cancelled", "error", "pending", "failed") then ignore("nothing has left the balance account")
  elif .direction == "outgoing" and IN($status; "booked", "credited", "tracking") then
    event("payout.v1"; $payout; {
      payout: {type: "payout", id: $payout},
      trace: {type: "payout_trace", id: $transfer},
      amount: paid })
  # The bank sent the money back: nothing was paid out after all.
  elif .direction == "outgoing" and $status == "returned" then
    event("payout.v1"; $payout; {payout: {type: "payout", id: $payout}, amount: (.amount.currency as $c | 0 | amount_of_minor($c))})
  elif .direction == "incoming" and $status == "booked" then
    event("payout.v1"; $payout; {
      payout: {type: "payout", id: $payout},
      trace: {type: "payout_trace", id: $transfer},
      amount: (.amount | .currency as $c | - (.value | tonumber) | amount_of_minor($c)) })
  else refuse("H-TOPIC"; "a transfer in this state cannot be booked yet") end
