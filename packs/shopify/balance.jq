# A transaction of the Shopify Payments balance → what was settled of a payment or refund, a fee
# or correction, a dispute, a reserve, and the payout itself.
#
# net is exact. The fee is what lies between gross and net: its own sign is that of the amount in
# corrections, and the other one elsewhere.

if .test == true then refuse("V-TRN-01"; "a test transaction") else . end
| if .payout_status != "paid" then ignore("it is in no payout that the bank has") else . end
| (.id | require("the transaction's id") | tostring) as $id
| (.currency | require("the currency")) as $currency
| (.amount | minor($currency)) as $gross
| (.net | minor($currency)) as $net
| if ($gross - $net | abs) != (.fee | minor($currency) | abs) then refuse("V-BAL-02"; "amount, fee and net contradict one another") else . end
| (.payout_id | require("the payout")) as $payout
| (.processed_at | if length == 10 then . + "T00:00:00" | local_time else utc_time end) as $time

| def payout: {type: "payout", id: (["shopify_payments", $payout] | key)};
  def money($sum): $sum | amount_of_minor($currency);
  def entry($kind; $name; $data):
    { type: $kind, key: $name, time: $time, data: ({processor: "shopify_payments"} + $data) };
  def settled($of):
    entry("payment_settled.v1"; (["shopify_payments", $payout, $id] | key); {
      payout: payout, of: $of,
      gross: money($gross), fee: money($gross - $net), net: money($net), transaction: $id });
  # The shop's own transaction names the payment; what was not paid in the shop has the charge's id.
  def of($kind; $shop):
    if .source_order_transaction_id != null then {type: $kind, id: ([$shop, .source_order_transaction_id] | key)}
    else {type: $kind, id: (["shopify_payments", "charge", .source_id] | key)} end;
  def reserve($kind): entry($kind; (["shopify_payments", $id] | key); {
    reserve: $id, payout: payout, amount: money($net | abs) });
  def fee($kind; $taken): entry("processor_fee.v1"; (["shopify_payments", $id] | key); {
    fee: $id, payout: payout, fee_type: $kind, amount: money($taken) });
  def dispute($stage; $fee):
    entry("chargeback_\($stage).v1"; (["shopify_payments", .source_id, $stage] | key); {
      dispute: {type: "dispute", id: (["shopify_payments", .source_id] | key)},
      payment: of("payment"; "shopify_payments"),
      order: (if .source_order_id == null then null else shop_order(.source_order_id | tostring) end),
      payout: payout,
      amount: money($gross | abs), fee: $fee });

  if .type == "charge" then settled(of("payment"; "shopify_payments"))
  elif .type == "refund" then settled(of("refund"; "shopify"))
  elif .type == "dispute" then
    if $gross < 0 then dispute("opened"; money($gross - $net))
    # A fee that is given back is no part of the case any more.
    else dispute("won"; null), (select($gross != $net) | fee("dispute"; $gross - $net)) end
  elif .type == "reserve" then reserve(if $net < 0 then "reserve_held.v1" else "reserve_released.v1" end)
  elif .type == "adjustment" or .type == "credit" or .type == "debit" then fee(.type; -$net)
  elif .type == "payout" then
    entry("payout.v1"; (["shopify_payments", $payout] | key); {payout: payout, amount: money(-$net)})
  else refuse("H-TOPIC"; "a balance transaction of a type that nothing books yet") end
