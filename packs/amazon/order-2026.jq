# An order of the Orders API 2026-01-01 → mp_order, or order_cancelled, and shipped for each
# package that the merchant sent, where the place is known.
#
# The order, its key and its version are those of the API v0.

(.orderId | require("the order's id")) as $id
| (.fulfillment.fulfillmentStatus | require("the order's status")) as $status
| (.createdTime | in_zone) as $placed
| (.lastUpdatedTime | source_version) as $version
| if IN($status; "PENDING", "PENDING_AVAILABILITY") then ignore("a pending order has no price and is told again")
  elif IN($status; "CANCELLED", "CANCELED") then cancelled($id; .lastUpdatedTime | in_zone; $version; "Canceled")
  else
    . as $order
    | (.proceeds.grandTotal | require("the order's total")) as $total
    | ($total | money_currency) as $currency
    | {ITEM: "price", SHIPPING: "shipping", TAX: "taxes", DISCOUNT: "discounts", GIFT_WRAP: "wrap", COD_FEE: "cod"} as $kinds
    | def kind($name): [.proceeds.breakdowns[]? | select(.type == $name) | .subtotal] | total_cents($currency);
      def part($name; $subtype): [.proceeds.breakdowns[]? | select(.type == $name) | .detailedBreakdowns[]? | select(.subtype == $subtype) | .value] | total_cents($currency);
      def size: if . < 0 then - . else . end;
      def extra($line; $item; $price; $tax):
        if $price == 0 then empty
        else { line: ($line + "-" + $item), item: $item, quantity: 1, price: $price, discount: 0, promotion: null, tax: $tax,
               shipping: 0, shipping_discount: 0, shipping_tax: 0, facilitated: false } end;
      (if any(.orderItems[]?.proceeds.breakdowns[]?; $kinds[.type // ""] == null) then refuse("H-TOPIC"; "the order has a kind of charge that is not known") else . end)
    | { order: $id, currency: $currency, total: ($total | cents($currency)), placed: $placed, version: $version,
        amazon: (.fulfillment.fulfilledBy == "AMAZON"), location: null, customer: .buyer.buyerEmail,
        lines: [ .orderItems[]? | select(.quantityOrdered != 0)
          | (.orderItemId | require("the order item's id")) as $line
          | part("TAX"; "SHIPPING") as $shipping_tax | part("TAX"; "GIFT_WRAP") as $wrap_tax | (part("DISCOUNT"; "SHIPPING") | size) as $shipping_discount
          | { line: $line, item: (.product.sellerSku | require("the item of a line")), quantity: (.quantityOrdered | require("a quantity")),
              price: kind("ITEM"), discount: ((kind("DISCOUNT") | size) - $shipping_discount),
              promotion: (if (.promotion.breakdowns // [] | length) == 1 then .promotion.breakdowns[0].promotionId else null end),
              tax: (kind("TAX") - $shipping_tax - $wrap_tax), shipping: kind("SHIPPING"), shipping_discount: $shipping_discount, shipping_tax: $shipping_tax,
              facilitated: false },
            extra($line; "GiftWrap"; kind("GIFT_WRAP"); $wrap_tax), extra($line; "CODFee"; kind("COD_FEE"); 0) ] }
    | placed($options; $instance),
      ( $order.packages[]?
        | select($order.fulfillment.fulfilledBy == "MERCHANT" and $options.merchant_location != null and .shipTime != null)
        | (.packageReferenceId | require("the package's id")) as $package
        | { type: "shipped.v1", key: (["amazon", $id, $package] | key), time: (.shipTime | in_zone),
            data: {
              shipment: {type: "shipment", id: ([$id, $package] | key)}, order: order_ref($id), location: $options.merchant_location,
              lines: [ .packageItems[]? | .orderItemId as $line
                | ([$order.orderItems[] | select(.orderItemId == $line)][0] | require("the order item of a package")) as $item
                | { line: $line, aliases: [{type: "shipment", id: ([$id, $package, $line] | key)}], claim: line_ref($id; $line),
                    item: $item.product.sellerSku, quantity: (.quantity | quantity) } ],
              carrier: .carrier, tracking: .trackingNumber } } )
  end
