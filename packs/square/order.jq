# An order that was asked for → order_placed with what became of it, where somebody has to fulfil
# it; else sale, exchange, return_accepted, return_no_receipt, price_adjusted, gift_card_sold, once
# it is completed.
#
# Square tells the whole order each time it changes: a later version replaces what was told. It
# rounds taxes and discounts line by line, and what it applied to a line is taken as it is.

(.id | require("the order's id")) as $order
| (.location_id | require("the location")) as $location
| (.total_money // {} | .currency | require("the currency")) as $currency
| (.state | require("the state")) as $state
| (.closed_at // .updated_at // .created_at | in_zone_at($location)) as $closed
| .customer_id as $customer
| {type: "shop_order", id: $order} as $self
| [.returns[]?] as $returns
| [.fulfillments[]? | select(IN(.type; "PICKUP", "SHIPMENT", "DELIVERY"))] as $fulfilments
| ([.taxes[]?.type] as $kinds | $kinds != [] and all($kinds[]; . == "INCLUSIVE")) as $inclusive
| (.taxes // []) as $taxes
| (.discounts // []) as $discounts

| def event($name; $own_key; $time; $body): {type: $name, key: $own_key, time: $time, data: $body};
  def minor_units: amount_of_minor($currency);
  def of_uid($uid; $among): [$among[] | select(.uid == $uid)][0] // {};

  # Quantities are written with up to five places.
  def how_many: .quantity | if test("[.]") then sub("0+$"; "") | rtrimstr(".") else . end | quantity;

  def charged($among):
    [ .applied_taxes[]? | of_uid(.tax_uid; $among) as $tax | {
        code: ($tax.catalog_object_id // $tax.name | require("the tax's name")),
        rate: (if ($tax.percentage | present) == null then null else $tax.percentage | fraction_of_percent end),
        amount: (.applied_money | money) } ] as $found
    # A tax that only the line's total tells has the total's name.
    | if $found == [] and (.total_tax_money | cents) != 0 then [{code: "total_tax_money", amount: (.total_tax_money | money)}] else $found end;

  def deducted:
    [ .applied_discounts[]? | of_uid(.discount_uid; $discounts) as $discount
      | {id: ($discount.catalog_object_id // .discount_uid), amount: (.applied_money | money)} ];

  def item:
    if .item_type == "GIFT_CARD" then "gift_card" elif (.catalog_object_id | present) != null then .catalog_object_id else "custom_item" end;

  def without_tax: (.total_money | cents) - (.total_tax_money | cents);

  def position:
    { line: (.uid | require("a line's uid")), aliases: [order_line($order; .uid)], item: item, quantity: how_many, unit: unit,
      gross: ((.gross_sales_money // .total_money | cents) + (.total_service_charge_money | cents)),
      discounts: deducted, net: without_tax, taxes: charged($taxes), due: (.total_money | cents) };

  # What is paid for beside goods has a code of its own. Service charges that were spread over the
  # lines are in them.
  def charge:
    { line: (.uid | require("a service charge's uid")), aliases: [order_line($order; .uid)], item: (.catalog_object_id // "service_charge"), quantity: "1",
      gross: (.applied_money // .amount_money | cents), discounts: [], net: without_tax, taxes: charged($taxes), due: (.total_money | cents) };

  def tip: {line: "tip", aliases: [order_line($order; "tip")], item: "tip", quantity: "1", gross: ., discounts: [], net: ., taxes: [], due: .};

  [.line_items[]? | select((.quantity | require("a quantity") | thousandths) != 0)] as $raw
| [$raw[] | position] as $positions
| ([.service_charges[]? | select(.treatment_type != "APPORTIONED_TREATMENT") | charge]
   + [.total_tip_money | cents | select(. != 0) | tip]) as $extras

# At a point of sale.
| ([$positions[] | select(.item == "gift_card")]) as $cards
| ([$positions[] | select(.item != "gift_card")] + $extras) as $sold
| def due: [.[].due] | add // 0;

  (reduce (.tenders[]? | select((.amount_money | cents) != 0)) as $t ({at: 0, all: []};
    .at as $at | ($at + ($t.amount_money | cents)) as $end
    | { at: $end, all: (.all + [{
          code: ($t.type | require("a tender's type")), from: $at, to: $end,
          reference: (if $t.payment_id == null then null else ["square", $t.payment_id] | key end) }]) })) as $paid

# The part of what was paid that lies between two marks: gift cards are paid first.
| def paid_between($from; $to):
    [ $paid.all[] | ([.from, $from] | max) as $a | ([.to, $to] | min) as $b | select($b > $a)
      | {code, reference, amount: ($b - $a | minor_units)} ];

  def line: {line, aliases, item, quantity, unit, gross: (.gross | minor_units), discounts, net: (.net | minor_units), taxes};

  (.rounding_adjustment // {} | .amount_money | cents) as $rounding
| ((.total_money | cents) - ($cards | due)) as $header
| (if $header == ($sold | due) + $rounding then $header - $rounding else $header end) as $total
| { aliases: ([$self] + [$paid.all[].reference | values | {type: "payment", id: .}]),
    location: $location, till: "pos", currency: $currency, customer: $customer,
    prices_include_tax: (if $inclusive then true else null end),
    lines: [$sold[] | line],
    rounding: (if $rounding == 0 then null else $rounding | minor_units end) } as $transaction

| def sale: event("sale.v1"; $order; $closed; $transaction + {total: ($total | minor_units), tenders: paid_between($cards | due; $paid.at)});

  def gift_card($i):
    ($cards[:$i] | due) as $from
    | $cards[$i]
    | event("gift_card_sold.v1"; [$order, .line] | key; $closed; {
        location: $location, transaction: $self, line: .line, amount: (.net | minor_units), taxes: .taxes,
        tenders: paid_between($from; $from + .due) });

# What came back. A refund of money alone is an order, too, with a line that names no goods.
  [ $returns[] | .source_order_id as $source | (.return_taxes // []) as $back
    | (.return_line_items[]? | {raw: ., goods: (.item_type != "CUSTOM_AMOUNT" or .source_line_item_uid != null)}),
      (.return_service_charges[]? | select(.treatment_type != "APPORTIONED_TREATMENT") | {raw: ., goods: false}),
      (.return_tips[]? | {raw: . + {total_money: .applied_money}, goods: false})
    | . + {source: $source, taxes: (.raw | charged($back)), net: (.raw | without_tax)} ] as $back
| [$back[] | select(.goods)] as $goods
| ($options.returned_goods // "restock" | ascii_upcase) as $disposition
| {type: "return", id: $order} as $return

| def came_back: {
    line: (.raw.uid | require("a line's uid")), item: (.raw | item), quantity: (.raw | how_many), unit: (.raw | unit),
    disposition: $disposition, net: (.net | minor_units), taxes };

  def original: order_line(.source | require("the order of the sale"); .raw.source_line_item_uid);

  def accepted:
    came_back as $came
    | ({return: $return, location: $location} + ($came | del(.line))) as $body
    | if .source == null then
        event("return_no_receipt.v1"; [$order, $came.line] | key; $closed; $body + {price_source: "STATED", customer: $customer})
      else
        event("return_accepted.v1"; [$order, $came.line] | key; $closed; $body + {original: original})
      end;

  def given_back:
    (.raw.uid | require("a line's uid")) as $uid
    | event("price_adjusted.v1"; [$order, $uid] | key; $closed; {
        adjustment: ([$order, $uid] | key), original: {type: "shop_order", id: (.source | require("the order of the sale"))},
        return: $return, amount: (.net | minor_units), taxes });

  # The difference is paid, or refunded: the refund itself is told by another message.
  def exchange:
    if $cards != [] or any($goods[]; .source == null) then refuse("H-TOPIC"; "an exchange of this kind cannot be booked yet") else . end
    | [.refunds[]? | select(IN(.status; "REJECTED", "FAILED") | not) | .amount_money | cents] as $refunds
    | event("exchange.v1"; $order; $closed; $transaction + {
        returned: [$goods[] | came_back + {original: original}],
        total: ((.net_amounts // {} | .total_money | cents) - $rounding | minor_units),
        tenders: (paid_between(0; $paid.at) + [$refunds[] | {code: "REFUND", amount: (- . | minor_units)}]) });

# For somebody to fulfil.
  def placed:
    [$fulfilments[].type] as $types
    | event("order_placed.v1"; $order; (.created_at | in_zone_at($location)); {
        aliases: [$self], channel: "ONLINE", currency: $currency, customer: $customer,
        mode: (if all($types[]; . == "PICKUP") then "PICKUP" elif all($types[]; . != "PICKUP") then "SHIP" else null end),
        prices_include_tax: (if $inclusive then true else null end),
        lines: [($positions + $extras)[] | line + (if $inclusive then {net: (.due | minor_units)} else {} end)],
        total: (.total_money | money) });

  # What is paid for beside goods goes with the first fulfilment.
  def served:
    (if .line_item_application == "ENTRY_LIST" then [.entries[]? | . as $entry | of_uid(.line_item_uid; $raw) | . + {quantity: $entry.quantity}]
     else $raw end | [.[] | {line: (.uid | require("a line's uid")), item: item, quantity: how_many, unit: unit}])
    + (if .uid == $fulfilments[0].uid then [$extras[] | {line, item, quantity}] else [] end);

  def fulfilled($details; $when):
    (.uid | require("a fulfilment's uid")) as $uid
    | ([$order, $uid] | key) as $shipment
    | ($when // $closed | in_zone_at($location)) as $time
    | {order: $self, location: $location, lines: [served[] | . + {
        aliases: [{type: "shipment", id: ([$order, $uid, .line] | key)}], claim: order_line($order; .line) }]} as $body
    | if .state == "PREPARED" and .type == "PICKUP" then
        event("ready_for_pickup.v1"; $shipment; $time; {
          order: $self, shipment: {type: "shipment", id: $shipment}, lines: [$body.lines[].claim],
          hold_until: (if $details.expires_at == null then null else $details.expires_at | utc_time end) })
      elif .state == "COMPLETED" and .type == "PICKUP" then
        event("picked_up.v1"; $shipment; $time; $body + {aliases: [{type: "shipment", id: $shipment}]})
      elif .state == "COMPLETED" then
        event("shipped.v1"; $shipment; $time; $body + {
          shipment: {type: "shipment", id: $shipment}, carrier: $details.carrier, tracking: $details.tracking_number }),
        (if .type != "DELIVERY" then empty
         else event("delivered.v1"; [$order, $uid, "delivered"] | key; $time; {order: $self, shipment: {type: "shipment", id: $shipment}}) end)
      elif IN(.state; "CANCELED", "FAILED") and $state != "CANCELED" then
        .state as $reason | $body.lines[]
        | event("line_cancelled.v1"; [$order, .line, $uid] | key; $time; {order: $self, order_line: .claim, item, quantity, unit, reason: $reason})
      else empty end;

  def details:
    if .type == "PICKUP" then .pickup_details elif .type == "SHIPMENT" then .shipment_details else .delivery_details end // {};

  if $state == "DRAFT" then ignore("a draft")
  elif $fulfilments != [] then
    placed,
    ($fulfilments[] | details as $details
     | fulfilled($details; $details.canceled_at // $details.failed_at // $details.picked_up_at // $details.shipped_at // $details.delivered_at // $details.ready_at)),
    (if $state == "CANCELED" then event("order_cancelled.v1"; [$order, "CANCELED"] | key; $closed; {order: $self, reason: $state}) else empty end)
  elif $state == "OPEN" then ignore("nobody has promised to fulfil it and nobody has paid: it becomes a sale when it is completed")
  elif $state == "CANCELED" then ignore("it was given up before it was paid")
  elif $state != "COMPLETED" then refuse("V-SCH-01"; "the order has a state that is not known")
  elif any($goods[]; .raw.item_type == "GIFT_CARD") then refuse("H-TOPIC"; "a gift card that comes back cannot be booked yet")
  elif $goods != [] and $positions != [] then exchange, ($back[] | select(.goods | not) | given_back)
  elif $back != [] then $back[] | if .goods then accepted else given_back end
  elif $positions == [] then ignore("it sells nothing")
  else
    (if $sold == [] then empty else sale end),
    (range($cards | length) | gift_card(.))
  end
