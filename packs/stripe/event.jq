# What the mappings of webhooks share.

# An event from test mode carries no money, and neither does what a report says of its object.
def live($test_mode):
  if .livemode == false and $test_mode != "accept" then
    .data.object
    | (if .object == "charge" then "payment" else .object | require("what the event is about") end) as $kind
    | refuse_test("an event from test mode"; [{type: $kind, id: (["stripe", (.id | require("the object's id"))] | key)}])
  else . end;

# Stripe counts most currencies in their own minor unit. Three it does not.
def money($currency):
  if IN($currency; "ISK", "UGX") then
    if . % 100 == 0 then . / 100 else refuse("V-BAL-04"; "the currency has no fraction") end
  elif $currency == "MGA" then . * 100
  else . end
  | amount_of_minor($currency);

# A reference that need not be there.
def reference($kind): if . == null or . == "" then null else {type: $kind, id: tostring} end;
