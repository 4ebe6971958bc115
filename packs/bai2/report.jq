# A transaction (16) of a report → bank_line. $envelope is its account, group and file; the
# account itself (03) is a record, too, and brings balances only.

if .code != "16" then ignore("an account's balances are no movement") else . end

| ($envelope.account.account | require("the account")) as $account
| ($envelope.account.currency // $envelope.group.currency // $options.currency // "USD") as $currency
| ($envelope.group.date | require("the as-of date") | date_from("%y%m%d")) as $day
| if $envelope.group.status == "4" then refuse("V-TRN-01"; "a test group")
  elif $envelope.group.status == "2" then refuse("H-TOPIC"; "the bank deletes what it reported: compare the statement")
  elif IN($envelope.group.date_modifier // ""; "1", "3") then ignore("an interim report; the final one brings what is booked")
  else . end

# The type tells the direction: 1xx to 3xx are credits, 4xx to 6xx debits.
| (.type | require("the type") | if test("^[1-3][0-9]{2}$") then 1 elif test("^[4-6][0-9]{2}$") then -1
   else refuse("V-SCH-01"; "the type is that of neither a credit nor a debit") end) as $sign

| (.funds.date | if . == null then null else date_from("%y%m%d") end) as $value
# Blocks of one account follow one another, and references are often blank.
| (.bank_reference // ([$value // $day, .type, ($number | tostring)] | join("-"))) as $entry

| { type: "bank_line.v1",
    key: ([$account, $day, $entry] | key),
    # A date without a time begins in the zone of the bank.
    time: ($day + "T00:00:00" | local_time),
    business_date: $day,
    data: {
      account: $account, statement: $day, entry: $entry,
      trace: (.customer_reference | if . == null then null else {type: "payout_trace", id: .} end),
      amount: (.amount | require("the amount") | if $sign < 0 then "-" + . else . end | amount_of_minor($currency)),
      value_date: $value,
      ext: {type: .type} } }
