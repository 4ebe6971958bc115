# fulfillments/create, fulfillments/update → fulfilled, once the fulfilment has succeeded.

if .status == "cancelled" then refuse("H-TOPIC"; "a fulfilment that was cancelled cannot be taken back yet")
elif .status != "success" then ignore("the fulfilment has not succeeded: nothing was handed over")
else fulfilled end
