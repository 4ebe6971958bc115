# A notice of a delivery with its bill (857) → asn_received and vendor_invoice, for each item.

def containers: [.MAN[]? | select(.MAN01 == "GM" or .MAN01 == "AA") | .MAN02 | values | if test("^00[0-9]{18}$") then .[2:] else . end];

def items($above):
  (.PRF.PRF01 // $above.order) as $order
  | ($above.containers + containers) as $containers
  | if .HL03 == "I" then {item: ., order: $order, containers: $containers}
    else .HL[]? | items({order: $order, containers: $containers}) end;

live
| . as $set
| (.BHT.BHT03 | require("the document's number (BHT03)")) as $document
| moment(.BHT.BHT04; .BHT.BHT05; null) as $time
| (first(.HL[]?) // {}) as $head
| ($head | vendor // party(["SF"]) // sender) as $vendor
| ($head | party(["ST"]) | require("the place that the goods go to (N1*ST)")) as $to
| (first($head | day_of("017", "067", "002") | values) // null) as $eta
| currency as $currency
| [.HL[]? | items({order: null, containers: []})]
| if length == 0 then refuse("V-SCH-01"; "the notice has no items") else .[] end
| .order as $order
| .containers as $containers
| .item
| .HL01 as $line
| (if (.IT1 // [] | length) == 1 then .IT1[0] else refuse("V-SCH-01"; "an item has one IT1") end)
| {item: (it1_item | require("the item of a line")), quantity: (.IT102 | quantity), unit: (.IT103 | unit), purchase_order: purchase($order; .IT101)} as $goods
| { type: "asn_received.v1", key: ([sender, $document, $line] | key), time: $time,
    data: ($goods + {asn: ([sender, $document] | key), line: $line, vendor: $vendor, location: $to, eta: $eta,
                     containers: (if $containers == [] then null else $containers end)}) },
  { type: "vendor_invoice.v1", key: ([$vendor, $document, $line] | key), time: $time,
    data: ($goods + {vendor: $vendor, invoice: $document, line: $line,
      net: (extended(.IT102; .IT104; .IT105; $currency) + ([.SAC[]? | charged($currency)] | add // 0) | amount_of_minor($currency))}) }
