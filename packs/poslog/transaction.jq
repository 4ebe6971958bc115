# A transaction of a till → sale, picked_up and return_accepted, as its lines say. The file is
# the envelope; what is wrong with one transaction leaves the others alone.

if flag("TrainingModeFlag") then refuse("V-TRN-01"; "a transaction in training mode")
elif flag("CancelFlag") then ignore("a cancelled transaction moves nothing")
elif (.RetailTransaction | type) == "object" then .
elif has("ControlTransaction") then ignore("a control transaction moves no stock and no money")
else refuse("H-TOPIC"; "a transaction that is neither retail nor control cannot be booked yet") end

| ( .RetailTransaction | attr("TransactionStatus") // "Finished" ) as $status
| ( .RetailTransaction | attr("TypeCode") // "Transaction" ) as $kind
| if IN($status; "Canceled", "Failed", "TransactionVoided", "Voided", "Suspended", "SuspendedDeleted", "SuspendedRetrieved",
     "InComplete", "InProcess", "Subtotal", "Totaled", "Projection") then ignore("an unfinished or cancelled transaction moves nothing")
  elif IN($status; "Finished", "Delivered", "Returned", "Tendered", "Resumed") | not
    then refuse("H-TOPIC"; "a transaction in this state cannot be booked yet")
  elif IN($kind; "Summary", "Suggestion", "GIftReceipt", "NonResettableAmounts", "DispatchDocket")
    then ignore("a document about transactions moves nothing")
  elif $kind != "Transaction" or any(.RetailTransaction.TransactionLink[]?; attr("ReasonCode") == "Voided")
    then refuse("H-TOPIC"; "a transaction that changes another one cannot be booked yet")
  else . end

# The key is the till's: store, day, till, number. Without a business day it is the date of
# the transaction, as the till writes it.
| told as $told
| (store | require("the store")) as $store
| (day // $told | business_date) as $day
| (.WorkstationID | text | require("the till")) as $till
| (.SequenceNumber | text | require("the number")) as $number
| ([$store, $day, $till, $number] | key) as $transaction
| (.OperatorID[0]? | text) as $operator
| (.RetailTransaction | [.Customer[]?, .LoyaltyAccount[]? | .CustomerID | text | values] | .[0]) as $customer
| ( (.CurrencyCode | text)
    // ([.RetailTransaction.Total[]? | attr("CurrencyCode") | values] | .[0])
    // ([.RetailTransaction.LineItem[]? | (.Sale, .Return, .Tender) | objects | (.ExtendedAmount, .Amount) | attr("Currency") | values] | .[0])
    | require("the currency") ) as $currency
| (.RetailTransaction.Total // []) as $totals

| [ .RetailTransaction.LineItem[]? | objects
    | select((flag("VoidFlag") or flag("CancelFlag") or flag("DeleteFlag")) | not) ] as $items

# These lines are money or goods that nothing books yet. The transaction cannot be split.
| [ $items[] | keys[]
    | select(IN("SaleForDelivery", "SaleForPickup", "ReturnForDelivery", "ReturnForPickup", "Layaway", "PreviousLayaway",
        "RainCheck", "CustomerOrderForDelivery", "CustomerOrderForPickup", "Discount", "GiftCertificate", "PaymentOnAccount",
        "LoyaltyRedemption", "Deposit", "FuelSale", "Rebate", "Coupon", "Donation")) ] as $unbooked
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
          else refuse("H-TOPIC"; "an order that is cancelled at the till cannot be taken back yet") end) ] as $goods
| [$goods[] | select(.part == "PreviousCustomerOrder")] as $pickups
| [$goods[] | select(.part != "PreviousCustomerOrder")] as $priced
| any($priced[]; .part == "Sale") as $sells
| any($priced[]; .part == "Return") as $returns
| ($items | tenders($currency)) as $tenders
| [$tenders[] | select(.code == "OnlinePayment")] as $prepaid
| [$tenders[] | select(.code != "OnlinePayment")] as $paid

| if $goods == [] and $tenders == [] then ignore("nothing was sold, returned or handed over")
  elif $goods == [] then refuse("H-TOPIC"; "money without goods cannot be booked yet")
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

# In an exchange the goods that come back pay for those that go: a tender of its own stands on
# both sides, so that each side balances.
| sum($tenders[] | select(.cents < 0) | - .cents) as $given
| (if $sells and $returns and $owed != $given then [{code: "Exchange", reference: null, cents: ($owed - $given)}] else [] end) as $exchange
| (if $returns and $sells then [$tenders[] | select(.cents > 0)] + $exchange
   elif $pickups != [] then $paid
   else $tenders end) as $got
| (if $returns and $sells then [$tenders[] | select(.cents < 0) | .cents |= - .] + $exchange
   else [$tenders[] | .cents |= - .] end) as $gave

| def money: amount_of_minor($currency);
  def tender($cents): {code, reference, amount: ($cents | money)};
  def taxes: [.taxes[] | {code, rate, amount: (.cents | money)}];
  def till_line: {type: "till_line", id: ([$store, $day, $till, $number, .line] | key)};
  def event($name; $id; $body): {type: $name, key: $id, time: ($told | local_time), business_date: $day, data: $body};

  def sale:
    event("sale.v1"; $transaction; {
      aliases: [{type: "till_transaction", id: $transaction}],
      location: $store, till: $till, currency: $currency, cashier: $operator, customer: $customer,
      prices_include_tax: (if $inclusive then true else null end),
      lines: [$sold[] | {
        line, aliases: [till_line], item, quantity, unit,
        gross: (.gross | money),
        discounts: [.discounts[] | {id, amount: (.cents | money)}],
        net: (.net | money),
        taxes: taxes }],
      tenders: [$got[] | tender(.cents)],
      rounding: ($items | rounding($currency) | if . == 0 then null else money end),
      total: ($header | require("the total") | . + $owed - $before | money) });

  def pickup:
    event("picked_up.v1"; $transaction; {
      aliases: [{type: "till_transaction", id: $transaction}],
      location: $store, operator: $operator,
      lines: [$pickups[] | {
        line, aliases: [till_line], item, quantity, unit,
        claim: {type: "reservation", id: (.raw.InventoryReservationID | text | require("the reservation"))} }] });

  def original:
    [.raw.TransactionLink[]? | objects | select((attr("ReasonCode") // "Return") == "Return")][0]
    | if . == null then refuse("H-TOPIC"; "a return without its sale cannot be booked yet") else . end
    | [store // $store, (day | require("the day of the sale") | business_date), (.WorkstationID | text), (.SequenceNumber | text),
       (.LineItemSequenceNumber | text | require("the line of the sale"))]
    | {type: "till_line", id: key};

  def disposition:
    (.raw.Disposal | attr("Method") // "ReturnToStock") as $method
    | {ReturnToStock: "RESTOCK", Undecided: "INSPECT", Transform: "INSPECT", Repair: "DEFECT", ReturnToManufacturer: "DEFECT",
       ReturnToSupplier: "DEFECT", WriteOff: "DESTROY", Waste: "DESTROY"}[$method] // "INSPECT";

  def return($i; $shares):
    $returned[$i]
    | event("return_accepted.v1"; till_line.id; {
        return: {type: "return", id: $transaction},
        aliases: [{type: "till_transaction", id: $transaction}, till_line],
        original: original,
        location: $store, item, quantity, unit,
        disposition: disposition,
        net: (.net | money),
        taxes: taxes,
        tenders: [range($gave | length) | . as $t | $shares[$t][$i] as $cents | select($cents != 0) | $gave[$t] | tender($cents)],
        operator: $operator });

  (if $sold == [] then empty else sale end),
  (if $pickups == [] then empty else pickup end),
  (if $returned == [] then empty
   else ($gave | spread([$returned[].due])) as $shares | range($returned | length) | return(.; $shares) end)
