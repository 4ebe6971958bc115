# refunds/create → what came back, what was given up and what was paid back.

[refunded] | if . == [] then ignore("no goods came back and no money was paid back") else .[] end
