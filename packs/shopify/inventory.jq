# inventory_levels/update → mp_snapshot: what the shop says can be sold of an item at a place.

(.inventory_item_id | require("the item") | tostring) as $item
| (.location_id | require("the location") | tostring) as $location
| (.updated_at | utc_time) as $time
| if .available == null then ignore("the shop does not count the item there") else . end
| { type: "mp_snapshot.v1",
    key: ([$location, $item, ($time | source_version)] | key),
    time: $time,
    data: {
      location: $location,
      as_of: $time,
      lines: [{line: $item, item: $item, bucket: "SELLABLE", quantity: (.available | quantity)}] } }
