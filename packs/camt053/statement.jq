# An entry of a statement → bank_line. $envelope is the statement without its entries.

# Until version 7 the status is a text, from version 8 a code in an element.
(.Sts | if type == "object" then .Cd // .Prtry else . end | require("the status")) as $status
| if $status != "BOOK" then ignore("the bank has not booked the entry") else . end

| ($envelope.Acct.Id | .IBAN // .Othr.Id | require("the account")) as $account
| ($envelope.Id | require("the statement's id")) as $statement
| (.AcctSvcrRef // .NtryRef // ($number | tostring)) as $entry
| (.Amt | attr("Ccy") | require("the currency")) as $currency
| (.BookgDt // .ValDt | require("the booking date") | .DtTm // .Dt) as $booked

# CdtDbtInd is the direction of the entry itself: where RvslInd is true it is that of the
# reversal, which goes against what it reverses.
| (if .CdtDbtInd == "CRDT" then 1 elif .CdtDbtInd == "DBIT" then -1
   else refuse("V-SCH-01"; "the entry is neither a credit nor a debit") end) as $sign

# An entry of several transactions has a trace if they all have the same.
| ([.NtryDtls[]?.TxDtls[]? | .Refs.EndToEndId // ""] | unique
   | if length == 1 and .[0] != "" and .[0] != "NOTPROVIDED" then .[0] else null end) as $trace

| { type: "bank_line.v1",
    key: ([$account, $statement, $entry] | key),
    # A date without a time begins in the zone of the bank.
    time: ($booked | if test("T") then . else . + "T00:00:00" end | local_time),
    business_date: ($booked | business_date),
    data: {
      account: $account, statement: $statement, entry: $entry,
      trace: (if $trace == null then null else {type: "payout_trace", id: $trace} end),
      amount: ((.Amt | text | minor($currency)) * $sign | amount_of_minor($currency)),
      value_date: (.ValDt | if . == null then null else .Dt // .DtTm | business_date end),
      ext: (if .RvslInd == "true" or .RvslInd == "1" then {reversal: true} else null end) } }
