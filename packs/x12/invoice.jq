# An invoice (810) → vendor_invoice, one for each line and one for each allowance or charge of the
# document as a whole. A credit memo, by BIG07 or by a total below zero, is one vendor_credit_memo.
#
# An 810 writes no amounts of lines: they are quantity times price, with the allowances and charges
# of the line. Taxes of the document are split over its lines (rule book D1).

# The taxes of a line or of the document, in minor units. Zero is none.
def taxes($currency):
  [.TXI[]? | {code: ([.TXI01, .TXI05] | map(values) | join(" ")), rate: (.TXI03 | if . == null then null else decimal | fraction_of_percent end),
    minor: (.TXI02 // "0" | decimal | minor($currency))} | select(.minor != 0)];

def tax($cents; $currency): {code, rate, amount: ($cents | amount_of_minor($currency))};

live
| currency as $currency
| (.BIG.BIG02 | require("the invoice's number (BIG02)")) as $invoice
| moment(.BIG.BIG01; null; null) as $time
| (vendor // sender) as $vendor
| .BIG.BIG04 as $order
| (first(.ITD[]? | .ITD06 | values) // null | if . == null then null else day end) as $due
| ref("RZ") as $return
| taxes($currency) as $taxes
| [.IT1 // [] | to_entries[]
   | (.key + 1 | tostring) as $place
   | .value
   | (.IT101 // $place | line_number) as $number
   | { line: $number, item: it1_item, quantity: (.IT102 | quantity), unit: (.IT103 | unit), purchase_order: purchase($order; .IT101),
       minor: (extended(.IT102; .IT104; .IT105; $currency) + ([.SAC[]? | charged($currency)] | add // 0)), taxes: taxes($currency) }] as $goods
| [.SAC // [] | to_entries[] | {line: "SAC\(.key + 1)", purchase_order: purchase($order; null), minor: (.value | charged($currency)), taxes: []} | select(.minor != 0)] as $charges
| ($goods + $charges) as $lines
| if $lines == [] then refuse("V-SCH-01"; "the invoice has no lines") else . end
| ([$lines[].minor] | add) as $net
| ([$lines[].taxes[], $taxes[] | .minor] | add // 0) as $tax
| (.TDS.TDS01 | if . == null then null else implied($currency) end) as $total
# What the header says stands beside the lines where they differ.
| (if $total == null or ($total | absolute) == ($net + $tax | absolute) then {total: null, lines_total: null}
   else {total: ($total | amount_of_minor($currency)), lines_total: ($net + $tax | amount_of_minor($currency))} end) as $told
| if IN(.BIG.BIG07 // ""; "CR", "CN") or ($total // $net) < 0 then
    { type: "vendor_credit_memo.v1",
      key: ([$vendor, $invoice] | key), time: $time,
      data: ($told + {
        vendor: $vendor, memo: $invoice,
        of: (if $return == null then null else {type: "vendor_return", id: $return} end),
        amount: ($net | absolute | amount_of_minor($currency)),
        taxes: ([$lines[].taxes[], $taxes[] | tax(.minor | absolute; $currency)] | if . == [] then null else . end) }) }
  else
    # The shares of each tax of the document, by line.
    [$taxes[] | . as $t | $t.minor | apportion([$lines[].minor | absolute]) | [$t, .]] as $shares
    | $lines | to_entries[]
    | .key as $i
    | .value
    | ([.taxes[] | tax(.minor; $currency)] + [$shares[] | .[1][$i] as $share | select($share != 0) | .[0] | tax($share; $currency)]) as $all
    | { type: "vendor_invoice.v1",
        key: ([$vendor, $invoice, .line] | key), time: $time,
        data: ($told + {
          vendor: $vendor, invoice: $invoice, line: .line, purchase_order, item, quantity, unit,
          net: (.minor | amount_of_minor($currency)),
          taxes: (if $all == [] then null else $all end),
          due: $due }) }
  end
