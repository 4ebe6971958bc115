# What the mappings of WooCommerce share. Times are told in UTC without saying so; a day is that
# of the instance's clocks. All amounts of an order are without tax, whatever its prices contain.

# The number of an order is the smallest name it has. Other systems repeat it as it is; where
# several shops count alike, it is theirs only together with the instance.
def named($id): if $options.order_names == "instance" then [$instance, $id] | key else $id | tostring end;
def order_ref($id): {type: "shop_order", id: named($id)};
def line_ref($id): {type: "shop_order_line", id: named($id)};

# WooCommerce keeps no stock by place.
def online: "online";

def processor: .payment_method // "" | if . == "" then "unknown" else ascii_downcase end;

# Guests have the number 0.
def customer: .customer_id | if . == (0 | token("woocommerce customer")) then null else . end;

def changed_at: .date_modified_gmt | if (. // "") == "" then null else source_version end;

def item:
  if (.sku // "") != "" then .sku
  elif (.variation_id // 0) != 0 then .variation_id | tostring
  elif (.product_id // 0) != 0 then .product_id | tostring
  else "custom_item" end;

def size: if startswith("-") then .[1:] else . end;

# The line of the order that a refund's line takes back, and how much of it, in thousandths.
def refunded_line: first(.meta_data[]? | select(.key == "_refunded_item_id") | .value | tostring) // null;
def units: .quantity | thousandths | if . < 0 then -. else . end;

# Whole millionths of a decimal, to weigh with.
def weight:
  tostring | size | split(".") | .[0] + ((.[1] // "") + "000000")[0:6] | tonumber;

# The tax of a line by rate. The line tells it in the currency's digits, and its parts with more:
# they say how it is split.
def taxes($currency; $rates):
  [.taxes[]? | select((.total // "") != "")] as $parts
  | (.total_tax // "0" | minor($currency)) as $total
  | if $parts == [] or $total == 0 then []
    else
      ($total | if . < 0 then -. else . end | apportion([$parts[] | .total | weight])) as $amounts
      | [range($parts | length) as $i
          | $amounts[$i] | select(. != 0)
          | { code: ($parts[$i].id | tostring),
              rate: $rates[$parts[$i].id | tostring],
              amount: ((if $total < 0 then -. else . end) | amount_of_minor($currency)) }]
    end;

def rates: [.tax_lines[]? | select(.rate_percent != null)
  | {key: (.rate_id | tostring), value: (.rate_percent | tostring | fraction_of_percent)}] | from_entries;

def order_placed:
  (.id | require("the order's id") | tostring) as $order
  | (.currency | require("the order's currency")) as $currency
  | rates as $rates

  | def line:
      (.id | require("a line's id") | tostring) as $line
      | (.subtotal | minor($currency)) as $gross
      | (.total | minor($currency)) as $net
      | { line: $line,
          aliases: [line_ref($line)],
          item: item,
          quantity: (.quantity | quantity),
          gross: ($gross | amount_of_minor($currency)),
          discounts: (if $gross > $net then [{amount: ($gross - $net | amount_of_minor($currency))}] else [] end),
          net: ($net | amount_of_minor($currency)),
          taxes: taxes($currency; $rates) };

    # A fee of less than nothing is a discount.
    def fee:
      (.id | require("a fee's id") | tostring) as $line
      | (.total | minor($currency)) as $net
      | { line: $line,
          aliases: [line_ref($line)],
          item: "fee",
          quantity: "1",
          gross: ([$net, 0] | max | amount_of_minor($currency)),
          discounts: (if $net < 0 then [{amount: (-$net | amount_of_minor($currency))}] else [] end),
          net: ($net | amount_of_minor($currency)),
          taxes: taxes($currency; $rates) };

    { type: "order_placed.v1",
      key: $order,
      time: (.date_created_gmt | in_zone),
      source_version: changed_at,
      data: {
        aliases: [
          order_ref($order),
          {type: "order_name", id: "\($instance)/\(.number // $order)"}],
        channel: "ONLINE",
        currency: $currency,
        mode: (if (.shipping_lines // []) == [] then null
          elif all(.shipping_lines[]; .method_id == "local_pickup" or .method_id == "pickup_location") then "PICKUP"
          else "SHIP" end),
        customer: customer,
        lines: [(.line_items[] | line), (.fee_lines[]? | fee)],
        shipping: (if (.shipping_lines // []) == [] then null
          else [.shipping_lines[] | .total | minor($currency)] | add | amount_of_minor($currency) end),
        shipping_taxes: [.shipping_lines[]? | taxes($currency; $rates)[]],
        total: (.total | amount($currency)) } };

# The payment by which an order was paid, where the shop knows the processor's name of it.
def payment: if (.transaction_id // "") == "" then null else {type: "payment", id: ([processor, .transaction_id] | key)} end;

# The shop says that the order is paid; the processor is the one who knows.
def captured:
  select((.date_paid_gmt // "") != "")
  | (.currency | require("the order's currency")) as $currency
  | select((.total | minor($currency)) != 0)
  | { type: "payment_captured.v1",
      key: ([.id, "paid"] | key),
      time: (.date_paid_gmt | in_zone),
      source_version: changed_at,
      data: {
        processor: processor,
        payment: payment,
        order: order_ref(.id),
        amount: (.total | amount($currency)) } };

# A completed order has left the house. Neither where from nor how is told. What was refunded
# before had not left.
def completed($refunds):
  select((.date_completed_gmt // "") != "")
  | .id as $order
  | .date_completed_gmt as $time
  | [$refunds[] | select(.date_created_gmt < $time) | .line_items[]?] as $given_up
  | [ .line_items[]
      | (.id | tostring) as $line
      | (.quantity | thousandths) as $ordered
      | ([$given_up[] | select(refunded_line == $line) | units] | add // 0) as $less
      | select($ordered > $less)
      | { line: $line,
          claim: line_ref($line),
          item: item,
          quantity: ($ordered - $less | quantity_of_thousandths) } ] as $lines
  | select($lines != [])
  | { type: "fulfilled.v1",
      key: ([$order, "completed"] | key),
      time: ($time | in_zone),
      source_version: changed_at,
      data: {
        aliases: [{type: "shipment", id: named($order)}],
        order: order_ref($order),
        location: online,
        lines: $lines } };

def cancelled:
  select(.status == "cancelled" or .status == "trash")
  | { type: "order_cancelled.v1",
      key: ([.id, "cancelled"] | key),
      time: (.date_modified_gmt | in_zone),
      source_version: changed_at,
      data: {order: order_ref(.id), reason: .status} };

# A refund of the order: lines with a quantity came back if the order was completed, and were
# given up if it was not; amounts without one are money back without goods. WooCommerce does not
# say what became of the goods: the reasons table does, once, for "refund".
def refunded($order):
  (.id | require("the refund's id") | tostring) as $refund
  | ($order.currency | require("the order's currency")) as $currency
  | (.date_created_gmt | in_zone) as $time
  | (($order.date_completed_gmt // "") as $done | $done != "" and .date_created_gmt >= $done) as $handed_over
  | ($order | rates) as $rates
  | (.amount | minor($currency)) as $amount

  # What a refund takes back is told with a minus.
  | def back: .total |= (. // "0" | tostring | size) | .total_tax |= (. // "0" | tostring | size);
    def worth: [.total, .total_tax | minor($currency)] | add;
    [.line_items[]? | back] as $lines
  | [ ($lines[] | select(units == 0) | {reason: "line", original: line_ref(refunded_line | require("the order line"))} + .),
      (.shipping_lines[]? | back | {reason: "shipping", original: order_ref($order.id)} + .),
      (.fee_lines[]? | back | {reason: "fee", original: order_ref($order.id)} + .)
      | select(worth != 0) ] as $allowances
  | ($amount - ([($lines[] | select(units != 0)), $allowances[] | worth] | add // 0)) as $rest

  | def money: minor($currency) | amount_of_minor($currency);

    def returned:
      { type: "return_accepted.v1",
        key: ([$refund, .id] | key),
        time: $time,
        data: {
          return: {type: "return", id: named($refund)},
          original: line_ref(refunded_line | require("the order line")),
          location: online,
          item: item,
          quantity: (units | quantity_of_thousandths),
          reason: "refund",
          channel: "ONLINE",
          net: (.total | money),
          taxes: taxes($currency; $rates) } };

    def given_up:
      { type: "line_cancelled.v1",
        key: ([$refund, .id] | key),
        time: $time,
        data: {
          order: order_ref($order.id),
          order_line: line_ref(refunded_line | require("the order line")),
          item: item,
          quantity: (units | quantity_of_thousandths),
          reason: "refund" } };

    def allowed:
      { type: "price_adjusted.v1",
        key: ([$refund, .id] | key),
        time: $time,
        data: {
          adjustment: ([$refund, .id] | key),
          original: .original,
          return: {type: "return", id: named($refund)},
          amount: (.total | money),
          taxes: taxes($currency; $rates),
          reason: .reason } };

    def issued:
      (["woocommerce", named($refund)] | join("·")) as $name
      | { type: "refund_issued.v1",
          key: $refund,
          time: $time,
          data: {
            processor: (if .refunded_payment == true then $order | processor else "manual" end),
            refund: {type: "refund", id: $name},
            payment: (if .refunded_payment == true then $order | payment else null end),
            order: order_ref($order.id),
            return: (if $handed_over or $allowances != [] or $rest > 0 then {type: "return", id: named($refund)} else null end),
            amount: ($amount | amount_of_minor($currency)) } };

    ($lines[] | select(units != 0) | if $handed_over then returned else given_up end),
    ($allowances[] | allowed),
    (select($rest > 0) | {id: "amount", total: ($rest | amount_of_minor($currency) | .amount), original: order_ref($order.id), reason: "refund"} | allowed),
    (select($amount != 0) | issued);
