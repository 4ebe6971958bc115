# fulfillments/create, fulfillments/update → fulfilled, once the fulfilment has succeeded, and
# again when it is cancelled.

if .status == "cancelled" and any(.line_items[]; .gift_card == true) then
  refuse("H-TOPIC"; "a gift card that was issued cannot be taken back yet")
elif .status != "success" and .status != "cancelled" then ignore("the fulfilment has not succeeded: nothing was handed over")
else fulfilled end
