# An order as it is now, with all that became of it: each fact again under its own key, so that
# a message that was lost is made up for. Only the order itself can change: its version is the
# time of its last change, and lines that joined it replace what was told before.

if .test == true then test_order else . end
| (order_placed + {source_version: changed_at}),
  (select(.cancelled_at != null) | order_cancelled),
  (.fulfillments[]? | select(.status == "success" or .status == "cancelled") | fulfilled),
  (.refunds[]? | refunded)
