package retail

// Identifiers. Each is the code of the thing in Heddle, never that of a source system,
// unless its comment says so.
type (
	// ItemID names a stock keeping unit.
	ItemID string
	// LocationID names a place that holds stock: a store, a warehouse, a marketplace's depot.
	LocationID string
	// EntityID names a legal entity, the owner of books.
	EntityID string
	// SystemID names a kind of source system, which is the name of its pack: "shopify", "poslog".
	SystemID string
	// InstanceID names one installation of a source system: a shop, a merchant account, a till estate.
	InstanceID string
	// TenantID names the retailer.
	TenantID string
	// PrincipalID names a person or a machine by its login or service name.
	PrincipalID string
	// ChannelID names a sales channel: "ONLINE", "STORE", a marketplace.
	ChannelID string
	// OrderID names a customer order across systems: system/instance/key of the order_placed event that declared it.
	OrderID string
	// ReservationID names a claim on stock, as the system that asked for it names it.
	ReservationID string
	// Token stands for a person without naming one: an HMAC under the tenant's key.
	Token string
)
