# An order of the Orders API v0 with its items → mp_order, or order_cancelled.
#
# An order that is asked for alone stands beside its items. ItemPrice is what the whole line
# costs, not one piece.

(.record | require("the order, beside its items")) as $order
| ($order.AmazonOrderId | require("the order's id")) as $id
| ($order.OrderStatus | require("the order's status")) as $status
| ($order.PurchaseDate | in_zone) as $placed
| ($order.LastUpdateDate | source_version) as $version
| if IN($status; "Pending", "PendingAvailability") then ignore("a pending order has no price and is told again")
  elif $status == "Canceled" then cancelled($id; $order.LastUpdateDate | in_zone; $version; $status)
  elif IN($status; "Unshipped", "PartiallyShipped", "Shipped", "InvoiceUnconfirmed", "Unfulfillable") | not then
    refuse("V-SCH-01"; "the order has a status that is not known")
  else
    # What is replaced is not paid for, and has no total.
    ( if $order.OrderTotal == null and ($order.IsReplacementOrder | IN(true, "true")) then
        {CurrencyCode: ($options.currency | require("the currency of a replacement, the option currency,")), Amount: "0"}
      else $order.OrderTotal | require("the order's total") end ) as $total
    | ($total | money_currency) as $currency
    | def extra($line; $item; $price; $tax; $facilitated):
        if $price == 0 then empty
        else { line: ($line + "-" + $item), item: $item, quantity: 1, price: $price, discount: 0, promotion: null, tax: $tax,
               shipping: 0, shipping_discount: 0, shipping_tax: 0, facilitated: $facilitated } end;
      { order: $id, currency: $currency, total: ($total | cents($currency)), placed: $placed, version: $version,
        amazon: ($order.FulfillmentChannel == "AFN"), location: $order.FulfillmentInstruction.FulfillmentSupplySourceId,
        customer: $order.BuyerInfo.BuyerEmail,
        lines: [ .items[]? | select(.QuantityOrdered != 0)
          | (.OrderItemId | require("the order item's id")) as $line
          | (.TaxCollection.Model == "MarketplaceFacilitator") as $facilitated
          | { line: $line, item: (.SellerSKU | require("the item of a line")), quantity: (.QuantityOrdered | require("a quantity")),
              price: (.ItemPrice | cents($currency)), discount: (.PromotionDiscount | cents($currency)),
              promotion: (if (.PromotionIds // [] | length) == 1 then .PromotionIds[0] else null end),
              tax: ((.ItemTax | cents($currency)) - (.PromotionDiscountTax | cents($currency))),
              shipping: (.ShippingPrice | cents($currency)), shipping_discount: (.ShippingDiscount | cents($currency)),
              shipping_tax: ((.ShippingTax | cents($currency)) - (.ShippingDiscountTax | cents($currency))),
              facilitated: $facilitated },
            extra($line; "GiftWrap"; .BuyerInfo.GiftWrapPrice | cents($currency); .BuyerInfo.GiftWrapTax | cents($currency); $facilitated),
            extra($line; "CODFee"; (.CODFee | cents($currency)) - (.CODFeeDiscount | cents($currency)); 0; $facilitated) ] }
    | placed($options; $instance)
  end
