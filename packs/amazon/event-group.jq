# A financial event group → mp_settlement_closed once it is closed, where the installation books
# Amazon's account from its APIs and not from its reports.

(.FinancialEventGroupId | require("the group's id")) as $group
| if ($options.accounts // "reports") == "reports" then ignore("the settlement report tells it")
  elif .FundTransferDate == null or .FinancialEventGroupEnd == null or .ProcessingStatus == "Open" then ignore("the group is open")
  else
    (.OriginalTotal | money_currency) as $currency
    | (.OriginalTotal | cents($currency)) as $total
    | (.BeginningBalance | cents($currency)) as $opening
    | { type: "mp_settlement_closed.v1", key: (["amazon", $group] | key), time: (.FinancialEventGroupEnd | in_zone),
        data: {
          marketplace: "amazon", account: ($options | seller($instance)), settlement: settlement_ref($group), currency: $currency,
          from: (.FinancialEventGroupStart | in_zone | business_date), to: (.FinancialEventGroupEnd | in_zone | business_date),
          opening: ($opening | unless_zero($currency)), payout: ($total | amount_of_minor($currency)) } }
  end
