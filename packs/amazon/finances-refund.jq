# A refund of the Finances API v0 → mp_returned for each item, and its fees where the installation
# books them from here.
#
# What is given back is less than nothing, and the commission that comes back more. Who sent the
# goods is not told: the option fulfilled_by is.

(.AmazonOrderId | require("the order's id")) as $order
| (.PostedDate | in_zone) as $time
| (.PostedDate | utc_time) as $posted
| ($options | seller($instance)) as $account
| ($options.accounts == "finances") as $booked
| [ .ShipmentItemAdjustmentList[]? | . as $item
    | (.OrderAdjustmentItemId // .OrderItemId | require("the id of what is given back")) as $return
    | [.ItemChargeAdjustmentList[]?] as $charges
    | ( if $options.fulfilled_by == "merchant" then empty
        elif $options.fulfilled_by != "amazon" then refuse("H-TOPIC"; "a refund does not say who sent the goods: the option fulfilled_by does")
        elif (.QuantityShipped // 0) == 0 then refuse("H-TOPIC"; "a refund without goods cannot be booked yet")
        else
          ($charges[0].ChargeAmount | require("the charges of an item") | money_currency) as $currency
          | def of($names): [$charges[] | select(.ChargeType | IN($names[])) | .ChargeAmount] | total_cents($currency);
            ["Principal", "GiftWrap", "Giftwrap", "ShippingCharge", "Discount", "Goodwill", "RestockingFee", "ReturnShipping"] as $net | ["Tax", "GiftWrapTax", "GiftwrapTax", "TaxDiscount"] as $taxes
          | ( if any($charges[]; (.ChargeAmount | cents($currency)) != 0
                  and (.ChargeType // "" | (IN(($net + $taxes + ["ShippingTax"])[]) or startswith("MarketplaceFacilitator")) | not))
              then refuse("H-TOPIC"; "the refund has a kind of charge that is not known") else . end )
          | any(.ItemTaxWithheldList[]?; .TaxCollectionModel == "MarketplaceFacilitator") as $facilitated
          | ([.PromotionAdjustmentList[]?.PromotionAmount] | total_cents($currency)) as $promotions
          | { type: "mp_returned.v1", key: (["amazon", $order, $return, $posted] | key), time: $time,
              data: {
                marketplace: "amazon", account: $account, return: {type: "return", id: (["amazon", $order, $return] | key)}, line: $return,
                order: order_ref($order), original: (if .OrderItemId == null then null else line_ref($order; .OrderItemId) end),
                item: (.SellerSKU | require("the sku")), location: ($options | network), quantity: (.QuantityShipped | quantity), reason: "Refund", channel: "AMAZON",
                refund: (- (of($net) + $promotions) | amount_of_minor($currency)),
                taxes: [tax("Tax"; - of($taxes); $facilitated; $currency), tax("ShippingTax"; - of(["ShippingTax"]); $facilitated; $currency)] } }
        end ),
      (select($booked) | .ItemFeeAdjustmentList | fees([$return, $posted]; $time; $order; $item.SellerSKU; $account)) ]
| if . == [] then ignore("what the merchant takes back is told by the merchant, and fees by the account that is booked") else .[] end
