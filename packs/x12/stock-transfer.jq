# Goods are on their way to a warehouse (943) → asn_received for a purchase order, transfer_shipped
# for a transfer between own places.

live
| (.W06.W0602 | require("the depositor's order number (W0602)")) as $number
| (.W06.W0604 // $number) as $shipment
| (gathered("11") // .W06.W0603) as $date
| (party(["WH", "ST"]) // receiver) as $to
| moment_at($to; $date; null; null) as $time
| (gathered("17") // gathered("02") | if . == null then null else day end) as $eta
| transfer_number($number) as $transfer
| (n9("PO") // .W06.W0606 // $number) as $order
| (vendor // party(["SF"])) as $from
| reported(.W06.W0601)
| [.W04 // [] | to_entries[]]
| if length == 0 then refuse("V-SCH-01"; "the notice has no lines") else .[] end
| (.key + 1 | tostring) as $place
| .value
| (n9("LI") | line_number) as $own
| {item: w04_item, quantity: (.W0401 | quantity), unit: (.W0402 | unit), eta: $eta} as $goods
| if $transfer != null then
    { type: "transfer_shipped.v1", key: ([$transfer, $shipment, ($own // $place)] | key), time: $time,
      data: ($goods + {transfer: $transfer, shipment: $shipment, line: ($own // $place), location: ($from | require("where the goods come from (N1*SF)")), to: $to}) }
  else
    { type: "asn_received.v1", key: ([sender, $shipment, $place] | key), time: $time,
      data: ($goods + {asn: ([sender, $shipment] | key), line: $place, vendor: $from, location: $to, ship_date: ($date | day), purchase_order: purchase($order; $own)}) }
  end
