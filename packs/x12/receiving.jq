# A receiving advice (861) → po_received for what came in good order, and receipt_discrepancy for
# what is in question.

live
| . as $set
| (.BRA.BRA01 | require("the receipt's number (BRA01)")) as $number
| (party(["ST"]) // warehouse) as $location
| moment_at($location; .BRA.BRA02; .BRA.BRA05; null) as $time
| ([sender, $number] | key) as $receipt
| ref("PO") as $order
| vendor as $vendor
| if .BRA.BRA03 // "00" | IN("00", "06") then . else refuse("H-TOPIC"; "an advice of this purpose (BRA03) cannot be told yet") end
| [.RCD // [] | to_entries[]]
| if length == 0 then refuse("V-SCH-01"; "the advice has no lines") else .[] end
| (.value.RCD01 // (.key + 1 | tostring)) as $line
| .value
| (.LIN // [{}] | first | lin_item) as $item
| {receipt: $receipt, line: $line, vendor: $vendor, item: $item, location: $location,
   purchase_order: purchase(((.PRF // [{}])[0].PRF01) // $order; (.LIN // [{}])[0].LIN01)} as $goods
| (.RCD06 // "0" | thousandths) as $doubtful
| (.RCD02 // "0" | thousandths) as $received
| if $doubtful == 0 and $received == 0 then refuse("V-SCH-01"; "a line tells no quantity") else . end
| if $doubtful > 0 and (.RCD08 // "" | discrepancy) == null then refuse("H-TOPIC"; "goods of this receiving condition (RCD08) cannot be told yet") else . end
| (if $received == 0 then empty else
     { type: "po_received.v1", key: ([sender, $number, $line] | key), time: $time,
       data: ($goods + {quantity: ($received | quantity_of_thousandths), unit: (.RCD03 | unit),
              rejected: (.RCD04 // "0" | thousandths | if . == 0 then null else quantity_of_thousandths end)}) } end),
  (if $doubtful == 0 then empty else
     { type: "receipt_discrepancy.v1", key: ([sender, $number, $line, .RCD08] | key), time: $time,
       data: ($goods + {kind: (.RCD08 | discrepancy), quantity: ($doubtful | quantity_of_thousandths), unit: (.RCD07 | unit)}) } end)
