# What somebody did at a cash drawer → paid_in, paid_out, control_txn.
#
# The amounts are never negative: the type tells the direction. Cash of sales and refunds is told
# by the tenders of orders.

(.id | require("the event's id")) as $id
| (.event_type | require("the type")) as $type
| ($options.location | require("the option location: the place of the drawer")) as $location
| (.created_at | in_zone_at($location)) as $time
# The key's day is the source's, which stays as it is when a place becomes known.
| (.created_at | in_zone | business_date) as $day
| def event($name; $body):
    { type: $name, key: ([$location, $day, "pos", $id] | key), time: $time,
      data: ({location: $location, till: "pos", cashier: (.team_member_id // .employee_id)} + $body) };

  if $type == "PAID_IN" then event("paid_in.v1"; {reason: $type, tender: "CASH", amount: (.event_money | money)})
  elif $type == "PAID_OUT" then event("paid_out.v1"; {reason: $type, tender: "CASH", amount: (.event_money | money)})
  elif $type == "NO_SALE" then event("control_txn.v1"; {control: "NO_SALE"})
  elif IN($type; "CASH_TENDER_PAYMENT", "OTHER_TENDER_PAYMENT", "CASH_TENDER_CANCELLED_PAYMENT", "OTHER_TENDER_CANCELLED_PAYMENT",
                 "CASH_TENDER_REFUND", "OTHER_TENDER_REFUND") then ignore("the tenders of orders and the refunds tell it")
  else refuse("H-TOPIC"; "an event of a type that is not known") end
