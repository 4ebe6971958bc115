# A transaction of the Finances API 2024-06-19 → mp_shipped or mp_returned for each item that
# Amazon's warehouses sent or whose price they gave back; and all else that it holds, where the
# installation books Amazon's account from here.
#
# Amounts are a tree; its leaves are all of it.

(.transactionId | require("the transaction's id")) as $id
| (.transactionType | require("the transaction's type")) as $type
| (.postedDate | in_zone) as $time
| ($options | seller($instance)) as $account
| ($options.accounts == "transactions") as $booked
| def related($name): [.relatedIdentifiers[]? | select(.relatedIdentifierName == $name) | .relatedIdentifierValue][0];
  related("ORDER_ID") as $order
| (if $booked then related("FINANCIAL_EVENT_GROUP_ID") else null end) as $group
| (if $group == null then null else settlement_ref($group) end) as $settlement
| (.totalAmount // {} | money_currency) as $currency
| def leaves($path):
    .[]? | ($path + [.breakdownType // ""]) as $here
    | if (.breakdowns // []) == [] then {path: $here, cents: (.breakdownAmount | cents($currency))} else .breakdowns | leaves($here) end;
  def under($names): any(.path[]; IN($names[]));
  def kind:
    if under(["AmazonFees"]) then "fee"
    elif any(.path[]; test("withheld|marketplacefacilitator"; "i")) then "withheld"
    elif under(["Tax", "Taxes"]) then (if under(["Shipping", "ShippingTax", "ShippingCharges"]) then "shipping_tax" else "tax" end)
    elif any(.path[]; test("^promo"; "i")) then "promotion"
    elif under(["Shipping", "ShippingCharges"]) then "shipping"
    elif under(["ProductCharges", "GiftWrap"]) then "goods"
    else "unknown" end;
  def code: [.path[] | select(. != "AmazonFees" and . != "Expenses")][0] // $type;
  def sum_of($leaves; $name): [$leaves[] | select(.kind == $name) | .cents] | add // 0;

  def goods($n):
    . as $item
    | ([.contexts[]? | select(.sku != null)][0]) as $product
    | ([.breakdowns | leaves([])] | map(. + {kind: kind})) as $leaves
    | (if any($leaves[]; .kind == "unknown" and .cents != 0) or ([$leaves[].cents] | add // 0) != (.totalAmount | cents($currency))
       then refuse("H-TOPIC"; "an item is not the sum of parts that are known") else . end)
    | (sum_of($leaves; "withheld") != 0) as $facilitated
    | ["amazon", $id, ($n | tostring)] as $line
    | ( if $product == null or ($product.fulfillmentNetwork // "" | IN("AFN", "AMAZON") | not) then empty
        elif $type == "Shipment" then
          { type: "mp_shipped.v1", key: ($line | key), time: $time,
            data: {
              marketplace: "amazon", account: $account, order: order_ref($order), settlement: $settlement,
              item: $product.sku, location: ($options | network), quantity: ($product.quantityShipped | require("a quantity") | quantity), channel: "AMAZON",
              gross: (sum_of($leaves; "goods") | amount_of_minor($currency)), shipping: (sum_of($leaves; "shipping") | unless_zero($currency)),
              discounts: [sum_of($leaves; "promotion") | select(. != 0) | {amount: (- . | amount_of_minor($currency))}],
              net: (sum_of($leaves; "goods") + sum_of($leaves; "shipping") + sum_of($leaves; "promotion") | amount_of_minor($currency)),
              taxes: [tax("Tax"; sum_of($leaves; "tax"); $facilitated; $currency), tax("ShippingTax"; sum_of($leaves; "shipping_tax"); $facilitated; $currency)] } }
        else
          { type: "mp_returned.v1", key: ($line | key), time: $time,
            data: {
              marketplace: "amazon", account: $account, return: {type: "return", id: (["amazon", $id] | key)}, line: ($n | tostring),
              order: order_ref($order), settlement: $settlement, item: $product.sku, location: ($options | network),
              quantity: ($product.quantityShipped | require("a quantity") | quantity), reason: $type, channel: "AMAZON",
              refund: (- (sum_of($leaves; "goods") + sum_of($leaves; "shipping") + sum_of($leaves; "promotion")) | amount_of_minor($currency)),
              taxes: [tax("Tax"; - sum_of($leaves; "tax"); $facilitated; $currency), tax("ShippingTax"; - sum_of($leaves; "shipping_tax"); $facilitated; $currency)] } }
        end ),
      ( if $booked then
          $leaves | map(select(.kind == "fee")) | group_by(code)[] | (.[0] | code) as $code | ([.[].cents] | add) as $cents | select($cents != 0)
          | charge(if purpose($code) == "mp_storage" then "mp_storage" else "mp_fees" end; $line + [$code]; $time; ($line[1:] + [$code] | key); $settlement; $order; $product.sku; $code; $cents; $currency; $account)
        else empty end );

  def other:
    (.totalAmount | cents($currency)) as $total
    | purpose($type + " " + (.description // "")) as $purpose
    | if $purpose == "reserve" then reserve(["amazon", $id]; $time; $settlement; $total; $currency; $account)
      elif $purpose == "reimbursement" then
        ([.items[]?.contexts[]? | select(.sku != null)] | if length == 1 then .[0] else {} end) as $product
        | reimbursement(["amazon", $id]; $time; $settlement; $product.sku; $product.quantityShipped; $total; $currency; $account)
      else charge($purpose; ["amazon", $id]; $time; $id; $settlement; $order; null; $type; $total; $currency; $account) end;

  if related("DEFERRED_TRANSACTION_ID") != null then ignore("the release of what was told while it was deferred")
  elif IN($type; "Transfer", "Disbursement") then ignore("the settlement tells what is paid")
  elif IN($type; "Shipment", "Refund") then
    [.items // [] | require("the items of the transaction") | to_entries[] | (.key + 1) as $n | .value | goods($n)]
    | if . == [] then ignore("what the merchant sends is told by the merchant, and fees by the account that is booked") else .[] end
  elif $booked then other
  else ignore("the account that is booked tells it") end
