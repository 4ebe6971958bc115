# A row of the itemised payout reconciliation report → what it settles, or the payout. Every row
# of a payout names it, so that the members add up to what is paid.

# Categories are words of Stripe's; any other text is not repeated.
def named:
  if IN("advance", "advance_funding", "connect_collection_transfer",
        "contribution", "financing_paydown", "financing_paydown_reversal", "financing_payout",
        "financing_payout_reversal", "issuing_authorization_hold", "issuing_authorization_release", "issuing_transaction",
        "partial_capture_reversal", "platform_earning",
        "platform_earning_refund", "topup",
        "topup_reversal", "transfer", "transfer_reversal", "unreconciled_customer_funds")
  then . else "that is unknown" end;

(.currency | ascii_upcase) as $currency
| (.automatic_payout_id | require("the payout")) as $payout
| (.source_id // "" | if . == "" then null else . end) as $source
| (.reporting_category | require("the reporting category")) as $category

| def settled($kind):
    { type: "payment_settled.v1",
      key: (["stripe", $payout, ($source | require("the source"))] | key),
      time: (.created_utc | utc_time),
      data: {
        processor: "stripe",
        payout: {type: "payout", id: (["stripe", $payout] | key)},
        of: {type: $kind, id: (["stripe", $source] | key)},
        gross: (.gross | amount($currency)),
        fee: (.fee | amount($currency)),
        net: (.net | amount($currency)),
        transaction: .balance_transaction_id } };

  # What the row takes from the balance, and what it gives.
  def taken: - (.net | minor($currency)) | amount_of_minor($currency);
  def given: .net | amount($currency);
  def size: .gross | minor($currency) | if . < 0 then - . else . end | amount_of_minor($currency);
  def row($event; $parts; $more):
    { type: $event, key: ($parts | key), time: (.created_utc | utc_time),
      data: ({processor: "stripe", payout: {type: "payout", id: (["stripe", $payout] | key)}} + $more) };
  def dispute($event; $word):
    row($event; ["stripe", $source, $word]; {
      dispute: {type: "dispute", id: (["stripe", ($source | require("the dispute"))] | key)},
      payment: {type: "payment", id: (["stripe", (.charge_id | require("the charge"))] | key)},
      amount: size,
      fee: (if .fee | minor($currency) > 0 then .fee | amount($currency) else null end) });
  def failed($kind; $event; $word; $of):
    row($event; ["stripe", $of, $word]; {payment: {type: $kind, id: (["stripe", $of] | key)}, amount: size}) | del(.data.payout);
  def reserve:
    (.net | minor($currency)) as $net
    | row(if $net < 0 then "reserve_held.v1" else "reserve_released.v1" end;
        ["stripe", ($source // "reserve"), (.balance_transaction_id | require("the balance transaction"))];
        { reserve: ($source // .balance_transaction_id),
          amount: (if $net < 0 then taken else given end) });

  if $category == "charge" then settled("payment")
  elif $category == "refund" then settled("refund")
  elif $category == "payout" then
    { type: "payout.v1",
      key: (["stripe", ($source | require("the source"))] | key),
      time: (.automatic_payout_effective_at_utc | utc_time),
      data: {
        processor: "stripe",
        payout: {type: "payout", id: (["stripe", $source] | key)},
        # The payout takes from the balance what the bank gets.
        amount: taken } }
  elif $category == "dispute" then dispute("chargeback_opened.v1"; "opened")
  elif $category == "dispute_reversal" then dispute("chargeback_won.v1"; "won")
  elif $category == "refund_failure" then failed("refund"; "payment_failed.v1"; "failed"; $source | require("the refund"))
  elif $category == "payout_reversal" then failed("payout"; "payment_failed.v1"; "failed"; $source | require("the payout"))
  elif $category == "charge_failure" then failed("payment"; "payment_returned.v1"; "returned"; .charge_id | require("the charge"))
  elif IN($category; "fee", "network_cost", "tax", "adjustment", "other_adjustment") then
    ($source // (.balance_transaction_id | require("the balance transaction"))) as $fee
    | row("processor_fee.v1"; ["stripe", $fee]; {fee: $fee, fee_type: $category, amount: taken})
  elif IN($category; "reserve_transaction", "risk_reserved_funds", "connect_reserved_funds") then reserve
  # These rows belong to Connect, Issuing and Capital: each has to be seen by somebody.
  else refuse("H-TOPIC"; "a row of the category \($category | named) is no matter of a retailer's own account") end
