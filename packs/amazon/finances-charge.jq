# What Amazon takes and gives beside orders, of the Finances API v0 → mp_advertising,
# mp_reimbursement, reserve_held, reserve_released, mp_fees, where the installation books it from
# here.
#
# The events have no id: their content is the key.

($options | seller($instance)) as $account
| (.PostedDate // .postedDate) as $posted
| if $options.accounts != "finances" then ignore("the account that is booked tells it")
  elif .invoiceId != null then
    (.transactionType // "" | ascii_downcase) as $kind
    | if IN($kind; "charge", "refund") | not then refuse("H-TOPIC"; "a transaction for advertising that is neither a charge nor a refund") else . end
    | (.transactionValue | money_currency) as $currency
    | charge("mp_advertising"; ["amazon", .invoiceId, $kind]; $posted | in_zone; ([.invoiceId, $kind] | key); null; null; null; "ProductAdsPayment";
        .transactionValue | cents($currency); $currency; $account)
  elif .AdjustmentType != null then
    .AdjustmentType as $type
    | ($posted | in_zone) as $time | ($posted | utc_time) as $at
    | (.AdjustmentAmount // {} | money_currency) as $currency
    | (.AdjustmentAmount | cents($currency)) as $total
    | ["amazon", $type, $at] as $id
    | if purpose($type) == "reserve" then reserve($id + [$total]; $time; null; $total; $currency; $account)
      elif purpose($type) == "reimbursement" then
        [.AdjustmentItemList[]?] as $items
        | if ([$items[].TotalAmount] | total_cents($currency)) != $total then refuse("H-TOPIC"; "an adjustment is not the sum of its items") else . end
        | $items[]
        | reimbursement($id + [(.TransactionNumber, .SellerSKU | values)]; $time; null; .SellerSKU; .Quantity; .TotalAmount | cents($currency); $currency; $account)
      else charge(purpose($type); $id + [$total]; $time; ([$type, $at, $total] | key); null; null; null; $type; $total; $currency; $account) end
  elif .FeeList != null and .FeeReason != null then refuse("H-TOPIC"; "a service fee has neither a time nor an id here: book Amazon's account from its reports or transactions")
  else refuse("H-TOPIC"; "a financial event of a kind that cannot be booked yet") end
