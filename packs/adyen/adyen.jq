# What the mappings share.

# A message from the test environment carries no money.
def live($is; $test_mode):
  if $is or $test_mode == "accept" then . else refuse("V-TRN-01"; "a message from the test environment") end;

# Adyen counts most currencies in the minor unit of ISO 4217. Four it does not.
def money:
  (.currency | require("the currency")) as $currency
  | .value
  | if IN($currency; "CLP", "ISK") then
      tonumber | if . % 100 == 0 then . / 100 else refuse("V-BAL-04"; "the currency has no fraction") end
    elif IN($currency; "CVE", "IDR") then tonumber * 100
    else . end
  | amount_of_minor($currency);

# A member of what need not be there.
def member($name): if type == "object" then .[$name] else null end;

def payment($reference): {type: "payment", id: (["adyen", ($reference | require("the payment's reference"))] | key)};

def refund($reference): {type: "refund", id: (["adyen", ($reference | require("the refund's reference"))] | key)};

def dispute($reference): {type: "dispute", id: (["adyen", ($reference | require("the dispute's reference"))] | key)};
