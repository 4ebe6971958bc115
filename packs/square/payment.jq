# payment.created, payment.updated and payments that were asked for → payment_authorised,
# payment_captured, payment_voided, auth_expired, payment_failed.
#
# What the customer pays is total_money, which contains the tip. The fee of an application and
# Square's own fee are taken later: the entries of the payout tell them.

object("payment")
| (.id | require("the payment's id")) as $id
| (.status | require("the status")) as $status
| .location_id as $location
| (.card_details | member("card_payment_timeline") // {}) as $timeline
| (if .order_id == null then null else {type: "shop_order", id: .order_id} end) as $order

| def event($name; $own_key; $time; $body):
    { type: $name, key: $own_key, time: ($time | in_zone_at($location)),
      data: ({processor: "square", payment: payment($id), order: $order} + $body) };
  def own_key: ["square", $id] | key;
  def end_key: ["square", $id, $status] | key;
  def share($part): if $part == null then null else $part | money | .amount end;
  def apart: {tip: share(.tip_money), app_fee: share(.app_fee_money)} | with_entries(select(.value != null)) | if . == {} then null else . end;

  if $status == "APPROVED" then
    event("payment_authorised.v1"; own_key; .created_at; {
      tender: .source_type, amount: (.approved_money // .total_money | money),
      expires_at: (if .delayed_until == null then null else .delayed_until | utc_time end) })
  elif $status == "COMPLETED" then
    event("payment_captured.v1"; own_key; $timeline.captured_at // .created_at; {
      tender: .source_type, amount: (.total_money | money), ext: apart })
  elif $status == "CANCELED" then
    ($timeline.voided_at // .updated_at) as $ended
    | if .delay_action == "CANCEL" and .delayed_until != null and ($ended | source_version) >= (.delayed_until | source_version)
      then event("auth_expired.v1"; end_key; $ended; {amount: (.approved_money // .total_money | money)})
      else event("payment_voided.v1"; end_key; $ended; {amount: (.approved_money // .total_money | money), reason: "CANCELED"}) end
  # A card is declined at once; a debit of a bank account was on its way.
  elif $status == "FAILED" and .source_type == "BANK_ACCOUNT" then
    event("payment_failed.v1"; end_key; .updated_at; {tender: .source_type, amount: (.total_money | money), reason: "FAILED"})
  elif $status == "FAILED" then ignore("the payment was declined: nothing was taken")
  elif $status == "PENDING" then ignore("the payment is on its way: nothing was taken yet")
  else refuse("V-SCH-01"; "the payment has a status that is not known") end
