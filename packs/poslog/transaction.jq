# A transaction of a till → what its lines say: sale, exchange, return_accepted, return_no_receipt,
# picked_up, gift_card_sold, layaways; or post_void, txn_voided, control_txn, and what moves in a
# drawer. The file is the envelope; what is wrong with one transaction leaves the others alone.

# The transaction that this one takes back.
def voids($t):
  .RetailTransaction as $retail
  | [$retail.TransactionLink[]? | objects | select(attr("ReasonCode") == "Voided" or ($retail | attr("TransactionStatus")) == "PostVoided")][0]
  | select(. != null)
  | [store // $t.store, ((day // $t.day) | business_date), (.WorkstationID | text), (.SequenceNumber | text)]
  | event($t; "post_void"; $t.id; {location: $t.store, till: $t.till, cashier: $t.operator, original: {type: "till_transaction", id: key}});

# A retail transaction that was finished.
def finished($t):
  currency as $currency
| $t.store as $store
| $t.id as $transaction
| $t.operator as $operator
| (.RetailTransaction | [.Customer[]?, .LoyaltyAccount[]? | .CustomerID | text | values] | .[0]) as $customer
| (.RetailTransaction.Total // []) as $totals

| [ .RetailTransaction.LineItem[]? | objects
    | select((flag("VoidFlag") or flag("CancelFlag") or flag("DeleteFlag")) | not) ] as $items

# These lines are money or goods that nothing books yet. The transaction cannot be split.
| [ $items[] | keys[]
    | select(IN("SaleForDelivery", "SaleForPickup", "ReturnForDelivery", "ReturnForPickup", "RainCheck", "CustomerOrderForDelivery", "CustomerOrderForPickup",
        "Discount", "PaymentOnAccount", "LoyaltyRedemption", "Deposit", "FuelSale", "Rebate", "Coupon", "Donation")) ] as $unbooked
| if $unbooked != [] then refuse("H-TOPIC"; "a line of the kind \($unbooked[0]) cannot be booked yet") else . end

# Rewards that change a price and are told beside the lines, by the operator's sequence.
| [ $items[].LoyaltyReward | objects
    | select(flag("detailedData") and .RewardCategory == "Monetary")
    | {line: (.OperatorSequenceReference | text), id: (.PromotionID | text), cents: (- (.ExtendedRewardAmount | cents($currency)))}
    | select(.cents != 0 and .line != null) ] as $rewards

# A line of goods: a return is a Return, or a Sale of less than nothing. ExtendedAmount is what
# the line sells for, discounts taken off.
| def goods($line; $part):
    ((.Quantity[0]? | text) // "1") as $quantity
    | ($quantity | thousandths) as $thousandths
    | (if $part == "Sale" and $thousandths < 0 then "Return" else $part end) as $part
    | def signed: if $part == "Return" then absolute else . end;
      def discount: .ExtendedDiscountAmount // .DiscountAmount | if . == null then 0 else cents($currency) | absolute end;
      def modifiers: [.RetailPriceModifier[]? | objects | select(.Amount | attr("Action") != "Add")
        | {id: (.PromotionID | text), cents: (.Amount | values | cents($currency) | absolute)}];
      discount as $discount
    | (.OperatorSequence | text) as $sequence
    | [$rewards[] | select($part == "Sale" and .line == $sequence) | {id, cents}] as $rewarded
    | (if $discount == 0 then []
       elif (modifiers | map(.cents) | add) == $discount then modifiers
       else [{id: null, cents: $discount}] end) as $discounts
    | (if $part == "PreviousCustomerOrder" and .ExtendedAmount == null then 0
       else .ExtendedAmount | require("the amount of a line") | cents($currency) | signed end) as $sold
    | { line: $line, part: $part, raw: .,
        item: ((.ItemID | text) // (.POSIdentity[0]?.POSItemID | text) | require("the item")),
        quantity: ($thousandths | signed | quantity_of_thousandths),
        unit: (.Quantity[0]? | unit),
        gross: ($sold + $discount),
        discounts: ($discounts + $rewarded),
        paid: ($sold - ($rewarded | map(.cents) | add // 0)),
        taxes: [.Tax[]? | tax($currency) | .cents |= signed],
        included: ((.TaxIncludedInPriceFlag | text) // ([.ActualSalesUnitPrice, .RegularSalesUnitPrice | attr("TaxIncludedInPriceFlag") | values] | .[0])) };

  [ $items[] | (.SequenceNumber | text | require("a line's number")) as $line
    | (.Sale | objects | goods($line; "Sale")),
      (.Return | objects | goods($line; "Return")),
      (.PreviousCustomerOrder | objects
        | if attr("Action") == "Completed" then goods($line; "PreviousCustomerOrder")
          else refuse("H-TOPIC"; "an order that is cancelled at the till cannot be taken back yet") end),
      (.Layaway | objects
        | if (attr("Status") // "New") == "New" then goods($line; "Layaway")
          else refuse("H-TOPIC"; "goods that are laid away and not new cannot be booked from a line") end) ] as $goods
| [ $items[] | (.SequenceNumber | text) as $line
    | (.GiftCertificate, .StoredValueFund) | objects
    | if (attr("Action") // "Activation") == "Activation" then . else refuse("H-TOPIC"; "a gift card that is not sold cannot be booked from a line") end
    | {line: $line, card: ((.GiftCertificateID | text) // ([.Instrument | listed[] | .SerialNumber | text | values][0])),
       programme: attr("TypeCode"),
       cents: ((.ExtendedAmount // .Amount // .FaceValue // .InitialBalance) | require("the amount of a gift card") | cents($currency))} ] as $cards
| [ $items[].PreviousLayaway | objects ] as $plans
| [$goods[] | select(.part == "PreviousCustomerOrder")] as $pickups
| [$goods[] | select(.part != "PreviousCustomerOrder")] as $priced
| any($priced[]; .part == "Sale") as $sells
| any($priced[]; .part == "Return") as $returns
| ($items | tenders($currency)) as $tenders
| [$tenders[] | select(.code == "OnlinePayment")] as $prepaid
| [$tenders[] | select(.code != "OnlinePayment")] as $paid

| [$goods[] | select(.part == "Layaway")] as $kept
| if $goods == [] and $tenders == [] and $cards == [] and $plans == [] then ignore("nothing was sold, returned or handed over")
  elif ($plans | length) > 1 or $plans + $kept != [] and ($sells or $returns or $pickups + $cards != []) or $plans != [] and $kept != []
    then refuse("H-TOPIC"; "a layaway beside something else cannot be booked yet")
  elif $cards != [] and ($returns or $pickups != []) then refuse("H-TOPIC"; "a gift card beside a return or an order cannot be booked yet")
  elif $goods == [] and $cards == [] and $plans == [] then refuse("H-TOPIC"; "money without goods cannot be booked yet")
  elif $pickups != [] and $returns then refuse("H-TOPIC"; "an order and a return in one transaction cannot be booked yet")
  elif $pickups != [] and ($sells | not) and $paid != [] then refuse("H-TOPIC"; "an order that is paid at the till cannot be booked yet")
  else . end

# What the customer pays by the header; below zero where the customer gets.
| def header($name): [$totals[] | select(attr("TotalType") == $name) | cents($currency)] | .[0];
  ( header("TransactionGrandAmount")
    // (header("TransactionNetAmount") as $net | header("TransactionTaxAmount") | if $net == null then null else $net + (. // 0) end)
    // header("TransactionGrossAmount") ) as $header

# What was paid online before is the order's, and no part of the sale.
| (if $pickups == [] then 0 else $prepaid | map(.cents) | add // 0 end) as $before

# Taxes that stand beside the lines repeat those of the lines. Where lines have none, they are
# split over the lines that they apply to (rule book D4 DOCUMENT, D1).
| (if $priced == [] or any($goods[]; .taxes != []) then []
   else [$items[].Tax[]? | tax($currency)]
     | if . == [] then header("TransactionTaxAmount") as $tax
         | if ($tax // 0) == 0 then [] else [{code: "TransactionTaxAmount", applies_to: null, rate: null, cents: $tax}] end
       else . end
   end) as $loose
| if $loose != [] and ($sells and $returns or $pickups != []) then refuse("H-TOPIC"; "taxes that are told only for several kinds of lines together cannot be split")
  else . end
| def applies($tax):
    if $tax.applies_to != null and (.raw.Itemizers | type) == "object" then .raw.Itemizers | flag("Tax" + $tax.applies_to)
    else .raw | attr("TaxableFlag") != "false" end;
  def weights($tax): [.[] | if applies($tax) then .paid else 0 end] | if add == 0 then null else . end;
  def allot($tax):
    . as $lines
    | ($tax.cents | if $returns then absolute else . end
       | apportion(($lines | weights($tax)) // [$lines[].paid])) as $shares
    | [range($lines | length) | . as $i | $lines[$i]
       | if $shares[$i] == 0 then . else .taxes |= . + [$tax | .cents = $shares[$i]] end];
  reduce $loose[] as $tax ($priced; allot($tax))

# Prices contain the tax where the lines say so; else where they add up to the header's total
# as they are.
| . as $taxed
| def sum(each): [each] | add // 0;
  sum($taxed[] | if .part == "Return" then - .paid else .paid end) as $prices
| sum($taxed[].taxes[].cents) as $tax
| [$taxed[].included | values] as $said
| (if any($said[]; . == "true" or . == "1") then true
   elif $said != [] then false
   else $tax != 0 and $header != null and ($prices | absolute) == ($header - $before | absolute) end) as $inclusive
| [ $taxed[] | sum(.taxes[].cents) as $own
    | .net = .paid - (if $inclusive then $own else 0 end)
    | .due = .net + $own ] as $lines
| [$lines[] | select(.part == "Sale")] as $sold
| [$lines[] | select(.part == "Return")] as $returned
| sum($returned[].due) as $owed

# What the header says of a return, or of gift cards alone, where the lines come to something else.
# Without a sign a return's header means what its lines come to.
| sum($cards[].cents) as $value
| (if $sells or $header == null then {}
   elif $returned != [] and ($header | absolute) != $owed then {total: (- $header | amount_of_minor($currency)), lines_total: ($owed | amount_of_minor($currency))}
   elif $cards != [] and $header != $value then {total: ($header | amount_of_minor($currency)), lines_total: ($value | amount_of_minor($currency))}
   else {} end) as $contradiction

# Gift cards are value and no goods: they have their share of what was paid.
| ($cards | map(.cents)) as $loaded
| (if $cards == [] then [] else $tenders | spread($loaded + [sum($sold[].due)]) end) as $paidFor
| def paid_for($i): [range($tenders | length) | . as $n | $paidFor[$n][$i] as $cents | select($cents != 0) | $tenders[$n] | .cents = $cents];

  def original:
    [.raw.TransactionLink[]? | objects | select((attr("ReasonCode") // "Return") == "Return")][0]
    | select(. != null)
    | [store // $store, (day | require("the day of the sale") | business_date), (.WorkstationID | text), (.SequenceNumber | text),
       (.LineItemSequenceNumber | text | require("the line of the sale"))]
    | {type: "till_line", id: key};
  [$returned[] | . + {original: ([original][0])}] as $returned
| any($returned[]; .original == null) as $blind

# An exchange settles the difference. Where nobody knows the sale that goods come back from,
# they pay for those that go: a tender of its own stands on both sides, so that each balances.
| ($sells and $returns) as $both
| sum($tenders[] | select(.cents < 0) | - .cents) as $given
| (if $both and $owed != $given then [{code: "Exchange", reference: null, cents: ($owed - $given)}] else [] end) as $exchange
| (if $both then [$tenders[] | select(.cents > 0)] + $exchange
   elif $pickups != [] then $paid
   elif $cards != [] then paid_for($cards | length)
   else $tenders end) as $got
| (if $both then [$tenders[] | select(.cents < 0) | .cents |= - .] + $exchange
   else [$tenders[] | .cents |= - .] end) as $gave

| def money: amount_of_minor($currency);
  def tender($cents): {code, reference, amount: ($cents | money)};
  def taxes: [.taxes[] | {code, rate, amount: (.cents | money)}];
  def till_line: {type: "till_line", id: ([$store, $t.day, $t.till, $t.number, .line] | key)};
  def aliases: [{type: "till_transaction", id: $transaction}];
  def rounded_by: $items | rounding($currency) | if . == 0 then null else money end;
  def included: if $inclusive then true else null end;

  def sold_line: {
    line, aliases: [till_line], item, quantity, unit,
    gross: (.gross | money),
    discounts: [.discounts[] | {id, amount: (.cents | money)}],
    net: (.net | money),
    taxes: taxes };

  def sale:
    event($t; "sale"; $transaction; {
      aliases: aliases,
      location: $store, till: $t.till, currency: $currency, cashier: $operator, customer: $customer,
      prices_include_tax: included,
      lines: [$sold[] | sold_line],
      tenders: [$got[] | tender(.cents)],
      rounding: rounded_by,
      total: ($header | require("the total") | . + $owed - $before - sum($loaded[]) | money) });

  def pickup:
    event($t; "picked_up"; $transaction; {
      aliases: aliases,
      location: $store, operator: $operator,
      lines: [$pickups[] | {
        line, aliases: [till_line], item, quantity, unit,
        claim: {type: "reservation", id: (.raw.InventoryReservationID | text | require("the reservation"))} }] });

  def disposition:
    (.raw.Disposal | attr("Method") // "ReturnToStock") as $method
    | {ReturnToStock: "RESTOCK", Undecided: "INSPECT", Transform: "INSPECT", Repair: "DEFECT", ReturnToManufacturer: "DEFECT",
       ReturnToSupplier: "DEFECT", WriteOff: "DESTROY", Waste: "DESTROY"}[$method] // "INSPECT";

  # A header that tells the difference without its sign means what the lines come to.
  def exchange:
    (sum($sold[].due) - $owed) as $due
    | event($t; "exchange"; $transaction; {
        aliases: aliases,
        location: $store, till: $t.till, currency: $currency, cashier: $operator, customer: $customer,
        prices_include_tax: included,
        returned: [$returned[] | {line, original, item, quantity, unit, disposition: disposition, net: (.net | money), taxes: taxes}],
        lines: [$sold[] | sold_line],
        tenders: [$tenders[] | tender(.cents)],
        rounding: rounded_by,
        total: ($header | require("the total") | (if $due < 0 and . == - $due then $due else . end) | money) });

  def return($i; $shares):
    $returned[$i]
    | { return: {type: "return", id: $transaction},
        aliases: (aliases + [till_line]),
        location: $store, item, quantity, unit,
        disposition: disposition,
        net: (.net | money),
        taxes: taxes,
        tenders: [range($gave | length) | . as $n | $shares[$n][$i] as $cents | select($cents != 0) | $gave[$n] | tender($cents)],
        operator: $operator } + $contradiction as $body
    | if .original != null then event($t; "return_accepted"; till_line.id; $body + {original})
      else event($t; "return_no_receipt"; till_line.id; $body + {price_source: "STATED", customer: $customer}) end;

  def gift_card($i):
    $cards[$i]
    | event($t; "gift_card_sold"; till_line.id; $contradiction + {
        location: $store, transaction: {type: "till_transaction", id: $transaction}, line, card, programme,
        amount: (.cents | money), tenders: [paid_for($i)[] | tender(.cents)]});

  def plan: text | require("the layaway's number");
  def layaway:
    ($kept[0].raw.AccountNumber | plan) as $number
    | if any($kept[]; (.raw.AccountNumber | text) != $number) then refuse("H-TOPIC"; "two layaways in one transaction cannot be told apart") else . end
    | sum($kept[].raw.Deposit | values | cents($currency)) as $deposit
    | event($t; "layaway_opened"; $number; {
        location: $store, layaway: $number, currency: $currency, customer: $customer,
        lines: [$lines[] | select(.part == "Layaway") | sold_line | del(.aliases)],
        deposit: (if $deposit == 0 then null else $deposit | money end),
        tenders: [$tenders[] | tender(.cents)]});

  def previous_layaway:
    $plans[0]
    | (.AccountNumber | plan) as $number
    | (attr("Action") // "InProgress") as $action
    | sum($tenders[].cents) as $sum
    | if $action == "InProgress" and $sum > 0 then
        event($t; "layaway_payment"; [$number, $store, $t.day, $t.till, $t.number] | key; {location: $store, layaway: $number, amount: ($sum | money), tenders: [$tenders[] | tender(.cents)]})
      elif $action == "Completed" and $sum >= 0 then
        event($t; "layaway_completed"; [$number, "final"] | key; {
          location: $store, layaway: $number, transaction: {type: "till_transaction", id: $transaction}, tenders: [$tenders[] | tender(.cents)]})
      elif $action == "Cancelled" and $sum <= 0 then
        event($t; "layaway_cancelled"; [$number, "cancel"] | key; {
          location: $store, layaway: $number, refund: (if $sum == 0 then null else - $sum | money end), tenders: [$gave[] | tender(.cents)]})
      else refuse("H-TOPIC"; "what was done to a layaway cannot be booked") end;

  if $both and ($blind | not) then exchange
  else
    (if $sold == [] then empty else sale end),
    (if $pickups == [] then empty else pickup end),
    (if $returned == [] then empty
     else ($gave | spread([$returned[].due])) as $shares | range($returned | length) | return(.; $shares) end),
    (range($cards | length) | gift_card(.)),
    (if $kept == [] then empty else layaway end),
    (if $plans == [] then empty else previous_layaway end)
  end;

# A retail transaction, by its state.
def retail($t):
  (.RetailTransaction | attr("TransactionStatus") // "Finished") as $status
  | (.RetailTransaction | attr("TypeCode") // "Transaction") as $kind
  | ([voids($t)][0]) as $void
  | if $void != null then $void
    elif IN($status; "Canceled", "Failed", "TransactionVoided", "Voided", "SuspendedDeleted") then voided($t; $status)
    elif $status == "Suspended" then control($t; "SUSPEND")
    elif $status == "SuspendedRetrieved" then control($t; "RESUME")
    elif IN($status; "InComplete", "InProcess", "Subtotal", "Totaled", "Projection") then ignore("an unfinished transaction moves nothing")
    elif IN($status; "Finished", "Delivered", "Returned", "Tendered", "Resumed") | not
      then refuse("H-TOPIC"; "a transaction in this state cannot be booked yet")
    elif IN($kind; "Summary", "Suggestion", "GIftReceipt", "NonResettableAmounts", "DispatchDocket")
      then ignore("a document about transactions moves nothing")
    elif $kind != "Transaction" then refuse("H-TOPIC"; "a transaction that changes another one cannot be booked yet")
    else finished($t) end;

def carries: (.RetailTransaction | objects | .LineItem[]?) // .TenderControlTransaction;

if flag("TrainingModeFlag") and ([carries | values] != []) then transaction as $t | refuse_test("a transaction in training mode"; [documents($t)])
elif flag("TrainingModeFlag") then transaction as $t | control($t; "TRAINING")
elif flag("CancelFlag") then transaction as $t | voided($t; "Canceled")
elif (.RetailTransaction | type) == "object" then transaction as $t | retail($t)
elif has("TenderControlTransaction") then transaction as $t | tended($t; currency)
elif has("ControlTransaction") then transaction as $t | (controlled($t), day_closed($t))
else refuse("H-TOPIC"; "a transaction that is neither retail nor control cannot be booked yet") end
