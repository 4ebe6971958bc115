# What the mappings of the shop share.

# The shop's own code of what a line sells. A gift card is a debt and no merchandise: its line
# carries a code of its own, so that it waits until gift cards are booked, whatever item its
# sku names. So does a line that somebody typed in, which has neither sku nor variant.
def item:
  if .gift_card == true then "gift_card"
  elif (.sku // "") != "" then .sku
  elif .variant_id != null then .variant_id | tostring
  else "custom_item" end;
