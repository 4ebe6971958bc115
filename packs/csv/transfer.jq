# A row of goods between own places → transfer_shipped as they leave, transfer_received as they
# come. Both name the transfer's own line, by which what is on the way is known.
(.transfer | require("the transfer")) as $transfer
| (.line | require("the line of the transfer")) as $line
| {transfer: $transfer, line: $line, item: (.item | require("the item")), quantity: (counted | quantity_of_thousandths), unit: (.unit | present)} as $goods
| (.from | require("where it leaves")) as $from
| (.to | require("where it goes")) as $to
| if (.shipment | present) != null then
    header(day) + {type: "transfer_shipped.v1", key: ([$transfer, (.shipment | present), $line] | key), data: ($goods + {shipment: (.shipment | present), location: $from, to: $to})}
  else
    (.receipt | require("the shipment or the receipt")) as $receipt
    | header(day) + {type: "transfer_received.v1", key: ([$transfer, $receipt, $line] | key), data: ($goods + {receipt: $receipt, location: $to, from: $from, bucket: (.bucket | present)})}
  end
