# An order as it is now → what became of it; with the refunds that were asked for beside it,
# what became of them.

(.record // .) as $order
| (.refunds // [] | map(select(.date_created_gmt != null))) as $refunds
| if $order.status == "checkout-draft" or $order.status == "auto-draft" then ignore("nobody has bought anything yet") else . end
| ($order | order_placed, captured, completed($refunds), cancelled),
  ($refunds[] | refunded($order))
