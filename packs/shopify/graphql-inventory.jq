# An inventory level of the GraphQL API → mp_snapshot, for each state that was ever counted. The
# others are sums of them, or on their way.

def bucket: {available: "SELLABLE", damaged: "DAMAGED", quality_control: "QC_HOLD"}[.name];

(.item.legacyResourceId | require("the item") | tostring) as $item
| (.location.legacyResourceId | require("the location") | tostring) as $location
| [.quantities[] | select(bucket != null and .updatedAt != null)]
| if . == [] then ignore("the shop never counted the item there") else .[] end
| (.updatedAt | in_zone) as $time
| { type: "mp_snapshot.v1",
    key: ([$location, $item, ($time | source_version), (select(.name != "available") | .name)] | key),
    time: $time,
    data: {
      location: $location,
      as_of: $time,
      lines: [{line: $item, item: $item, bucket: bucket, quantity: (.quantity | quantity)}] } }
