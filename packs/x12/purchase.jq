# A purchase order (850) → po_approved, one for each line. One that replaces or cancels (BEG01) is a
# change, and tells each line as it stands then.
#
# Where a line is for several places (SDQ), each has a line of its own: line·place.

live
| . as $set
| (.BEG.BEG03 | require("the purchase order's number (BEG03)")) as $order
| (vendor // receiver) as $vendor
| party(["ST", "BY"]) as $to
| day_of("002") as $eta
| (.BEG.BEG01 // "00") as $purpose
| if $purpose == "07" then ignore("a copy of an order") else . end
| if IN($purpose; "00", "01", "05", "06") then . else refuse("H-TOPIC"; "an order of this purpose (BEG01) cannot be told yet") end
| [.PO1 // [] | to_entries[]]
| if length == 0 then refuse("V-SCH-01"; "the order has no lines") else .[] end
| .key as $place
| .value
| . as $line
| ([.SDQ[]? | (.SDQ03, .SDQ05, .SDQ07, .SDQ09, .SDQ11, .SDQ13, .SDQ15, .SDQ17, .SDQ19, .SDQ21)] ) as $places
| ([.SDQ[]? | (.SDQ04, .SDQ06, .SDQ08, .SDQ10, .SDQ12, .SDQ14, .SDQ16, .SDQ18, .SDQ20, .SDQ22)] ) as $shares
| ((.PO101 // ($place + 1 | tostring)) | line_number) as $number
| (if $places == [] then {line: [$number], to: (party(["ST"]) // $to), quantity: .PO102}
   else range($places | length) | select($places[.] != null) | {line: [$number, $places[.]], to: $places[.], quantity: $shares[.]} end) as $part
| ($purpose == "00" or $purpose == "06") as $new
| { type: (if $new then "po_approved.v1" else "po_changed.v1" end),
    key: ([$order] + $part.line + (if $new then [] else [written_as] end) | key),
    time: (if $new then moment($set.BEG.BEG05; null; null) else written end),
    data: {
      order: $order, line: ($part.line | key), vendor: $vendor,
      item: po1_item,
      location: ($part.to | require("the place that the goods go to (N1*ST)")),
      quantity: (if $purpose == "01" then "0" else $part.quantity | quantity end),
      unit: (.PO103 | unit),
      cost: (if .PO104 == null or $purpose == "01" then null
             else ($set | currency) as $currency | extended($part.quantity; $line.PO104; $line.PO105; $currency) | amount_of_minor($currency) end),
      incoterm: ($set.FOB | if . != null and .FOB04 == "01" then .FOB05 else null end),
      eta: (day_of("002") // $eta) } }
