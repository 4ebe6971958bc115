# What events in JSON and in XML have in common once they are of one shape.

# The last word of a bare term, a CURIE, a URN or a web address of the vocabulary: shipping,
# cbv:BizStep-shipping, urn:epcglobal:cbv:bizstep:shipping, https://ref.gs1.org/cbv/BizStep-shipping.
def word: if . == null then null else split("/")[-1] | split(":")[-1] | ltrimstr("BizStep-") | ltrimstr("Disp-") | ltrimstr("BTT-") end;

# A place by its GLN in any spelling; another spelling is the source's own code.
def spot: if . == null then null else gln_of_epc // . end;

# A document by what stands behind the last separator of its URN or address.
def last_part: if . == null then null else split("/")[-1] | split(":")[-1] end;
def business($kind): first(.bizTransactionList[]? | select((.type | word) == $kind) | .bizTransaction) // null | last_part;

# Goods by class: single ones counted, the rest by their quantity. Packages are no goods.
def goods:
  ([.epcList[]? | gtin_of_epc | values | {gtin: ., units: 1000, uom: null}]
   + [.quantityList[]? | select(.quantity != null) | (.epcClass | gtin_of_epc) as $gtin | select($gtin != null)
      | {gtin: $gtin, units: (.quantity | thousandths), uom}])
  | group_by([.gtin, .uom])
  | map({item: .[0].gtin, quantity: ([.[].units] | add | quantity_of_thousandths), unit: .[0].uom});

def end_of($list; $kind): first(.[$list][]? | select((.type | word) == "location") | .[$kind]) // null | spot;

# One visibility event → what it does to stock.
def told:
  (.eventTime | require("the event's time") | local_time) as $time
  | (.bizStep | word) as $step
  | (.disposition | word) as $disposition
  | (.errorDeclaration != null) as $wrong
  | ((.readPoint.id // .bizLocation.id) | spot) as $from
  | ((.bizLocation.id // .readPoint.id) | spot) as $at
  # An event without an id is known by what, where, when and why.
  | (.eventID // ([.eventTime, $step, $at, (.epcList[0]? // .quantityList[0]?.epcClass // .parentID // "")] | map(. // "") | join(" "))) as $id
  | business("po") as $order
  | business("desadv") as $advice
  | end_of("sourceList"; "source") as $source
  | end_of("destinationList"; "destination") as $destination
  | goods as $goods

  | def single($kind; $suffix; $body):
      { type: $kind, key: (if $suffix == "" then [$id] else [$id, $suffix] end | key), time: $time, data: $body };
    # A declaration that the event was wrong takes it back under a key of its own.
    def each_line($kind; body_of):
      range($goods | length) as $i | $goods[$i] as $g | (($i + 1) | tostring) as $n
      | single($kind; $n; ($g + {no: $n}) | (del(.no) + body_of));
    def undone($kind; body_of):
      range($goods | length) as $i | $goods[$i] as $g | (($i + 1) | tostring) as $n
      | single($kind; $n + "-error"; ($g + {no: $n}) | (del(.no) + body_of));

    if .type == "AssociationEvent" then ignore("an association of things moves no goods")
    elif .type == "TransformationEvent" then
      ([.inputEPCList[]? | {epc: ., quantity: "1"}] + [.inputQuantityList[]? | {epc: .epcClass, quantity: (.quantity // "0" | quantity), unit: .uom}]) as $in
      | ([.outputEPCList[]? | {epc: ., quantity: "1"}] + [.outputQuantityList[]? | {epc: .epcClass, quantity: (.quantity // "0" | quantity), unit: .uom}]) as $out
      | ([$out[] | .epc | gtin_of_epc] | unique) as $made
      | if $wrong or $at == null or ($made | length) != 1 or $made[0] == null or any($in[]; .epc | gtin_of_epc == null) then
          refuse("H-TOPIC"; "a transformation of several or unnamed goods cannot be told as one kit")
        else
          single("kit_assembled.v1"; ""; {
            work_order: (.transformationID // $id), location: $at, item: $made[0],
            quantity: ([$out[] | .quantity | thousandths] | add | quantity_of_thousandths),
            parts: [range($in | length) as $i | {line: ($i + 1 | tostring), item: ($in[$i].epc | gtin_of_epc), quantity: $in[$i].quantity, unit: $in[$i].unit}] })
        end
    elif .type == "AggregationEvent" then ignore("what is packed or unpacked stays where it is")
    elif .type == "TransactionEvent" then ignore("a business transaction is joined, and nothing moves")
    elif .action == "DELETE" and ($step == "destroying" | not) and ($step == "decommissioning" | not) then ignore("the identities end, and the goods went before")
    elif $goods == [] then ignore("it tells of no goods that are counted by GTIN")

    elif IN($step; "shipping", "departing") then
      if $destination != null and $options.destination != "customer" then
        if $wrong then
          undone("transfer_discrepancy_resolved.v1"; {transfer: ($advice // $id), line: .no, location: $destination, from: ($from | require("the place")), resolution: "FOUND_AT_SOURCE"})
        else
          each_line("transfer_shipped.v1"; {transfer: ($advice // $id), shipment: $id, line: .no, location: ($from | require("the place")), to: $destination})
        end
      elif $wrong then refuse("H-TOPIC"; "a shipment that was declared wrong has to be returned by hand")
      else
        single("shipped.v1"; "shipment"; {
          shipment: {type: "shipment", id: ($advice // $id)},
          order: (if $order == null then null else {type: "order_name", id: $order} end),
          location: ($from | require("the place")),
          lines: [range($goods | length) as $i | {line: ($i + 1 | tostring), claim: {type: "order_name", id: ($order // $id)}} + $goods[$i]] })
      end
    elif IN($step; "receiving", "accepting") then
      if $source != null and $order == null then
        if $wrong then refuse("H-TOPIC"; "a receipt of a transfer that was declared wrong has to be corrected by hand")
        else each_line("transfer_received.v1"; {transfer: ($advice // $id), receipt: $id, line: .no, location: ($at | require("the place")), from: $source}) end
      elif $wrong then
        undone("receipt_reversed.v1"; {receipt: $id, line: .no, location: ($at | require("the place")),
          purchase_order: (if $order == null then null else {type: "purchase_order", id: $order} end), reason: "declared wrong"})
      else
        each_line("po_received.v1"; {receipt: $id, line: .no, location: ($at | require("the place")),
          purchase_order: (if $order == null then null else {type: "purchase_order", id: $order} end),
          asn: (if $advice == null then null else {type: "asn", id: $advice} end)})
      end
    elif $wrong then refuse("H-TOPIC"; "what was declared wrong has to be corrected by hand")
    elif $step == "destroying" then
      each_line("destroyed.v1"; {disposal: $id, line: .no, location: ($at | require("the place")), bucket: "DAMAGED"})
    elif $step == "decommissioning" then
      each_line("written_off.v1"; {disposal: $id, line: .no, location: ($at | require("the place")), bucket: "SELLABLE", reason: "DATA_FIX"})
    elif IN($step; "cycle_counting", "stock_taking") then
      each_line("count_adjusted.v1"; {count: $id, line: .no, location: ($at | require("the place")), bucket: "SELLABLE", cutoff_time: $time, counted: .quantity}) | .data |= del(.quantity)
    elif $disposition == "damaged" then
      each_line("damaged.v1"; {adjustment: $id, line: .no, location: ($at | require("the place"))})
    elif $step == "retail_selling" then ignore("the till tells what was sold and for how much")
    else ignore("the step changes neither the place nor the state of goods") end;
