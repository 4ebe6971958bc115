# How tills write what every transaction has. Elements are known by their local names, because
# senders disagree on namespaces.

def flag($name): attr($name) | . == "true" or . == "1";

# Version 2.1 has RetailStoreID, version 6 a BusinessUnit, which a link writes shorter.
def store:
  (.RetailStoreID | text)
  // ([.BusinessUnit[]? | if type == "object" and has("UnitID") then .UnitID else . end
       | select((attr("TypeCode") // "RetailStore") == "RetailStore") | text] | .[0]);

def day: .BusinessDayDate[0]? | if type == "object" then .Date // text else . end;

# When the transaction ended, else when it was written or begun.
def told:
  ([.EndDateTime[]?] | last) // .ReceiptDateTime
  // ([.POSLogDateTime[]? | select((attr("TypeCode") // "Transaction") == "Transaction")] | .[0])
  // ([.BeginDateTime[]?] | last)
  | text | require("the time");

# Whole minor units. An amount of nothing can be in any currency, and XXX means none.
def cents($currency):
  (attr("Currency") // $currency) as $own
  | if $own == $currency or $own == "XXX" then text | minor($currency)
    else refuse("V-CUR-01"; "an amount is not in the currency of the transaction") end;

# Directions of rounding stand in an attribute: up is what the customer pays more.
def rounded($currency): cents($currency) * (if attr("RoundingDirection") == "Down" then -1 else 1 end);

# POSLog's units are its own words; EA is what no unit means.
def unit:
  attr("UnitOfMeasureCode") as $unit
  | {KG: "KGM", G: "GRM", LB: "LBR", OZ: "ONZ", L: "LTR", ML: "MLT", M: "MTR", CM: "CMT"}[$unit // "EA"] // $unit
  | if . == "EA" then null else . end;

def absolute: if . < 0 then -. else . end;

# One tax of a line or of the transaction, told by its authority or, where there is none, by
# the group or kind that stands instead.
def tax($currency):
  { code: ((.TaxAuthority | text) // (.TaxGroupID[0]? | text) // attr("TaxID") // attr("TaxType") // "Tax"),
    applies_to: attr("TaxID"),
    rate: (.Percent | if . == null then null else text | fraction_of_percent end),
    cents: (.Amount | cents($currency)) };

# What a transaction was paid with: above zero what the till got, below what it gave.
def tenders($currency):
  def given: .Amount | cents($currency) | - absolute;
  [ .[]
    | ( .Tender | objects | select(has("Amount"))
        | (attr("TenderType") // "Cash") as $code
        | (attr("TypeCode") // "Sale") as $kind
        | (if $kind == "Refund" then given
           elif $kind == "Sale" then .Amount | cents($currency)
           elif $kind == "PreAuthorize" then 0
           else refuse("H-TOPIC"; "a tender that is neither a sale's nor a refund's cannot be booked yet") end) as $cents
        | { code: $code, cents: $cents,
            reference: ([.Authorization[]? | (.ReferenceNumber | text) // (.AuthorizationCode | text)] | .[0]) },
          # Change beside a tender that is itself the change says it again.
          (if $cents > 0 then .TenderChange[]? | {code: (attr("TenderType") // $code), cents: given} else empty end),
          (.Cashback | values | {code: "Cash", cents: (cents($currency) | - absolute)}) ),
      # A line of change can hold the change once more.
      ( .TenderChange[]? | if .TenderChange then .TenderChange[] else . end
        | {code: (attr("TenderType") // "Cash"), cents: given} ) ]
  | group_by([.code, .reference])
  | map({code: .[0].code, reference: .[0].reference, cents: (map(.cents) | add)} | select(.cents != 0));

def rounding($currency):
  [.[] | (.Tender | objects | .Rounding | values), (.Rounding | values) | rounded($currency)] | add // 0;

# Splits tenders over lines by what is due for each (rule book D1). What one tender leaves is
# the weight for the next, so that each line gets what it is due to the minor unit; where the
# tenders do not add up to it, each is split by what is due.
def spread($due):
  ((map(.cents) | add // 0) == ($due | add // 0)) as $equal
  | reduce .[] as $tender ({left: $due, shares: []};
      . as $state
      | ($tender.cents | apportion(if $equal then $state.left else $due end)) as $parts
      | { left: [range($due | length) | $state.left[.] - $parts[.]],
          shares: ($state.shares + [$parts]) })
  | .shares;
