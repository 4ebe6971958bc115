# Standard notifications → what became of a payment, a refund or a dispute.
#
# pspReference names what the notification is about: the authorisation, the capture, the refund,
# the dispute. originalReference names the authorisation before it, which is the payment here.
# An item says by a text whether what was asked for came to be.

live(.live == "true" or .live == true; $options.test_mode)
| def ignored($reason): {ignored: $reason};

  def common: {processor: "adyen", account: .merchantAccountCode, tender: (.paymentMethod | present)};

  def event($name; $id; $body):
    { type: $name, key: $id, time: (.eventDate | local_time),
      source_version: (.eventDate | local_time | source_version), data: $body };

  def own_key: ["adyen", .pspReference] | key;
  def stage_key: ["adyen", .pspReference, .eventCode] | key;

  # The merchant's reference of an authorisation is the order's; modifications may have their own.
  def order: .merchantReference | present | if . == null then null else {type: "shop_order", id: .} end;

  def authorised($payment): event("payment_authorised.v1"; $payment.id; common + {payment: $payment, order: order, amount: (.amount | money)});

  def captured($payment): event("payment_captured.v1"; own_key; common + {payment: $payment, order: (if .eventCode == "AUTHORISATION" then order else null end), amount: (.amount | money)});

  def voided:
    event("payment_voided.v1"; ["adyen", .originalReference, .pspReference] | key; {
      processor: "adyen", account: .merchantAccountCode, payment: payment(.originalReference), reason: .eventCode });

  def refunded: event("refund_issued.v1"; own_key; common + {refund: refund(.pspReference), payment: payment(.originalReference), amount: (.amount | money)});

  # What fails after it was accepted: a capture is named by its payment, a refund by itself.
  def failed($of): event("payment_failed.v1"; stage_key; common + {payment: $of, amount: (.amount | money), reason: .eventCode});

  def disputed($name):
    event($name; stage_key; {
      processor: "adyen", account: .merchantAccountCode,
      dispute: dispute(.pspReference),
      payment: payment(.originalReference),
      amount: (.amount | money),
      reason: (.additionalData | member("chargebackReasonCode") | present),
      deadline: (.additionalData | member("defensePeriodEndsAt") | present | if . == null then null else local_time end) });

  # What a request for either of the two has become.
  def modification: .additionalData | member("modification.action");

  def made:
    (.eventCode | require("the event code")) as $code
    | if $code == "AUTHORISATION" then
        if $options.capture == "immediate" then captured(payment(.pspReference)) else authorised(payment(.pspReference)) end
      elif $code == "AUTHORISATION_ADJUSTMENT" then authorised(payment(.originalReference)) | .data.order |= null
      elif $code == "CAPTURE" and $options.capture == "immediate" then ignored("the authorisation was the capture")
      elif $code == "CAPTURE" then captured(payment(.originalReference))
      elif IN($code; "CANCELLATION", "TECHNICAL_CANCEL") or $code == "CANCEL_OR_REFUND" and modification == "cancel" then voided
      elif $code == "REFUND" or $code == "REFUND_WITH_DATA" or $code == "CANCEL_OR_REFUND" and modification == "refund" then refunded
      elif $code == "CANCEL_OR_REFUND" then refuse("V-SCH-01"; "modification.action, which tells a cancellation from a refund, is missing")
      elif $code == "CAPTURE_FAILED" then failed(payment(.originalReference))
      elif IN($code; "REFUND_FAILED", "REFUNDED_REVERSED") then failed(refund(.pspReference))
      elif $code == "EXPIRE" then
        event("auth_expired.v1"; ["adyen", (.originalReference | present) // .pspReference, "EXPIRE"] | key; {
          processor: "adyen", account: .merchantAccountCode, payment: payment((.originalReference | present) // .pspReference) })
      elif IN($code; "CHARGEBACK", "SECOND_CHARGEBACK") then disputed("chargeback_opened.v1")
      elif IN($code; "CHARGEBACK_REVERSED", "PREARBITRATION_WON", "PREARBITRATION_ISSUER_WITHDRAWN") then disputed("chargeback_won.v1")
      elif IN($code; "PREARBITRATION_LOST", "PREARBITRATION_ACCEPTED") then disputed("chargeback_lost.v1")
      elif $code == "PREARBITRATION_OPEN" then disputed("chargeback_prearb.v1")
      # The issuer's word is the last one: what was taken is gone.
      elif $code == "DISPUTE_DEFENSE_PERIOD_ENDED" then
        if (.additionalData | member("disputeStatus")) == "Lost" then disputed("chargeback_lost.v1")
        else ignored("the time to defend a dispute is over; what becomes of it comes later") end
      elif IN($code; "NOTIFICATION_OF_CHARGEBACK", "NOTIFICATION_OF_FRAUD", "REQUEST_FOR_INFORMATION", "INFORMATION_SUPPLIED",
                     "ISSUER_COMMENTS", "ISSUER_RESPONSE_TIMEFRAME_EXPIRED", "PREARBITRATION_DECLINED") then
        ignored("a dispute is announced or discussed: CHARGEBACK takes the money")
      elif $code == "REPORT_AVAILABLE" then ignored("a report that moves nothing is ready")
      elif IN($code; "PAYOUT_THIRDPARTY", "PAYOUT_EXPIRE", "PAYOUT_DECLINE", "PAIDOUT_REVERSED") then
        refuse("H-TOPIC"; "money that is paid to a third party cannot be booked yet")
      elif IN($code; "AUTHENTICATION", "AUTORESCUE", "CANCEL_AUTORESCUE", "DONATION", "HANDLED_EXTERNALLY", "MANUAL_REVIEW_ACCEPT",
                     "MANUAL_REVIEW_REJECT", "OFFER_CLOSED", "ORDER_CLOSED", "ORDER_OPENED", "PENDING", "POSTPONED_REFUND",
                     "PROCESS_RETRY", "RECURRING_CONTRACT", "DISABLE_RECURRING", "FRAUD_ONLY", "FUND_TRANSFER") then
        ignored("it moves no money of the merchant, or the notification of the payment tells it")
      else refuse("H-TOPIC"; "a notification of a kind that is not known") end;

  def told:
    if .success == "true" or .success == true then made
    elif .success == "false" or .success == false then ignored("what was asked for did not come to be: no money moved")
    else refuse("V-SCH-01"; "whether it came to be is missing") end;

  [.notificationItems[] | .NotificationRequestItem | require("an item") | told] as $found
| if $found == [] then refuse("V-SCH-01"; "the notification has no item")
  elif all($found[]; has("ignored")) then ignore($found[0].ignored)
  else $found[] | select(has("ignored") | not) end
