# What a warehouse says is there (846) → 3pl_snapshot, one for each place.

# Qualifiers of quantities by the bucket that they count. What is on hand (17) counts where nobody
# says what can be sold (33).
def buckets:
  {"33": "SELLABLE", "17": "SELLABLE", QH: "QC_HOLD", "20": "DAMAGED"}
  + ($options.quantities // "" | split(",") | map(select(trim != "") | split("=") | {(.[0] | trim): (.[1] // "" | trim)}) | add // {});

live
| (.BIA.BIA03 | require("the document's number (BIA03)")) as $number
| (party(["WH", "ST", "SF"]) // sender) as $place
| (first(.DTM[]? | select(.DTM01 == "007")) // {DTM02: .BIA.BIA04, DTM03: .BIA.BIA05} | moment_at($place; .DTM02; .DTM03; .DTM04)) as $as_of
| buckets as $buckets
| [.LIN // [] | to_entries[]
   | (.key + 1 | tostring) as $line
   | .value
   | (party(["WH", "ST", "SF"]) // $place) as $location
   | lin_item as $item
   | any(.QTY[]?; .QTY01 == "33") as $sellable
   | [.QTY[]? | select($buckets[.QTY01] != null and (.QTY01 != "17" or ($sellable | not)))] | to_entries[]
   | (if .key == 0 then $line else "\($line).\(.key + 1)" end) as $line
   | .value
   | {location: $location, line: {line: $line, item: $item, bucket: $buckets[.QTY01], quantity: (.QTY02 | quantity), unit: (.QTY03 // (.UIT // {}).UIT01 | unit)}}]
| if length == 0 then refuse("H-TOPIC"; "none of its quantities is of a kind that is known: the option quantities says what they mean") else . end
| group_by(.location)[]
| { type: "3pl_snapshot.v1",
    key: ([sender, $number, .[0].location] | key),
    time: $as_of,
    data: {location: .[0].location, as_of: $as_of, lines: map(.line)} }
