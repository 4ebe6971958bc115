# An entry of a payout → what it changes in what Square owes. Its net is its gross less its fee;
# the entries of a payout add up to it.

(.id | require("the entry's id")) as $id
| (.payout_id | require("the payout")) as $payout_id
| (.type | require("the type")) as $type
| reference("payout"; $payout_id) as $payout
| (.net_amount_money // {} | .currency // .currency_code | require("the currency")) as $currency
| (.net_amount_money | cents) as $net
# What belongs to a type stands under a name of its own: type_charge_details.
| (.["type_" + ($type | ascii_downcase) + "_details"] // {}) as $details
| (["square", $payout_id, $id] | key) as $entry
| def size: if . < 0 then - . else . end;
  def event($name; $own_key; $body): {type: $name, key: $own_key, time: (.effective_at | in_zone), data: ({processor: "square", payout: $payout} + $body)};

  def settled($of):
    event("payment_settled.v1"; $entry; {
      of: $of, gross: (.gross_amount_money | money), fee: (.fee_amount_money | cents | amount_of_minor($currency)),
      net: (.net_amount_money | money), transaction: $id });

  def fee: event("processor_fee.v1"; $entry; {fee: $entry, fee_type: $type, amount: (- $net | amount_of_minor($currency))});

  def held:
    event(if $net < 0 then "reserve_held.v1" else "reserve_released.v1" end; $entry;
      {reserve: $entry, amount: ($net | size | amount_of_minor($currency)), ext: {type: $type}});

  # What is taken beyond the disputed amount is the fee.
  def disputed:
    ($details.dispute_id | require("the dispute")) as $dispute
    | (.gross_amount_money | cents | size) as $amount
    | (($net | size) - $amount) as $fee
    | event(if $net < 0 then "chargeback_opened.v1" else "chargeback_won.v1" end;
        ["square", $dispute, (if $net < 0 then "OPENED" else "WON" end)] | key;
        { dispute: reference("dispute"; $dispute), payment: payment($details.payment_id),
          amount: ($amount | amount_of_minor($currency)), fee: (if $fee > 0 then $fee | amount_of_minor($currency) else null end) });

  if $type == "CHARGE" then settled(payment($details.payment_id))
  elif $type == "REFUND" then settled(refund($details.refund_id))
  elif IN($type; "OPEN_DISPUTE", "DISPUTE") then disputed
  elif IN($type; "HOLD_ADJUSTMENT", "RELEASE_ADJUSTMENT", "RESERVE_HOLD", "RESERVE_RELEASE", "RETURNED_PAYOUT") then held
  # What Square takes or gives beside its fee of a payment: fee_types says what each of them is.
  elif IN($type; "ADJUSTMENT", "OTHER", "OTHER_ADJUSTMENT", "REDEMPTION_CODE", "FREE_PROCESSING", "LOCAL_OFFERS_CASHBACK")
      or ($type | test("^([A-Z]+_)*FEE(_[A-Z]+)*$")) then fee
  elif IN($type; "AUTOMATIC_BITCOIN_CONVERSIONS", "AUTOMATIC_BITCOIN_CONVERSIONS_REVERSED", "AUTOMATIC_SAVINGS", "AUTOMATIC_SAVINGS_REVERSED",
                 "BALANCE_FOLDERS_TRANSFER", "BALANCE_FOLDERS_TRANSFER_REVERSED", "CREDIT_CARD_REPAYMENT", "CREDIT_CARD_REPAYMENT_REVERSED",
                 "ESCHEATMENT", "GIFT_CARD_POOL_TRANSFER", "GIFT_CARD_POOL_TRANSFER_REVERSED", "INITIAL_BALANCE_CHANGE", "MONEY_TRANSFER",
                 "MONEY_TRANSFER_REVERSAL", "PAYOUT", "SQUARE_CAPITAL_PAYMENT", "SQUARE_CAPITAL_REVERSED_PAYMENT", "SQUARE_PAYROLL_TRANSFER",
                 "SQUARE_PAYROLL_TRANSFER_REVERSED") then refuse("H-TOPIC"; "an entry of the type \($type) cannot be booked yet")
  else refuse("H-TOPIC"; "an entry of a type that is not known") end
