# A warehouse received goods (944). For a purchase order → po_received for what came in good order
# and receipt_discrepancy for the exceptions (W13); for a transfer → transfer_received, by condition.

# The bucket of a transfer's goods by their condition; null is not there.
def bucket: {"01": "DAMAGED", "04": "QC_HOLD", "05": "QC_HOLD"}[.];

live
| (.W17.W1703 | require("the warehouse's receipt number (W1703)")) as $number
| warehouse as $location
| moment_at($location; .W17.W1702; null; null) as $time
| ([sender, $number] | key) as $receipt
| transfer_number(.W17.W1704 | require("the depositor's order number (W1704)")) as $transfer
| (n9("PO") // .W17.W1704) as $order
| vendor as $vendor
| party(["SF"]) as $from
| reported(.W17.W1701)
| [.W07 // [] | to_entries[]]
| if length == 0 then refuse("V-SCH-01"; "the receipt has no lines") else .[] end
| (.key + 1 | tostring) as $place
| .value
| (n9("LI") | line_number) as $own
| w07_item as $item
| (.W0702 | unit) as $unit
| (.W0701 | thousandths) as $told
| .W0708 as $lot
| [.W13[]? | {condition: (.W1303 | require("the condition of an exception (W1303)")), quantity: (.W1301 | thousandths)} | select(.condition != "07")] as $exceptions
| if any($exceptions[]; .condition | IN("01", "02", "03", "04", "05") | not) then refuse("H-TOPIC"; "goods of this receiving condition (W1303) cannot be told yet") else . end
# What is short did not come; all other exceptions are part of what came.
| ([$exceptions[] | select(.condition != "02" and (.condition != "03" or $transfer == null)) | .quantity] | add // 0) as $apart
| (if $options.received == "good" then $told else $told - $apart end) as $good
| if $good < 0 then refuse("V-QTY-01"; "more is excepted (W13) than was received (W07)") else . end
| if $transfer != null then
    {transfer: $transfer, receipt: $receipt, line: ($own // $place), item: $item, location: $location, from: $from, unit: $unit, lot: $lot} as $goods
    | (if $good == 0 then empty else
         {type: "transfer_received.v1", key: ([$transfer, sender, $number, $place] | key), time: $time, data: ($goods + {quantity: ($good | quantity_of_thousandths)})} end),
      ($exceptions[] | (.condition | bucket) as $bucket | select($bucket != null)
       | {type: "transfer_received.v1", key: ([$transfer, sender, $number, $place, .condition] | key), time: $time,
          data: ($goods + {bucket: $bucket, quantity: (.quantity | quantity_of_thousandths)})})
  else
    {receipt: $receipt, line: $place, vendor: $vendor, item: $item, location: $location, unit: $unit, purchase_order: purchase($order; $own)} as $goods
    | (if $good == 0 then empty else
         {type: "po_received.v1", key: ([sender, $number, $place] | key), time: $time, data: ($goods + {quantity: ($good | quantity_of_thousandths), lot: $lot})} end),
      ($exceptions[]
       | if .condition == "04" then
           {type: "po_received.v1", key: ([sender, $number, $place, "04"] | key), time: $time,
            data: ($goods + {quantity: (.quantity | quantity_of_thousandths), lot: $lot, bucket: "QC_HOLD"})}
         else
           {type: "receipt_discrepancy.v1", key: ([sender, $number, $place, .condition] | key), time: $time,
            data: ($goods + {kind: (.condition | discrepancy), quantity: (.quantity | quantity_of_thousandths)})} end)
  end
