# A warehouse shipped (945) → shipped for a customer's order, transfer_shipped for a transfer between
# own places. What was ordered and did not go moves nothing: the order still wants it.

def w12_item:
  if .W1221 == null then one_item(.W1207; .W1208; .W1206)
  else item({(.W1221 // ""): .W1222, (.W1207 // ""): .W1208}; .W1206) end;

def shipped: .W1203 | require("the quantity shipped (W1203)") | thousandths != 0;

# One W12 as a line, if something went; $own is the order's line where the W12 does not tell it.
def line($number; $own; $order; $transfer):
  select(shipped)
  | (n9("LI") // $own) as $own
  | if $transfer == null then {line: $number, claim: order_line($order; $own), item: w12_item, quantity: (.W1203 | quantity), unit: (.W1205 | unit)}
    else {line: $number, own: $own, item: w12_item, quantity: (.W1203 | quantity), unit: (.W1205 | unit)} end;

# The lines that went. An LX mostly has one W12; more of them are counted.
def lines($order; $transfer):
  .LX[]?
  | .LX01 as $number
  | (n9("LI") // $number) as $own
  | .W12
  | if length == 1 then .[0] | line($number; $own; $order; $transfer)
    else . // [] | to_entries[] | .key as $i | .value | line("\($number).\($i + 1)"; $own; $order; $transfer) end;

live
| (.W06.W0602 | require("the depositor's order number (W0602)")) as $order
| .W06.W0604 as $shipment
| reported(.W06.W0601)
| warehouse as $location
| moment_at($location; gathered("11") // .W06.W0603; null; null) as $time
| transfer_number($order) as $transfer
| if any(.LX[]? | .W12[]?; shipped) then . else ignore("nothing was shipped") end
| if $transfer != null then
    (party(["ST"]) | require("where the goods go (N1*ST)")) as $to
    | lines($order; $transfer)
    | { type: "transfer_shipped.v1",
        key: ([$transfer, ($shipment // $order), .line] | key), time: $time,
        data: {transfer: $transfer, shipment: ($shipment // $order), line: (.own | line_number), item, location: $location, to: $to, quantity, unit} }
  else
    (if $shipment == null then [sender, $order] else [sender, $order, $shipment] end | key) as $id
    | { type: "shipped.v1",
        key: $id, time: $time,
        data: {
          shipment: {type: "shipment", id: $id},
          order: {type: "shop_order", id: $order},
          location: $location,
          carrier: (if .W27 == null then null else .W27.W2702 end),
          tracking: (n9("CN") | token("tracking")),
          lines: [lines($order; $transfer)] } }
  end
