# A shift of a cash drawer that was asked for → till_counted, once it is closed: what was in the
# drawer, and what should have been.

(.id | require("the shift's id")) as $shift
| if .state != "CLOSED" then ignore("the drawer has not been counted yet") else . end
| (.location_id // $options.location | require("the location")) as $location
| (.closed_at | in_zone_at($location)) as $time
# The key's day is the source's, which stays as it is when a place becomes known.
| (.opened_at | in_zone | business_date) as $day
| { type: "till_counted.v1",
    key: ([$location, $day, "pos", $shift] | key),
    time: $time,
    business_date: (.opened_at | in_zone_at($location) | business_date),
    data: {
      location: $location, till: "pos", shift: $shift,
      tenders: [{code: "CASH", counted: (.closed_cash_money | money), expected: (.expected_cash_money | money)}] } }
