# An inventory change that was asked for → what it moved.
#
# Sales and returns move stock as the orders tell them; Square writes them here a second time.

(.type | require("the type")) as $type
| (.physical_count // .adjustment // .transfer | require("the change")) as $change
| ($change.id | require("the change's id")) as $id
| ($change.catalog_object_id | require("the item")) as $item
| ($change.location_id // $change.from_location_id) as $location
| (($change.occurred_at // $change.created_at) | in_zone_at($location)) as $time
| ({quantity_unit: .measurement_unit} | unit) as $unit
| def event($name; $own_key; $body): {type: $name, key: $own_key, time: $time, data: ({item: $item, unit: $unit} + $body)};
  def place: .location_id | require("the location");

  def counted:
    if .state != "IN_STOCK" then refuse("H-TOPIC"; "a count of goods in this state cannot be booked yet") else . end
    | event("count_adjusted.v1"; $id; {
        count: $id, line: "1", location: place, bucket: "SELLABLE", cutoff_time: $time, counted: (.quantity | quantity),
        counter: (.team_member_id // .employee_id) });

  def received($bucket):
    event("po_received.v1"; [(.goods_receipt_id // .purchase_order_id), $id] | key; {
      receipt: (.goods_receipt_id // .purchase_order_id), line: $id, location: place, bucket: $bucket, quantity: (.quantity | quantity),
      purchase_order: (if .purchase_order_id == null then null else {type: "purchase_order", id: .purchase_order_id} end),
      value: (if .total_price_money == null then null else .total_price_money | money end) });

  def adjusted($sign; $reason):
    event("stock_adjusted.v1"; [$id, "1"] | key; {
      adjustment: $id, line: "1", location: place, bucket: "SELLABLE", reason: $reason,
      quantity: ((.quantity | thousandths) * $sign | quantity_of_thousandths) });

  def released:
    event("qc_released.v1"; $id; {
      inspection: $id, location: place, quantity: (.quantity | quantity),
      receipt: (if .goods_receipt_id == null then null else {type: "receipt", id: .goods_receipt_id} end) });

  def moved:
    if .state != "IN_STOCK" then refuse("H-TOPIC"; "a transfer of goods in this state cannot be booked yet") else . end
    | event("transfer_shipped.v1"; [$id, "1", "1"] | key; {
        transfer: $id, shipment: "1", line: "1", location: (.from_location_id | require("where it came from")),
        to: (.to_location_id | require("where it went")), quantity: (.quantity | quantity) }),
      event("transfer_received.v1"; [$id, "1", "1"] | key; {
        transfer: $id, receipt: "1", line: "1", location: (.to_location_id | require("where it went")),
        from: .from_location_id, quantity: (.quantity | quantity) });

  # States between which only orders and returns move goods.
  def traded: IN("SOLD", "SOLD_ONLINE", "RETURNED_BY_CUSTOMER", "UNLINKED_RETURN", "RESERVED_FOR_SALE");

  def adjustment:
    (.from_state | require("the state before")) as $from
    | (.to_state | require("the state after")) as $to
    | if .transaction_id != null or .refund_id != null or ($from | traded) or ($to | traded) then
        ignore("the order tells what was sold, promised or brought back")
      elif .goods_receipt_id != null and $from == "RECEIVED_FROM_VENDOR" and $to == "IN_STOCK" then released
      elif (.goods_receipt_id // .purchase_order_id) != null and $to == "IN_STOCK" then received("SELLABLE")
      elif (.goods_receipt_id // .purchase_order_id) != null and $to == "RECEIVED_FROM_VENDOR" then received("QC_HOLD")
      elif $to == "ORDERED_FROM_VENDOR" then ignore("goods that are ordered are not there yet")
      elif $from == "NONE" and $to == "IN_STOCK" then adjusted(1; "NONE_TO_IN_STOCK")
      elif $from == "IN_STOCK" and $to == "NONE" then adjusted(-1; "IN_STOCK_TO_NONE")
      elif $from == "IN_STOCK" and $to == "WASTE" then adjusted(-1; "IN_STOCK_TO_WASTE")
      elif $from == "WASTE" and $to == "IN_STOCK" then adjusted(1; "WASTE_TO_IN_STOCK")
      elif $from == "NONE" and $to == "WASTE" or $from == "WASTE" and $to == "NONE" then ignore("the goods were not there before and are not there now")
      else refuse("H-TOPIC"; "goods that change between these states cannot be booked yet") end;

  if $type == "PHYSICAL_COUNT" then $change | counted
  elif $type == "ADJUSTMENT" then $change | adjustment
  elif $type == "TRANSFER" then $change | moved
  else refuse("H-TOPIC"; "a change of a type that is not known") end
