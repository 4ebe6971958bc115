# A row of the settlement report, version 2 → mp_settlement_closed for the first row, and what
# Amazon takes and gives beside orders for the others.
#
# The first row has no type, and the total. Rows of orders and refunds repeat, one by one, the
# amounts of what finances tell whole.

(."settlement-id" | require("the settlement's id")) as $settlement
| settlement_ref($settlement) as $self
| ((.currency | present) // $options.currency | require("the currency, in the row or as the option currency,")) as $currency
| ($options | seller($instance)) as $account
| (."transaction-type" | present) as $type
| if ($options.accounts // "reports") != "reports" then ignore("the account that is booked tells it")
  elif $type == null then closed($settlement; $currency; $account; $options; $sums)
  elif $type == "Transfer" then ignore("the settlement tells what is paid")
  elif (."amount-type" | present | IN("ItemPrice", "Promotion", "ItemWithheldTax", "ItemTax", "CostOfPointsGranted", "CostOfPointsReturned")) then
    ignore("a part of what Amazon owes for an order, which finances tell whole")
  else
    ([(."amount-description", ."amount-type" | present | values | select(. != "TransactionTotalAmount")), $type][0]) as $code
    | (.amount | written($options; $currency)) as $cents
    | ((."posted-date-time" | present) // ."posted-date" | told) as $time
    | booked("\($type) \(."amount-type") \($code)"; $code; [$settlement, ($number | tostring)]; $time; $self; $cents; $currency; $account)
  end
