# An entry of a statement → bank_line. $envelope is the statement without its entries.

# The balance by which the entries lead to the one that the statement closes with. Only booked
# balances do: what is available waits for value dates. A page in the middle opens and closes with
# interim balances.
def balances($codes): [$envelope.Bal[]? | select([.Tp.CdOrPrtry.Cd] | inside($codes))];
def opening: balances(["OPBD"])[0] // balances(["PRCD"])[0] // (balances(["ITBD"]) | if length > 1 or balances(["CLBD"]) != [] then .[0] else null end);
def closing: balances(["CLBD"])[0] // (balances(["ITBD"]) | if length > 1 or balances(["OPBD", "PRCD"]) != [] then last else null end);
def totals:
  opening as $from | closing as $to
  | if $from == null or $to == null or $sums == null then {}
    else
      ($from | currency) as $own | ($to | currency) as $currency
      | ($from | cents($own)) + ($sums[$own] // 0) | amount_of_minor($own) as $computed
      | ($to | cents($currency) | amount_of_minor($currency)) as $closing
      | if $closing == $computed then {} else {closing: $closing, computed: $computed} end
    end;

if booked | not then ignore("the bank has not booked the entry") else . end
| ($envelope.Acct.Id | .IBAN // .Othr.Id | require("the account")) as $account
| ($envelope.Id | require("the statement's id")) as $statement
| (.AcctSvcrRef // .NtryRef // ($number | tostring)) as $entry
| currency as $currency
| (.BookgDt // .ValDt | require("the booking date") | .DtTm // .Dt) as $booked

# An entry of several transactions has a trace if they all have the same.
| ([.NtryDtls[]?.TxDtls[]? | .Refs.EndToEndId // ""] | unique
   | if length == 1 and .[0] != "" and .[0] != "NOTPROVIDED" then .[0] else null end) as $trace

| { type: "bank_line.v1",
    key: ([$account, $statement, $entry] | key),
    # A date without a time begins in the zone of the bank.
    time: ($booked | if test("T") then . else . + "T00:00:00" end | local_time),
    business_date: ($booked | business_date),
    data: ({
      account: $account, statement: $statement, entry: $entry,
      trace: (if $trace == null then null else {type: "payout_trace", id: $trace} end),
      amount: (cents($currency) | amount_of_minor($currency)),
      value_date: (.ValDt | if . == null then null else .Dt // .DtTm | business_date end),
      ext: (if .RvslInd == "true" or .RvslInd == "1" then {reversal: true} else null end) } + totals) }
