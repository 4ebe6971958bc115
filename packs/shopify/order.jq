# orders/create → order_placed.

if .test == true then refuse("V-TRN-01"; "a test order") else order_placed end
