# A row of the settlement report, version 1, which is wide → mp_settlement_closed for the first row,
# and what Amazon takes and gives beside orders for each amount of the others.

(."settlement-id" | require("the settlement's id")) as $settlement
| settlement_ref($settlement) as $self
| ((.currency | present) // $options.currency | require("the currency, in the row or as the option currency,")) as $currency
| ($options | seller($instance)) as $account
| (."transaction-type" | present) as $type
| if ($options.accounts // "reports") != "reports" then ignore("the account that is booked tells it")
  elif $type == null then closed($settlement; $currency; $account; $options; $sums)
  elif $type == "Transfer" then ignore("the settlement tells what is paid")
  else
    . as $row
    | [ ({column: "shipment-fee", code: ."shipment-fee-type"}, {column: "order-fee", code: ."order-fee-type"},
         {column: "item-related-fee", code: ."item-related-fee-type"}, {column: "misc-fee", code: $type},
         {column: "other-fee", code: ."other-fee-reason-description"}, {column: "direct-payment", code: ."direct-payment-type"}, {column: "other", code: $type})
        | . as $part | ($row[.column + "-amount"] | present) | values
        | . as $text
        | $row
        | (."posted-date" | told) as $time
        | (($part.code | present) // $type) as $code
        | booked("\($type) \($code)"; $code; [$settlement, ($number | tostring), $part.column]; $time; $self; $text | written($options; $currency); $currency; $account) ]
    | if . == [] then ignore("a part of what Amazon owes for an order, which finances tell whole") else .[] end
  end
