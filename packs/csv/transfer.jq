# A row of goods between own places → transfer_shipped as they leave, transfer_received as they
# come. Both name the transfer's own line, by which what is on the way is known.
(cell("transfer") | require("the transfer")) as $transfer
| (cell("line") | require("the line of the transfer")) as $line
| {transfer: $transfer, line: $line, item: (cell("item") | require("the item")), quantity: (counted | quantity_of_thousandths), unit: cell("unit")} as $goods
| (cell("from") | require("where it leaves")) as $from
| (cell("to") | require("where it goes")) as $to
| if cell("shipment") != null then
    header(day) + {type: "transfer_shipped.v1", key: ([$transfer, cell("shipment"), $line] | key), data: ($goods + {shipment: cell("shipment"), location: $from, to: $to})}
  else
    (cell("receipt") | require("the shipment or the receipt")) as $receipt
    | header(day) + {type: "transfer_received.v1", key: ([$transfer, $receipt, $line] | key), data: ($goods + {receipt: $receipt, location: $to, from: $from, bucket: cell("bucket")})}
  end
