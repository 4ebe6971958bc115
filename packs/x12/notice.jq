# A ship notice (856) → asn_received, one for each item, whatever the order of the levels
# (shipment, order, pack, item; or the packs below the items).

# Containers by SSCC, without the application identifier 00.
def containers: [.MAN[]? | select(.MAN01 == "GM" or .MAN01 == "AA") | .MAN02 | values | if test("^00[0-9]{18}$") then .[2:] else . end];

# Items with what the levels above them say.
def items($above):
  (.PRF.PRF01 // $above.order) as $order
  | (party(["ST"]) // $above.to) as $to
  | ($above.containers + containers) as $containers
  | if .HL03 == "I" and .SN1 != null then
      {item: ., order: $order, to: $to, containers: ($containers + [.HL[]? | containers[]])}
    else .HL[]? | items({order: $order, to: $to, containers: $containers}) end;

live
| (.BSN.BSN02 | require("the shipment's id (BSN02)")) as $shipment
| moment(.BSN.BSN03; .BSN.BSN04; null) as $time
| if IN(.BSN.BSN01 // "00"; "00", "05", "06", "14") then . else refuse("H-TOPIC"; "a notice of this purpose (BSN01) cannot be told yet") end
| (first(.HL[]?) // {}) as $head
| ($head | vendor // sender) as $vendor
| ([., $head]) as $both
| (first($both[] | dated("011") | values) // null | day_if_any) as $shipped
| (first($both[] | day_of("017", "067", "002") | values) // null) as $eta
| [.HL[]? | items({order: null, to: ($head | party(["ST"])), containers: []})]
| if length == 0 then refuse("V-SCH-01"; "the notice has no items") else .[] end
| . as $line
| .item
| { type: "asn_received.v1",
    key: ([sender, $shipment, .HL01] | key),
    time: $time,
    data: {
      asn: ([sender, $shipment] | key), line: .HL01, vendor: $vendor,
      purchase_order: purchase($line.order; ref("LI") // .LIN.LIN01),
      item: (.LIN // {} | lin_item),
      location: ($line.to | require("the place that the goods go to (N1*ST)")),
      quantity: (.SN1.SN102 | quantity),
      unit: (.SN1.SN103 | unit),
      containers: (if $line.containers == [] then null else $line.containers end),
      ship_date: $shipped, eta: $eta } }
