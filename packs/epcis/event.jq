# A visibility event → what it does to stock.
told
