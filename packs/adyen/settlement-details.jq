# A row of the settlement details report → what it changes in what Adyen owes.
#
# Gross is in the currency that the customer paid in (GC), all else in that of the settlement
# (NC). Where the two differ, the gross of the settlement is its net and its fees together.
# A batch's other rows add up to its MerchantPayout.

(."Type" | require("the type")) as $type
| (."Net Currency" | require("the net currency")) as $currency
| (."Merchant Account" | require("the merchant account")) as $account
| (."Batch Number" | require("the batch")) as $batch
| ["adyen", $account, $batch] as $settlement

| def cents($c): if present == null then 0 else minor($c) end;
  (((."Net Credit (NC)" | cents($currency)) - (."Net Debit (NC)" | cents($currency)))) as $net
| ([."Commission (NC)", ."Markup (NC)", ."Scheme Fees (NC)", ."Interchange (NC)" | cents($currency)] | add) as $fees
| (."Gross Currency" | present // $currency) as $paid_in
| ((."Gross Credit (GC)" | cents($paid_in)) - (."Gross Debit (GC)" | cents($paid_in))) as $gross

# The report's zones are abbreviations; those that are not sure are told in the source's zone.
| { UTC: "+00:00", GMT: "+00:00", WET: "+00:00", BST: "+01:00", CET: "+01:00", CEST: "+02:00", EET: "+02:00", EEST: "+03:00",
    EST: "-05:00", EDT: "-04:00", PST: "-08:00", PDT: "-07:00", SGT: "+08:00", AEST: "+10:00", AEDT: "+11:00" } as $zones
| ((."Creation Date" | require("the creation date")) + ($zones[."TimeZone" // ""] // "") | local_time) as $time

| def money: amount_of_minor($currency);
  def size: if . < 0 then - . else . end;
  def event($name; $id; $body): {type: $name, key: $id, time: $time, data: ({processor: "adyen", account: $account} + $body)};
  def payout: {type: "payout", id: ($settlement | key)};
  def other_currency: if $paid_in == $currency then null else {presented: ($gross | amount_of_minor($paid_in)), rate: (."Exchange Rate" | present)} end;

  def settled($of; $reference):
    event("payment_settled.v1"; $settlement + [$reference, $type] | key;
      { payout: payout, of: $of, tender: (."Payment Method" | present),
        gross: ((if $paid_in == $currency then $gross else $net + $fees end) | money),
        fee: ($fees | money), net: ($net | money),
        transaction: (."Modification Reference" | present) } + other_currency);

  # The stage as the notifications call it, so that both tell one fact under one key.
  def stage:
    {Chargeback: "CHARGEBACK", SecondChargeback: "SECOND_CHARGEBACK", ChargebackReversed: "CHARGEBACK_REVERSED"}[$type];

  # What is taken beyond the disputed amount is the fee.
  def disputed($name):
    (if $paid_in == $currency then $gross | size else ($net | size) - $fees end) as $amount
    | (($net | size) - $amount) as $fee
    | event($name; ["adyen", ."Modification Reference", stage] | key;
        { dispute: dispute(."Modification Reference"), payment: payment(."Psp Reference"), payout: payout,
          amount: ($amount | money), fee: (if $fee > 0 then $fee | money else null end) });

  # These rows have no reference of their own; their time and amount tell them apart.
  def own_key: $settlement + [$type, (."Modification Reference" | present), $time, $net | values] | key;

  def fee: event("processor_fee.v1"; own_key; {fee: own_key, payout: payout, fee_type: $type, amount: (- $net | money)});

  def held:
    event(if $net < 0 then "reserve_held.v1" else "reserve_released.v1" end; own_key;
      {reserve: own_key, payout: payout, amount: ($net | size | money), ext: {type: $type}});

  # The bank repeats Adyen's reference of the transfer: TX…XT.
  def transfer: [."Modification Reference" // "" | scan("TX[0-9A-Z]+XT")] | if . == [] then null else {type: "payout_trace", id: .[0]} end;

  if IN($type; "Settled", "SettledInstallment", "SettledBulk", "SettledReversed") then
    settled(payment(."Psp Reference"); (."Modification Reference" | present) // ."Psp Reference")
  elif IN($type; "Refunded", "RefundedBulk", "RefundedReversed") then
    settled(refund(."Modification Reference"); ."Modification Reference")
  elif IN($type; "Chargeback", "SecondChargeback") then disputed("chargeback_opened.v1")
  elif IN($type; "ChargebackReversed") then disputed("chargeback_won.v1")
  elif IN($type; "Fee", "MiscCosts", "PaymentCost", "InvoiceDeduction", "AdvancementCommission") then fee
  # A balance that is carried into another batch stands in the reserve between the two.
  elif IN($type; "DepositCorrection", "ReserveAdjustment", "Balancetransfer") then held
  elif IN($type; "MerchantPayout", "MerchantPayin") then
    event("payout.v1"; $settlement | key; {payout: payout, trace: transfer, amount: (- $net | money)})
  elif IN($type; "AcquirerPayout", "BankInstructionReturned", "BulkSettlement", "InternalCompanyPayout", "ManualCorrected", "MatchedStatement",
                 "PaidOut", "PaidOutReversed", "Epaid", "EpaidReversed", "CashAdvancement", "TerminalSale", "TerminalSaleReversed") then
    refuse("H-TOPIC"; "a row of the type \($type) cannot be booked yet")
  else refuse("H-TOPIC"; "a row of a type that is not known") end
