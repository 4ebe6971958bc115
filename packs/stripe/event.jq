# What the mappings of webhooks share.

# An event from test mode carries no money.
def live($test_mode):
  if .livemode == false and $test_mode != "accept" then refuse("V-TRN-01"; "an event from test mode") else . end;

# Stripe counts most currencies in their own minor unit. Three it does not.
def money($currency):
  if IN($currency; "ISK", "UGX") then
    if . % 100 == 0 then . / 100 else refuse("V-BAL-04"; "the currency has no fraction") end
  elif $currency == "MGA" then . * 100
  else . end
  | amount_of_minor($currency);

# A reference that need not be there.
def reference($kind): if . == null or . == "" then null else {type: $kind, id: tostring} end;
