# A shipment of the Finances API v0 → mp_shipped for each item that Amazon's warehouses sent, and
# its fees where the installation books them from here.
#
# A shipment has no id: the order, its item and the time of posting tell it. It does not say who
# sent it either: Amazon did where it takes a fee for that.

(.AmazonOrderId | require("the order's id")) as $order
| (.PostedDate | in_zone) as $time
| (.PostedDate | utc_time) as $posted
| ($options | seller($instance)) as $account
| (.MarketplaceName // "" | startswith("Non-Amazon")) as $elsewhere
| ($options.accounts == "finances") as $booked
| [ .ShipmentItemList[]? | . as $item
    | (.OrderItemId | require("the order item's id")) as $line
    | [.ItemChargeList[]?] as $charges
    | ( any(.ItemFeeList[]?; .FeeType // "" | startswith("FBA")) or $options.fulfilled_by == "amazon" ) as $amazon
    | ( if $elsewhere or ($amazon | not) or .QuantityShipped == 0 then empty
        else
          ($charges[0].ChargeAmount | require("the charges of an item") | money_currency) as $currency
          | def of($names): [$charges[] | select(.ChargeType | IN($names[])) | .ChargeAmount] | total_cents($currency);
            ["Principal", "GiftWrap", "Giftwrap"] as $goods | ["ShippingCharge"] as $freight | ["Discount"] as $off
          | ["Tax", "GiftWrapTax", "GiftwrapTax", "TaxDiscount"] as $taxes | ["ShippingTax"] as $freight_tax
          | ( if any($charges[]; (.ChargeAmount | cents($currency)) != 0
                  and (.ChargeType // "" | (IN(($goods + $freight + $off + $taxes + $freight_tax)[]) or startswith("MarketplaceFacilitator")) | not))
              then refuse("H-TOPIC"; "the shipment has a kind of charge that is not known") else . end )
          | any(.ItemTaxWithheldList[]?; .TaxCollectionModel == "MarketplaceFacilitator") as $facilitated
          | ([ (.PromotionList[]? | {id: .PromotionId, cents: (.PromotionAmount | cents($currency))}),
               {id: null, cents: of($off)} ] | [.[] | select(.cents != 0)]) as $promotions
          | { type: "mp_shipped.v1", key: (["amazon", $order, $line, $posted] | key), time: $time,
              data: {
                marketplace: "amazon", account: $account, order: order_ref($order), order_line: line_ref($order; $line),
                item: (.SellerSKU | require("the sku")), location: ($options | network), quantity: (.QuantityShipped | quantity), channel: "AMAZON",
                gross: (of($goods) | amount_of_minor($currency)), shipping: (of($freight) | unless_zero($currency)),
                discounts: [$promotions[] | {id, amount: (- .cents | amount_of_minor($currency))}],
                net: (of($goods) + of($freight) + ([$promotions[].cents] | add // 0) | amount_of_minor($currency)),
                taxes: [tax("Tax"; of($taxes); $facilitated; $currency), tax("ShippingTax"; of($freight_tax); $facilitated; $currency)] } }
        end ),
      (select($booked) | .ItemFeeList | fees([$line, $posted]; $time; $order; $item.SellerSKU; $account)) ]
  + [select($booked) | (.ShipmentFeeList // []) + (.OrderFeeList // []) | fees([$posted]; $time; $order; null; $account)]
| if . == [] then ignore("what the merchant sends is told by the merchant, and fees by the account that is booked") else .[] end
