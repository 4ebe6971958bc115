# orders/create → order_placed.

if .test == true then test_order else order_placed end
