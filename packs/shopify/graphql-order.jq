# An order of the GraphQL API → order_placed, order_cancelled: the same document as that of the
# webhook in other words.

def nodes: if type == "array" then .[] elif .nodes != null then .nodes[] else .edges[]?.node end;
def shop: .shopMoney.amount;
def taxes: [.taxLines | values | nodes | {title, rate, price: (.priceSet | shop)}];
def discounts: [.discountAllocations | values | nodes | {
  amount: (.allocatedAmountSet | shop), discount_application_index: .discountApplication.index}];
def duties: [.duties | values | nodes | {
  id: (.id | split("/") | last), shop_money: .price.shopMoney, tax_lines: taxes}];

if .test == true then
  {id: .legacyResourceId, line_items: [.lineItems | values | nodes | {id: (.id | split("/") | last)}]} | test_order
else . end
# An export may have the time of the last change blacked out.
| (.updatedAt | if . != null and test("^[0-9]{4}-") then source_version else null end) as $version
| { id: .legacyResourceId,
    name,
    currency: .currencyCode,
    taxes_included: .taxesIncluded,
    processed_at: (.processedAt // .createdAt | in_zone),
    cancelled_at: (if .cancelledAt == null then null else .cancelledAt | in_zone end),
    cancel_reason: (if .cancelReason == null then null else .cancelReason | ascii_downcase end),
    customer: {id: .customer.legacyResourceId},
    total_price: (.totalPriceSet | shop),
    total_tip_received: (.totalTipReceivedSet | if . == null then null else shop end),
    original_total_additional_fees_set: {shop_money: .originalTotalAdditionalFeesSet.shopMoney},
    line_items: [.lineItems | nodes | {
      id: (.id | split("/") | last),
      sku,
      variant_id: .variant.legacyResourceId,
      gift_card: .isGiftCard,
      quantity,
      price: (.originalUnitPriceSet | shop),
      discount_allocations: discounts,
      tax_lines: taxes,
      duties: duties }],
    shipping_lines: [.shippingLines | values | nodes | {
      price: (.originalPriceSet | shop), discount_allocations: discounts, tax_lines: taxes}] }
| (order_placed + {source_version: $version}),
  (select(.cancelled_at != null) | order_cancelled)
