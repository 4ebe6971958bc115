# payout.sent, payout.paid, payout.failed and payouts that were asked for → payout.
#
# The fee of an instant payout is an entry of a payout, too, and not told here. A payout that
# failed is a later version of the same one, of nothing; its money waits in the reserve for the
# payout that brings it (RETURNED_PAYOUT).

object("payout")
| (.id | require("the payout's id")) as $id
| (.status | require("the status")) as $status
| reference("payout"; $id) as $payout
| (.amount_money | .currency // .currency_code) as $currency
| def event($name; $own_key; $body): {type: $name, key: $own_key, time: (.created_at | in_zone), data: ({processor: "square", payout: $payout} + $body)};

  if IN($status; "SENT", "PAID") then
    event("payout.v1"; $payout.id; {
      trace: (if (.end_to_end_id | present) == null then null else {type: "payout_trace", id: .end_to_end_id} end),
      amount: (.amount_money | money),
      arrival: (if (.arrival_date | present) == null then null else .arrival_date | business_date end) })
  elif $status == "FAILED" and (.amount_money.amount | tonumber) >= 0 then
    event("payout.v1"; $payout.id; {amount: (0 | amount_of_minor($currency))}),
    event("reserve_held.v1"; ["square", $id, "FAILED"] | key; {reserve: $payout.id, amount: (.amount_money | money)})
  elif $status == "FAILED" then refuse("H-TOPIC"; "a collection that failed cannot be booked yet")
  else refuse("V-SCH-01"; "the payout has a status that is not known") end
