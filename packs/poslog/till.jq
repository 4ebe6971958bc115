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

def currency:
  (.CurrencyCode | text)
  // ([.RetailTransaction | objects | .Total[]? | attr("CurrencyCode") | values] | .[0])
  // ([.RetailTransaction | objects | .LineItem[]? | (.Sale, .Return, .Tender) | objects | (.ExtendedAmount, .Amount) | attr("Currency") | values] | .[0])
  | require("the currency");

def listed: if . == null then [] elif type == "array" then . else [.] end;

# What every event of a transaction tells. The key is the till's: store, day, till, number.
# Without a business day it is the date of the transaction, as the till writes it.
def transaction:
  told as $told
  | (store | require("the store")) as $store
  | (day // $told | business_date) as $day
  | ((.WorkstationID | text) // (.TillID | text) | require("the till")) as $till
  | (.SequenceNumber | text | require("the number")) as $number
  | {told: $told, store: $store, day: $day, till: $till, number: $number, id: ([$store, $day, $till, $number] | key), operator: (.OperatorID[0]? | text)};

def event($t; $kind; $id; $body): {type: ($kind + ".v1"), key: $id, time: ($t.told | local_time_at($t.store)), business_date: $t.day, data: $body};

# What of a transaction others name: the whole, its lines, and what it took back.
def documents($t):
  {type: "till_transaction", id: $t.id}, {type: "return", id: $t.id},
  (.RetailTransaction | objects | .LineItem[]? | objects | .SequenceNumber | text | values | {type: "till_line", id: ([$t.store, $t.day, $t.till, $t.number, .] | key)});

# What moves nothing and keeps the till's numbers complete.
def control($t; $what): event($t; "control_txn"; $t.id; {location: $t.store, till: $t.till, control: $what, cashier: $t.operator});

def voided($t; $reason):
  event($t; "txn_voided"; $t.id; {
    location: $t.store, till: $t.till, cashier: $t.operator, reason: $reason,
    lines: [ .RetailTransaction | objects | .LineItem[]? | objects | (.SequenceNumber | text) as $line
      | (.Sale, .Return) | objects
      | ((.ItemID | text) // (.POSIdentity[0]?.POSItemID | text)) as $item
      | select($line != null and $item != null)
      | {line: $line, item: $item, quantity: ((.Quantity[0]? | text) // "1" | thousandths | quantity_of_thousandths)} | select(.quantity != "0") ]});

# A control transaction, by the element that it has.
def controlled($t):
  ([.ControlTransaction | listed[] | objects | keys[]] - ["Shift", "DayPart", "ReasonCode"] | map(select(startswith("@") | not))) as $kinds
  | if any($kinds[]; IN("PostVoid", "Refund", "StoredValueFund")) then refuse("H-TOPIC"; "a control transaction that tells no more than a total cannot be booked")
    elif any($kinds[]; IN("TransactionVoid", "SuspendDelete")) then voided($t; $kinds[0])
    else control($t; {
      OperatorSignOn: "SIGN_ON", OperatorSignOff: "SIGN_OFF", AutoSignoff: "SIGN_OFF", NoSale: "NO_SALE",
      BusinessSOD: "OPEN", DayPartStart: "OPEN", ShiftStart: "OPEN", POSSOD: "OPEN", TillSOD: "OPEN",
      BusinessEOD: "CLOSE", DayPartEnd: "CLOSE", ShiftEnd: "CLOSE", POSEOD: "CLOSE", TillEOD: "CLOSE"}[$kinds[0] // ""] // "OTHER") end;

# What a store's day comes to, where its end tells it.
def day_closed($t):
  select(any(.ControlTransaction | listed[] | objects | .BusinessEOD | objects; .SessionSettle.TransactionCount != null and .OpenTransactionSequenceNumber != null))
  | currency as $currency
  | def total($name): .SessionSettle[$name] | if . == null then 0 else cents($currency) end;
  .ControlTransaction | listed[] | .BusinessEOD
  | (total("TotalNetSalesAmount") - total("TotalNetReturnAmount")) as $net
  | event($t; "store_day_closed"; [$t.store, $t.day] | key; {
      location: $t.store,
      tills: [{till: $t.till, first: (.OpenTransactionSequenceNumber | text), last: (.CloseTransactionSequenceNumber | text | require("the last number of the day")),
        count: (.SessionSettle.TransactionCount | text | tonumber),
        gross: ($net + total("TotalTaxAmount") | amount_of_minor($currency)), tax: (total("TotalTaxAmount") | amount_of_minor($currency))}],
      tenders: [.SessionSettle.TenderSummary | listed[]
        | {code: ([.Sales, .Returns, .Ending | attr("TenderType") | values][0] | require("a tender")),
           cents: (([.Sales | values | .Amount | cents($currency)][0] // 0) - ([.Returns | values | .Amount | cents($currency)][0] // 0))}]
        | group_by(.code) | map({code: .[0].code, amount: (map(.cents) | add | amount_of_minor($currency))})});

# Amounts by tender of what goes in or out of a drawer without a sale.
def moved($currency):
  [ (.Totals | listed[] | {code: ([.TenderTotals, .TenderID | attr("TenderType") | values][0]), cents: (.Amount | cents($currency))}),
    (if .Totals == null then .Tender | listed[] | (.TenderTotal | listed[]), (.TenderTotals | values) | {code: attr("TenderType"), cents: cents($currency)} else empty end),
    (if .Totals == null and .Tender == null then (.DropAmount // .Amount) | values | {code: null, cents: cents($currency)} else empty end) ]
  | group_by(.code) | map({code: .[0].code, cents: (map(.cents) | add)} | select(.cents != 0));

def drawer($t; $currency; $kind; $reason):
  if type != "object" then refuse("V-SCH-01"; "the amount is missing") else . end
  | (([.TenderID | attr("TenderType")][0]) // attr("TenderType")) as $tender
  | ((.ReasonCode | text) // (.Reason | text) // $reason) as $said
  | moved($currency) as $amounts
  | if $amounts == [] then refuse("V-SCH-01"; "the amount is missing") else $amounts[] end
  | (.code // $tender) as $code
  | event($t; $kind; (if ($amounts | length) == 1 then $t.id else [$t.store, $t.day, $t.till, $t.number, ($code // "Cash")] | key end); {
      location: $t.store, till: $t.till, reason: $said, amount: (.cents | amount_of_minor($currency)), tender: $code, cashier: $t.operator});

# What a drawer held in the end, and what it should have held.
def counted($t; $currency; $shift):
  def part($name): .[$name] | if . == null then 0 else .Amount | cents($currency) end;
  [ .TenderSummary | listed[] | select((attr("LedgerType") // "Actual") == "Actual")
    | {code: ([.Ending, .Over, .Short, .Sales, .Beginning | attr("TenderType") | values][0] | require("a tender")),
       counted: (.Ending | require("what was counted") | .Amount | cents($currency)), over: part("Over"), short: part("Short")} ]
  | if . == [] then refuse("H-TOPIC"; "a settlement without what was counted cannot be booked") else . end
  | group_by(.code)
  | event($t; "till_counted"; [$t.store, $t.day, $t.till, ($shift // $t.number)] | key; {
      location: $t.store, till: $t.till, shift: $shift, counter: $t.operator,
      tenders: map((map(.counted) | add) as $counted | {code: .[0].code, counted: ($counted | amount_of_minor($currency)),
        expected: ($counted - (map(.over) | add) + (map(.short) | add) | amount_of_minor($currency))})});

# A transaction about tender, by the element that it has.
def tended($t; $currency):
  .TenderControlTransaction | listed[] | objects | (.Shift | text) as $shift
  | if .PaidIn != null then .PaidIn | drawer($t; $currency; "paid_in"; "PaidIn")
    elif .PaidOut != null then .PaidOut | drawer($t; $currency; "paid_out"; "PaidOut")
    elif .PettyCash != null then .PettyCash | drawer($t; $currency; "paid_out"; "PettyCash")
    elif .TenderLoan != null then .TenderLoan | drawer($t; $currency; "paid_in"; "TenderLoan")
    elif .TenderPickup != null then .TenderPickup | drawer($t; $currency; "paid_out"; "TenderPickup")
    elif .SafeDrop != null then .SafeDrop | drawer($t; $currency; "paid_out"; "SafeDrop")
    elif .Deposit != null then
      .Deposit
      | ((.BagID | text) // $t.id) as $slip
      | event($t; "cash_deposited"; $slip; {
          location: $t.store, slip: $slip, bag: (.BagID | text), account: (.Account | text),
          tender: ([.DepositDetail | listed[] | .TenderTotals | attr("TenderType") | values] | unique | if length == 1 then .[0] else null end),
          amount: (.Amount | cents($currency) | amount_of_minor($currency))})
    elif .TillSettle != null then .TillSettle | counted($t; $currency; $shift)
    elif any(keys[]; IN("BankCheckPrinted", "PreAuthorization", "PreAuthorizationReversal", "PriceOverride", "TillOperatorAssignment")) then control($t; "OTHER")
    else refuse("H-TOPIC"; "money that is told in this way cannot be booked") end;
