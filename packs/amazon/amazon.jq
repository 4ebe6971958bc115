# What the mappings share.

# Amazon names the two parts of money in each API in another way.
def money_value: .Amount // .CurrencyAmount // .amount // .currencyAmount // .value | require("an amount");
def money_currency: .CurrencyCode // .currencyCode | require("a currency");

# The minor units of money that need not be there.
def cents($currency):
  if . == null then 0
  elif money_currency != $currency then refuse("V-CUR-01"; "an amount is in another currency than its document")
  else money_value | minor($currency) end;

# The sum of the minor units of a list of money.
def total_cents($currency): reduce .[] as $m (0; . + ($m | cents($currency)));

def order_ref($order): {type: "shop_order", id: ($order | require("the order's id"))};
def line_ref($order; $line): {type: "shop_order_line", id: ([$order, ($line | require("the order item's id"))] | key)};
def settlement_ref($id): {type: "settlement", id: (["amazon", $id] | key)};

# Counts and movements of Amazon's warehouses have one place, because its counts name no
# warehouse.
def network: .location // "AFN";

# A seller's account has no name in most answers.
def seller($instance): .account // $instance;

def unless_zero($currency): if . == 0 then null else amount_of_minor($currency) end;

# A tax. What the marketplace collects and pays itself is a memo.
def tax($code; $cents; $facilitated; $currency):
  if $cents == 0 then empty
  else {code: $code, amount: ($cents | amount_of_minor($currency)), facilitated: (if $facilitated then true else null end)} end;

