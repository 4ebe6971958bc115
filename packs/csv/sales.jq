# A row of sales → sale; one of less than nothing → return_no_receipt, or return_accepted where
# it names the row that was sold; one of goods that nobody bought → stock_adjusted.

def discount($currency): (.discount | number) | if . == null then 0 else minor($currency) end;

# What the row comes to in whole minor units, with the sign of its quantity. A price is that of
# one piece; it can be written finer than the currency if the product is not.
def comes_to($currency; $count; $discount):
  (.amount | number) as $amount
  | if $amount != null then $amount | minor($currency)
    else
      (.price | number | require("the price or the amount") | times($count) | minor($currency))
      - (if $count | startswith("-") then - $discount else $discount end)
    end;

# The tax that is in the amount, or beside it where prices are told without.
def tax($currency; $sold):
  (.tax | number) as $tax
  | if $tax != null then $tax | minor($currency) | absolute
    elif $options.tax_rate == null then 0
    elif $options.prices == "without_tax" then refuse("V-TAX-02"; "where prices are without tax, a column tax has to tell it")
    else $sold | apportion([100000, ($options.tax_rate | thousandths)]) | .[1] end;

(.invoice | require("the invoice")) as $invoice
| (.item | require("the item")) as $item
| currency as $currency
| quantity_told as $count
| ($count | thousandths) as $pieces
| discount($currency) as $discount
| comes_to($currency; $count; $discount) as $sold
| if $options.not_sold != null and IN($item; $options.not_sold | split(",")[] | trim) then refuse("H-TOPIC"; "money for what is neither goods nor a service cannot be booked from a row of sales")
  elif $pieces == 0 and $sold == 0 then ignore("nothing was sold")
  elif $pieces == 0 then refuse("V-QTY-01"; "an amount without a quantity")
  elif $sold != 0 and ($sold < 0) != ($pieces < 0) then refuse("H-TOPIC"; "money back without goods, or for goods, cannot be booked from a row of sales")
  else . end

| line as $line
| ([$invoice, $line] | key) as $id
| ([$instance, $invoice, $line] | key) as $own
| (.customer | present) as $customer
| ($sold | absolute) as $paid
| tax($currency; $paid) as $tax
| ($options.prices == "without_tax") as $added
| (if (.tax | present) != null or $options.tax_rate == null then null else $options.tax_rate | fraction_of_percent end) as $rate
| (if $added then $paid else $paid - $tax end) as $net
| def money: amount_of_minor($currency);
  def taxes: if $tax == 0 then [] else [{code: must("tax_code"), rate: $rate, amount: ($tax | money)}] end;
  def tenders: if $net + $tax == 0 then [] else [{code: must("tender"), amount: ($net + $tax | money)}] end;
  def event($kind; data): {type: $kind, key: $id, time: at, business_date: day, data: data};
  def pieces: $pieces | absolute | quantity_of_thousandths;

  def sale: event("sale.v1"; {
    aliases: [{type: "till_transaction", id: $own}],
    location: must("location"), till: (said("till") // $instance), currency: $currency, customer: $customer,
    prices_include_tax: (if $added or $tax == 0 then null else true end),
    lines: [{
      line: $line, aliases: [{type: "till_line", id: $own}], item: $item, quantity: pieces, unit: (.unit | present),
      gross: ($paid + ($discount | absolute) | money),
      discounts: (if $discount == 0 then [] else [{amount: ($discount | absolute | money)}] end),
      net: ($net | money), taxes: taxes}],
    tenders: tenders,
    total: ($net + $tax | money)});

  def returned: {
    item: $item, quantity: pieces, unit: (.unit | present), return: {type: "return", id: $own}, aliases: [{type: "till_line", id: $own}], location: must("location"),
    disposition: (said("disposition") // "INSPECT"), net: ($net | money), taxes: taxes, tenders: tenders};

  def return:
    (.original_invoice | present) as $sale
    | if $sale == null then event("return_no_receipt.v1"; returned + {price_source: "STATED", customer: $customer})
      else event("return_accepted.v1"; returned + {
        original: {type: "till_line", id: ([$instance, $sale, (.original_line | require("the line of the original invoice"))] | key)}, reason: (.reason | present)})
      end;

  def adjustment: event("stock_adjusted.v1"; {
    adjustment: $invoice, line: $line, item: $item, location: must("location"), bucket: "SELLABLE",
    quantity: ($pieces | quantity_of_thousandths), unit: (.unit | present), reason: $options.unpriced_reason});

  if $sold == 0 and $discount == 0 and $customer == null and $options.unpriced_reason != null then adjustment
  elif $pieces < 0 then return
  else sale end
