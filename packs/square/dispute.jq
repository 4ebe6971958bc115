# dispute.* → chargeback_opened, chargeback_won, chargeback_lost.
#
# An inquiry takes no money. Square takes the amount when a dispute is opened and gives it back
# when it is won.

object("dispute")
| (.dispute_id // .id | require("the dispute's id")) as $id
| (.state | require("the state")) as $state
| def event($name; $stage):
    { type: $name,
      key: (["square", $id, $stage] | key),
      time: (if $stage == "OPENED" then .created_at else .updated_at end | in_zone),
      data: {
        processor: "square",
        dispute: reference("dispute"; $id),
        payment: payment(.disputed_payment.payment_id // .payment_id),
        amount: (.amount_money | money),
        reason: .reason,
        deadline: (if .due_at == null then null else .due_at | utc_time end) } };

  if IN($state; "EVIDENCE_REQUIRED", "PROCESSING") then event("chargeback_opened.v1"; "OPENED")
  elif $state == "WON" then event("chargeback_won.v1"; "WON")
  elif IN($state; "LOST", "ACCEPTED") then event("chargeback_lost.v1"; "LOST")
  elif IN($state; "INQUIRY_EVIDENCE_REQUIRED", "INQUIRY_PROCESSING", "INQUIRY_CLOSED") then ignore("an inquiry takes no money")
  else refuse("V-SCH-01"; "the dispute has a state that is not known") end
