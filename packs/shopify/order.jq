# orders/create → order_placed. All amounts are in the shop's currency: Shopify writes them
# beside the customer's (presentment) currency, and the shop's is the one without a suffix.

if .test == true then refuse("V-TRN-01"; "a test order") else . end
| (.id | require("the order's id") | tostring) as $order
| (.currency | require("the order's currency")) as $currency
| (.taxes_included == true) as $inclusive

| def tax:
    { code: (.title | require("a tax line's title")),
      rate: (if .rate == null then null else .rate | tostring end),
      amount: (.price | amount($currency)) };

  def allocated: [.discount_allocations[]? | .amount | minor($currency)] | add // 0;

  def line:
    (.id | require("a line's id") | tostring) as $line
    | ((.price | minor($currency)) * (.quantity | require("a line's quantity"))) as $gross
    | { line: $line,
        aliases: [{type: "shop_order_line", id: $line}],
        item: item,
        quantity: (.quantity | quantity),
        gross: ($gross | amount_of_minor($currency)),
        discounts: [.discount_allocations[]? | {
          id: (if .discount_application_index == null then null else .discount_application_index | tostring end),
          amount: (.amount | amount($currency)) }],
        net: ($gross - allocated | amount_of_minor($currency)),
        taxes: [.tax_lines[]? | tax] };

  # Shipping is told without tax, whether the shop's prices contain it or not.
  def shipping:
    (.price | minor($currency)) - allocated
    - (if $inclusive then [.tax_lines[]? | .price | minor($currency)] | add // 0 else 0 end);

  { type: "order_placed.v1",
    key: $order,
    time: (.processed_at // .created_at | utc_time),
    data: {
      aliases: [
        {type: "shop_order", id: $order},
        {type: "order_name", id: "\($instance)/\(.name | require("the order's name"))"}],
      channel: "ONLINE",
      currency: $currency,
      customer: .customer.id,
      prices_include_tax: (if $inclusive then true else null end),
      lines: [.line_items[] | line],
      shipping: (if (.shipping_lines // []) == [] then null
        else [.shipping_lines[] | shipping] | add | amount_of_minor($currency) end),
      shipping_taxes: [.shipping_lines[]? | .tax_lines[]? | tax],
      total: (.total_price | amount($currency)) } }
