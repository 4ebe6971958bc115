# inventory.count.updated and counts that were asked for → 3pl_snapshot, one for each item and
# state: what Square's own books say is there. It is compared and never applied.

# The states in which goods are there. Quantities in the others are no longer tracked.
{ IN_STOCK: "SELLABLE", RESERVED_FOR_SALE: "RESERVED", RETURNED_BY_CUSTOMER: "QC_HOLD", RECEIVED_FROM_VENDOR: "QC_HOLD",
  ORDERED_FROM_VENDOR: "ON_ORDER", IN_TRANSIT_TO: "IN_TRANSIT", IN_TRANSIT: "IN_TRANSIT" } as $buckets

| [if has("event_id") then .data.object.inventory_counts | require("the counts") | .[] else . end] as $counts
| [$counts[] | select($buckets[.state | require("the state")] != null)] as $tracked
| if $tracked == [] then ignore("quantities in this state are not there") else $tracked[] end
| .state as $state
| (.catalog_object_id | require("the item")) as $item
| (.location_id | require("the location")) as $location
| { type: "3pl_snapshot.v1",
    key: ([$location, .calculated_at, $item, $state] | key),
    time: (.calculated_at | in_zone_at($location)),
    data: {
      location: $location,
      as_of: (.calculated_at | utc_time),
      lines: [{line: "1", item: $item, bucket: $buckets[$state], quantity: (.quantity | quantity)}] } }
