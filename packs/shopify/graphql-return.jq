# A return of the GraphQL API → rma_created: what a customer may send back. Goods and money are
# told by refunds, and what the customer gets instead joins the order.

def nodes: if type == "array" then .[] elif .nodes != null then .nodes[] else .edges[]?.node end;
def id: .id | require("an id") | split("/") | last;

if .status != "OPEN" and .status != "CLOSED" then ignore("a return that was not granted") else . end
| id as $return
| { type: "rma_created.v1",
    key: $return,
    time: (.createdAt | in_zone),
    data: {
      return: {type: "return", id: $return},
      order: shop_order(.order | id),
      lines: [.returnLineItems | nodes | {
        line: id,
        original: shop_line(.fulfillmentLineItem.lineItem | id),
        item: (.fulfillmentLineItem.lineItem | {sku, variant_id: .variant.legacyResourceId} | item),
        quantity: (.quantity | quantity),
        reason: (.returnReason | if . == null then null else ascii_downcase end) }] } }