# An order in minor units, as both versions of the API tell it → mp_order.
#
# Prices contain the tax where the total is that of the prices alone.
def placed($options; $instance):
  . as $o
  | ([$o.lines[] | .price + .shipping - .discount - .shipping_discount] | add // 0) as $prices
  | ([$o.lines[] | .tax + .shipping_tax] | add // 0) as $taxes
  | ($taxes != 0 and $o.total == $prices) as $inclusive
  | ([$o.lines[] | .shipping - .shipping_discount] | add // 0) as $shipping
  | { type: "mp_order.v1", key: (["amazon", $o.order] | key), time: $o.placed, source_version: $o.version,
      data: {
        marketplace: "amazon", account: ($options | seller($instance)),
        aliases: [order_ref($o.order)], channel: "AMAZON", currency: $o.currency,
        fulfilled_by: (if $o.amazon then "MARKETPLACE" else "MERCHANT" end),
        location: (if $o.amazon then $options | network else $o.location // $options.merchant_location end),
        customer: $o.customer, prices_include_tax: (if $inclusive then true else null end),
        lines: [ $o.lines[] | . as $l
          | { line: .line, aliases: [line_ref($o.order; .line)], item: .item, quantity: (.quantity | quantity),
              gross: (.price | amount_of_minor($o.currency)),
              discounts: (if .discount == 0 then null else [{id: .promotion, amount: (.discount | amount_of_minor($o.currency))}] end),
              net: (.price - .discount | amount_of_minor($o.currency)),
              taxes: [tax("ItemTax"; $l.tax; $l.facilitated; $o.currency)] } ],
        shipping: ($shipping | unless_zero($o.currency)),
        shipping_taxes: [tax("ShippingTax"; [$o.lines[].shipping_tax] | add // 0; any($o.lines[]; .facilitated); $o.currency)],
        total: ($o.total | amount_of_minor($o.currency)) } };

def cancelled($order; $time; $version; $reason):
  { type: "order_cancelled.v1", key: (["amazon", $order, "cancelled"] | key), time: $time, source_version: $version,
    data: {order: order_ref($order), reason: $reason} };

# What Amazon's warehouses hold of an item. What is picked, moved or set aside there is ours until
# it is sent.
def counted($location; $time; $item; $sellable; $damaged; $held):
  { type: "mp_snapshot.v1", key: ([$location, $time, $item] | key), time: $time,
    data: {
      location: $location, as_of: $time,
      lines: [
        {line: "SELLABLE", item: $item, bucket: "SELLABLE", quantity: ($sellable | quantity)},
        {line: "DAMAGED", item: $item, bucket: "DAMAGED", quantity: ($damaged | quantity)},
        {line: "QC_HOLD", item: $item, bucket: "QC_HOLD", quantity: ($held | quantity)} ] } };

# A charge that Amazon makes, by its own code. What it takes is less than nothing in its accounts.
def charge($name; $id; $time; $line; $settlement; $order; $item; $code; $cents; $currency; $account):
  { type: ($name + ".v1"), key: ($id | key), time: $time,
    data: {
      marketplace: "amazon", account: $account, settlement: $settlement, line: $line,
      order: (if $order == null then null else order_ref($order) end),
      fee_type: ($code | require("the type of a charge")), item: $item, amount: (- $cents | amount_of_minor($currency)) } };

# The fees of an item or an order in finances v0; those of one type are one fee.
def fees($id; $time; $order; $item; $account):
  [.[]? | {type: .FeeType, money: .FeeAmount}] | group_by(.type)[]
  | .[0].type as $type
  | (.[0].money | money_currency) as $currency
  | ([.[].money] | total_cents($currency)) as $cents
  | select($cents != 0)
  | charge("mp_fees"; ["amazon", $order] + $id + [$type]; $time; $id + [$type] | key; null; $order; $item; $type; $cents; $currency; $account);

def reimbursement($id; $time; $settlement; $item; $units; $cents; $currency; $account):
  { type: "mp_reimbursement.v1", key: ($id | key), time: $time,
    data: {
      marketplace: "amazon", account: $account, case: ($id | key), settlement: $settlement, item: $item,
      quantity: ($units // "0" | quantity | if . == "0" or startswith("-") then null else . end),
      amount: ($cents | amount_of_minor($currency)) } };

def reserve($id; $time; $settlement; $cents; $currency; $account):
  { type: (if $cents < 0 then "reserve_held.v1" else "reserve_released.v1" end), key: ($id | key), time: $time,
    data: {
      processor: "amazon", account: $account, reserve: ($id | key), payout: $settlement,
      amount: ((if $cents < 0 then - $cents else $cents end) | amount_of_minor($currency)) } };

# What a row is for, by Amazon's words in all of its accounts.
def purpose($words):
  if ($words | test("reserve"; "i")) then "reserve"
  elif ($words | test("advertis|productads|sponsored"; "i")) then "mp_advertising"
  elif ($words | test("storage"; "i")) then "mp_storage"
  elif ($words | test("reimburse|warehouse_lost|warehouse_damage|missing_from_inbound|compensated_clawback|safe-?t|free_replacement_refund"; "i")) then "reimbursement"
  else "mp_fees" end;

# A time of a report: with a zone, or with the day first, or a day alone.
def told:
  require("the time of a row")
  | if test("^[0-9]{2}[.][0-9]{2}[.][0-9]{4}") then .[6:10] + "-" + .[3:5] + "-" + .[0:2] + .[10:] else . end
  | if test("^[0-9]{4}-[0-9]{2}-[0-9]{2}$") then . + "T00:00:00" | local_time else in_zone end;

# An amount of a report as the marketplace writes it.
def written($options; $currency):
  require("the amount of a row") | (if $options.decimal == "comma" then decimal_comma else . end) | minor($currency);

# What a row adds to its settlement, by type. What was held back before opens the account, and what
# is held back now stays; the row with the total and the one that pays it are no parts of it.
def adds($words; $kind; $digits; $options):
  ((.currency | present) // $options.currency | require("the currency, in the row or as the option currency,")) as $currency
  | (if $words | test("previous reserve"; "i") then "opening"
     elif $words | test("current reserve"; "i") then "reserve"
     else $kind end) as $name
  | [([(."settlement-id" | require("the settlement's id")), $name] | key), ($digits | written($options; $currency))];
def is_part: ."transaction-type" | present | . != null and . != "Transfer";

def row_adds($options):
  if is_part then adds("\(."transaction-type") \(."amount-description")"; (."amount-type" | present) // ."transaction-type"; .amount; $options)
  else empty end;

def wide_row_adds($options):
  if is_part | not then empty
  else
    ("price", "shipment-fee", "order-fee", "item-related-fee", "misc-fee", "other-fee", "promotion", "direct-payment", "other") as $column
    | (.[$column + "-amount"] | present) as $text
    | if $text == null then empty else adds(."transaction-type"; $column; $text; $options) end
  end;

# The first row of a settlement. Its sums are those of its own rows.
def closed($settlement; $currency; $account; $options; $sums):
  (."total-amount" | present | written($options; $currency) | amount_of_minor($currency)) as $total
  | (."settlement-end-date" | told) as $end
  | ($settlement + "·") as $own
  | [$sums // {} | to_entries[] | select(.key | startswith($own)) | {type: (.key | ltrimstr($own)), cents: .value}] as $rows
  | [$rows[] | select(IN(.type; "opening", "reserve") | not) | {type, amount: (.cents | amount_of_minor($currency))}] as $parts
  | def held($name): [$rows[] | select(.type == $name) | .cents] | add // 0;
    { type: "mp_settlement_closed.v1", key: (["amazon", $settlement] | key), time: $end,
      data: {
        marketplace: "amazon", account: $account, settlement: settlement_ref($settlement), currency: $currency,
        from: (."settlement-start-date" | told | business_date), to: ($end | business_date),
        opening: (held("opening") | unless_zero($currency)),
        sums: (if $sums == null then null elif $parts == [] then [{type: "rows", amount: (0 | amount_of_minor($currency))}] else $parts end),
        reserve: (- held("reserve") | unless_zero($currency)),
        payout: $total } };

# What one amount of a row is booked as.
def booked($words; $code; $id; $time; $settlement; $cents; $currency; $account):
  (["amazon"] + $id) as $id
  | purpose($words) as $purpose
  | (.sku | present) as $item
  | if $cents == 0 then empty
    elif $purpose == "reserve" then reserve($id; $time; $settlement; $cents; $currency; $account)
    elif $purpose == "reimbursement" then reimbursement($id; $time; $settlement; $item; ."quantity-purchased" | present; $cents; $currency; $account)
    else charge($purpose; $id; $time; $id[2:] | key; $settlement; ."order-id" | present; $item; $code; $cents; $currency; $account) end;
