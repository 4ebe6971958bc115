# refunds/create → return_accepted for each line that came back, refund_issued for each
# transaction that paid money back.
#
# A line with another restock_type moves nothing here: no_restock brings no goods, and cancel
# takes back what was never handed over.

if any(.transactions[]?; .test == true) then refuse("V-TRN-01"; "a test refund") else . end
| (.id | require("the refund's id") | tostring) as $refund
| (.order_id | require("the order's id") | tostring) as $order
| (.processed_at // .created_at) as $time
| .user_id as $operator
| [.refund_line_items[]? | select(.restock_type == "return")] as $lines
| [.transactions[]? | select(.kind == "refund" and .status == "success")] as $payments

# The refund itself names no currency.
| ([ (.refund_line_items[]? | .subtotal_set.shop_money.currency_code, .line_item.price_set.shop_money.currency_code),
     (.transactions[]? | .currency) | values ] | .[0]) as $currency

| def returned:
    { type: "return_accepted.v1",
      key: ([$refund, .id] | key),
      time: ($time | utc_time),
      data: {
        return: {type: "return", id: $refund},
        original: {type: "shop_order_line", id: (.line_item_id | require("the order line") | tostring)},
        location: (.location_id | require("the location of returned goods") | tostring),
        item: (.line_item | item),
        quantity: (.quantity | quantity),
        disposition: "RESTOCK",
        channel: "ONLINE",
        net: (.subtotal | amount($currency)),
        tax_total: (.total_tax | amount($currency)),
        operator: $operator } };

  def paid:
    (.gateway | require("the gateway") | ascii_downcase) as $processor
    | (if (.authorization // "") == "" then null else .authorization end) as $authorization
    | { type: "refund_issued.v1",
        key: (["shopify", .id] | key),
        time: (.processed_at // .created_at // $time | utc_time),
        data: {
          processor: $processor,
          refund: {type: "refund", id: (["shopify", .id] | key)},
          payment: (if $authorization == null then null else {type: "payment", id: ([$processor, $authorization] | key)} end),
          order: {type: "shop_order", id: $order},
          return: (if $lines == [] then null else {type: "return", id: $refund} end),
          amount: ((.currency // $currency) as $own | .amount | amount($own)),
          ext: {matched_by: (if $authorization == null then "order and amount" else "authorization" end)} } };

  if $lines == [] and $payments == [] then ignore("no goods came back and no money was paid back") else . end
| ($lines[] | returned), ($payments[] | paid)
