# A row of the itemised payout reconciliation report → payment_settled, or payout.

# Categories are words of Stripe's; any other text is not repeated.
def named:
  if IN("adjustment", "advance", "advance_funding", "charge_failure", "connect_collection_transfer", "connect_reserved_funds",
        "contribution", "dispute", "dispute_reversal", "fee", "financing_paydown", "financing_paydown_reversal", "financing_payout",
        "financing_payout_reversal", "issuing_authorization_hold", "issuing_authorization_release", "issuing_transaction",
        "network_cost", "other_adjustment", "partial_capture_reversal", "payout_reversal", "platform_earning",
        "platform_earning_refund", "refund_failure", "reserve_transaction", "risk_reserved_funds", "tax", "topup",
        "topup_reversal", "transfer", "transfer_reversal", "unreconciled_customer_funds")
  then . else "that is unknown" end;

(.currency | ascii_upcase) as $currency
| (.automatic_payout_id | require("the payout")) as $payout
| (.source_id | require("the source")) as $source
| (.reporting_category | require("the reporting category")) as $category

| def settled($kind):
    { type: "payment_settled.v1",
      key: (["stripe", $payout, $source] | key),
      time: (.created_utc | utc_time),
      data: {
        processor: "stripe",
        payout: {type: "payout", id: (["stripe", $payout] | key)},
        of: {type: $kind, id: (["stripe", $source] | key)},
        gross: (.gross | amount($currency)),
        fee: (.fee | amount($currency)),
        net: (.net | amount($currency)),
        transaction: .balance_transaction_id } };

  if $category == "charge" then settled("payment")
  elif $category == "refund" then settled("refund")
  elif $category == "payout" then
    { type: "payout.v1",
      key: (["stripe", $source] | key),
      time: (.automatic_payout_effective_at_utc | utc_time),
      data: {
        processor: "stripe",
        payout: {type: "payout", id: (["stripe", $source] | key)},
        # The payout takes from the balance what the bank gets.
        amount: (- (.net | minor($currency)) | amount_of_minor($currency)) } }
  # These rows are money, and nothing books them yet: each has to be seen by somebody.
  else refuse("H-TOPIC"; "a row of the category \($category | named) cannot be booked yet") end
