# What the mappings of the shop share: the documents of Shopify as events. A document is the
# same in a webhook and in the answer to a question, and so are its keys.

# The shop's own code of what a line sells. A gift card is a debt and no merchandise: its line
# carries a code of its own, whatever item its sku names. So do a tip, and a line that somebody
# typed in, which has neither sku nor variant.
def item:
  if .gift_card == true then "gift_card"
  elif has("tip_payment_gateway") then "tip"
  elif (.sku // "") != "" then .sku
  elif .variant_id != null then .variant_id | tostring
  else "custom_item" end;

# Where the shop itself sells without naming a place.
def online: "online";

def shop_order($id): {type: "shop_order", id: $id};
def shop_line($id): {type: "shop_order_line", id: $id};

# An order that the shop says is a test: so is what it tells later of the order and of its lines.
def test_order:
  refuse_test("a test order"; [
    (.id | values | tostring | shop_order(.)),
    (.line_items[]?.id | values | tostring | shop_line(.))]);

def changed_at: .updated_at | if . == null then null else source_version end;

def tax($currency):
  { code: (.title | require("a tax line's title")),
    rate: (if .rate == null then null else .rate | tostring end),
    amount: (.price | amount($currency)) };

def allocated($currency): [.discount_allocations[]? | .amount | minor($currency)] | add // 0;

# A part of the order's total that is no merchandise, as a line with a code of its own.
def charge($line; $code; $sum; $taxes; $currency):
  { line: $line,
    item: $code,
    quantity: "1",
    gross: ($sum | amount_of_minor($currency)),
    net: ($sum | amount_of_minor($currency)),
    taxes: $taxes };

# The order as it was placed. All amounts are in the shop's currency: Shopify writes them beside
# the customer's (presentment) currency, and the shop's is the one without a suffix.
def order_placed:
  (.id | require("the order's id") | tostring) as $order
  | (.currency | require("the order's currency")) as $currency
  | (.taxes_included == true) as $inclusive

  | def line:
      (.id | require("a line's id") | tostring) as $line
      | ((.price | minor($currency)) * (.quantity | require("a line's quantity"))) as $gross
      | { line: $line,
          aliases: [shop_line($line)],
          item: item,
          quantity: (.quantity | quantity),
          gross: ($gross | amount_of_minor($currency)),
          discounts: [.discount_allocations[]? | {
            id: (if .discount_application_index == null then null else .discount_application_index | tostring end),
            amount: (.amount | amount($currency)) }],
          net: ($gross - allocated($currency) | amount_of_minor($currency)),
          taxes: [.tax_lines[]? | tax($currency)] };

    def duty:
      charge((["duty", .id] | key); "duty"; .shop_money.amount | minor($currency); [.tax_lines[]? | tax($currency)]; $currency);

    # What only the header tells.
    def charges:
      (.original_total_additional_fees_set.shop_money.amount // "0" | minor($currency) | select(. > 0)
        | charge("additional_fees"; "additional_fee"; .; []; $currency)),
      (select(all(.line_items[]; has("tip_payment_gateway") | not))
        | .total_tip_received // "0" | minor($currency) | select(. > 0)
        | charge("tip"; "tip"; .; []; $currency));

    # Shipping is told without tax, whether the shop's prices contain it or not.
    def shipping:
      (.price | minor($currency)) - allocated($currency)
      - (if $inclusive then [.tax_lines[]? | .price | minor($currency)] | add // 0 else 0 end);

    { type: "order_placed.v1",
      key: $order,
      time: (.processed_at // .created_at | utc_time),
      data: {
        aliases: [
          shop_order($order),
          {type: "order_name", id: "\($instance)/\(.name | require("the order's name"))"}],
        channel: "ONLINE",
        currency: $currency,
        customer: .customer.id,
        prices_include_tax: (if $inclusive then true else null end),
        lines: [(.line_items[] | line), (.line_items[].duties[]? | duty), charges],
        shipping: (if (.shipping_lines // []) == [] then null
          else [.shipping_lines[] | shipping] | add | amount_of_minor($currency) end),
        shipping_taxes: [.shipping_lines[]? | .tax_lines[]? | tax($currency)],
        total: (.total_price | amount($currency)) } };

def order_cancelled:
  (.id | require("the order's id") | tostring) as $order
  | { type: "order_cancelled.v1",
      key: ([$order, "cancelled"] | key),
      time: (.cancelled_at | utc_time),
      data: {order: shop_order($order), reason: .cancel_reason} };

# A fulfilment hands over goods; a gift card among them is sold then, and the order pays for it.
# A later version takes it back.
def fulfilled:
  (.status == "cancelled") as $cancelled
  | (.id | require("the fulfilment's id") | tostring) as $fulfilment
  | (.order_id | require("the order's id") | tostring) as $order
  | (.created_at | utc_time) as $time
  | changed_at as $version
  | .location_id as $location

  | def card:
      (.id | require("a line's id") | tostring) as $line
      | (.price_set.shop_money.currency_code | require("a gift card's currency")) as $currency
      | ((.price | minor($currency)) * (.quantity | require("a line's quantity"))) as $gross
      | { type: "gift_card_sold.v1",
          key: ([$fulfilment, $line] | key),
          time: $time,
          source_version: $version,
          data: {
            location: ($location // online | tostring),
            transaction: shop_order($order),
            line: $line,
            card_type: (if (.tax_lines // []) == [] then "MPV" else "SPV" end),
            channel: "ONLINE",
            amount: ($gross | amount_of_minor($currency)),
            taxes: [.tax_lines[]? | tax($currency)],
            tenders: [{code: "order", amount: ($gross - allocated($currency) | amount_of_minor($currency))}] } };

    ( [.line_items[] | select(.gift_card != true)] as $goods
      | select($goods != [])
      | { type: "fulfilled.v1",
          key: $fulfilment,
          time: $time,
          source_version: $version,
          data: {
            aliases: [{type: "shipment", id: $fulfilment}],
            order: shop_order($order),
            location: ($location | require("the location") | tostring),
            cancelled: (if $cancelled then true else null end),
            lines: [$goods[] | (.id | require("a line's id") | tostring) as $line | {
              line: $line,
              aliases: [{type: "shipment", id: ([$fulfilment, $line] | key)}],
              claim: shop_line($line),
              item: item,
              quantity: (.quantity | quantity) }] } } ),
    (.line_items[] | select(.gift_card == true and ($cancelled | not)) | card);

# A refund: goods that came back, lines that were given up before they were handed over, money
# back without goods, and what was paid. What was paid is told by the transactions alone: lines
# and adjustments need not add up to it.
#
# no_restock gives money back and leaves the goods where they are, with the customer or still to
# be handed over. legacy_restock, of old refunds, made the goods available again like return.
def refunded:
  if any(.transactions[]?; .test == true) then
    refuse_test("a test refund"; [
      (.id | values | {type: "return", id: tostring}),
      (.transactions[]?.id | values | {type: "refund", id: (["shopify", .] | key)})])
  else . end
  | (.id | require("the refund's id") | tostring) as $refund
  | (.order_id | require("the order's id") | tostring) as $order
  | (.processed_at // .created_at) as $time
  | .user_id as $operator
  | [.refund_line_items[]? | select(.restock_type == "return" or .restock_type == "legacy_restock")] as $lines
  | [.transactions[]? | select(.kind == "refund" and .status == "success")] as $payments

  # The refund itself names no currency.
  | ([ (.refund_line_items[]? | .subtotal_set.shop_money.currency_code, .line_item.price_set.shop_money.currency_code),
       (.order_adjustments[]? | .amount_set.shop_money.currency_code),
       (.transactions[]? | .currency) | values ] | .[0]) as $currency

  # The tax of a line, by the shares of its taxes.
  | def line_taxes:
      (.total_tax | minor($currency)) as $sum
      | [.line_item.tax_lines[]? | select((.price | minor($currency)) > 0)] as $parts
      | if $sum == 0 then []
        elif $parts == [] then [{code: .restock_type, amount: ($sum | amount_of_minor($currency))}]
        else
          [ [$parts, ($sum | apportion([$parts[] | .price | minor($currency)]))] | transpose[]
            | {code: .[0].title, amount: (.[1] | amount_of_minor($currency))} ]
        end;

    # An adjustment is negative where the customer gets something.
    [ ( (.refund_line_items[]? | select(.restock_type == "no_restock")
          | { id: ([$refund, .id] | key), reason: .restock_type, original: shop_line(.line_item_id | require("the order line") | tostring),
              net: (.subtotal | minor($currency)), taxes: line_taxes }),
        (.order_adjustments[]?
          | (.tax_amount // "0" | minor($currency)) as $tax
          | { id: (.id | require("an adjustment's id") | tostring), reason: .kind, original: shop_order($order),
              net: -(.amount | minor($currency)), taxes: (if $tax == 0 then [] else [{code: .kind, amount: (-$tax | amount_of_minor($currency))}] end) }),
        ( (["total_duties_set", "duties"], ["total_additional_fees_set", "additional_fees"]) as [$member, $reason]
          | .[$member].shop_money | values
          | {id: ([$refund, $reason] | key), reason: $reason, original: shop_order($order), net: (.amount | minor($currency)), taxes: []} ) )
      | select(.net > 0)
    ] as $allowances

  | def returned:
      { type: "return_accepted.v1",
        key: ([$refund, .id] | key),
        time: ($time | utc_time),
        data: {
          return: {type: "return", id: $refund},
          original: shop_line(.line_item_id | require("the order line") | tostring),
          location: (.location_id | require("the location of returned goods") | tostring),
          item: (.line_item | item),
          quantity: (.quantity | quantity),
          disposition: "RESTOCK",
          channel: "ONLINE",
          net: (.subtotal | amount($currency)),
          tax_total: (.total_tax | amount($currency)),
          operator: $operator } };

    def given_up:
      { type: "line_cancelled.v1",
        key: ([$refund, .id] | key),
        time: ($time | utc_time),
        data: {
          order: shop_order($order),
          order_line: shop_line(.line_item_id | require("the order line") | tostring),
          item: (.line_item | item),
          quantity: (.quantity | quantity),
          reason: .restock_type } };

    def allowed:
      { type: "price_adjusted.v1",
        key: .id,
        time: ($time | utc_time),
        data: {
          adjustment: .id,
          original: .original,
          return: {type: "return", id: $refund},
          amount: (.net | amount_of_minor($currency)),
          taxes: .taxes,
          reason: .reason } };

    def paid:
      (.gateway | require("the gateway") | ascii_downcase) as $processor
      | (if $processor == "shopify_payments" then .parent_id else .authorization end) as $charge
      | (if ($charge // "") == "" then null else $charge end) as $charge
      | { type: "refund_issued.v1",
          key: (["shopify", .id] | key),
          time: (.processed_at // .created_at // $time | utc_time),
          data: {
            processor: $processor,
            refund: {type: "refund", id: (["shopify", .id] | key)},
            payment: (if $charge == null then null else {type: "payment", id: ([$processor, $charge] | key)} end),
            order: shop_order($order),
            return: (if $lines == [] and $allowances == [] then null else {type: "return", id: $refund} end),
            amount: ((.currency // $currency) as $own | .amount | amount($own)),
            ext: {matched_by: (if $charge == null then "order and amount" elif $processor == "shopify_payments" then "parent transaction" else "authorization" end)} } };

    ($lines[] | returned),
    (.refund_line_items[]? | select(.restock_type == "cancel") | given_up),
    ($allowances[] | allowed),
    ($payments[] | paid);
