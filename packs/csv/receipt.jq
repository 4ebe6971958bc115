# A row of goods that a vendor sent → po_received.
(cell("receipt") | require("the receipt")) as $receipt
| line as $line
| number("value") as $value
| header(day) + {
    type: "po_received.v1",
    key: ([$receipt, $line] | key),
    data: {
      receipt: $receipt, line: $line,
      purchase_order: (cell("purchase_order") | if . == null then null
        else {type: "purchase_order", id: .} end),
      vendor: cell("vendor"), item: (cell("item") | require("the item")), location: must("location"),
      quantity: (counted | quantity_of_thousandths), unit: cell("unit"), lot: cell("lot"), bucket: cell("bucket"),
      value: (if $value == null then null else currency as $currency | $value | amount($currency) end) } }
