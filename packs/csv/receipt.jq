# A row of goods that a vendor sent → po_received.
(.receipt | require("the receipt")) as $receipt
| line as $line
| (.value | number) as $value
| header(day) + {
    type: "po_received.v1",
    key: ([$receipt, $line] | key),
    data: {
      receipt: $receipt, line: $line,
      purchase_order: (.purchase_order | present | if . == null then null
        else {type: "purchase_order", id: .} end),
      vendor: (.vendor | present), item: (.item | require("the item")), location: must("location"),
      quantity: (counted | quantity_of_thousandths), unit: (.unit | present), lot: (.lot | present), bucket: (.bucket | present),
      value: (if $value == null then null else currency as $currency | $value | amount($currency) end) } }
