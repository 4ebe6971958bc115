package event

import (
	"time"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// CardType says whether a gift card's tax is known when it is sold.
type CardType string

// The card types: a multi-purpose voucher is a liability (P08), a single-purpose one is taxed
// when it is sold (P11).
const (
	MultiPurpose  CardType = "MPV"
	SinglePurpose CardType = "SPV"
)

// CardLoad is value put on a gift card, always positive.
type CardLoad struct {
	Location string `json:"location" effect:"stock" at:"location"`
	// Transaction is the sale in which it was paid.
	Transaction retail.Ref `json:"transaction,omitempty" effect:"link"`
	Line        string     `json:"line,omitempty" effect:"link"`
	// Card stands for the card; its number never enters.
	Card      retail.Token     `json:"card,omitempty" effect:"link"`
	Programme string           `json:"programme,omitempty" effect:"money"`
	CardType  CardType         `json:"card_type,omitempty" effect:"money"`
	Issuer    string           `json:"issuer,omitempty" effect:"money"`
	Channel   retail.ChannelID `json:"channel,omitempty" effect:"money"`
	Amount    money.Amount     `json:"amount" effect:"money" sign:"not_negative"`
	Taxes     []Tax            `json:"taxes,omitempty" effect:"money"`
	Tenders   []Tender         `json:"tenders,omitempty" effect:"money"`
	// Total is what the header says that a transaction of cards alone comes to, and Lines what its
	// lines come to, where the two differ (V-BAL-02).
	Total *money.Amount `json:"total,omitempty"`
	Lines *money.Amount `json:"lines_total,omitempty"`
	Ext   Ext           `json:"ext,omitempty"`
}

// GiftCardSold is GIFT_CARD_SOLD (P08, P11). Key: transaction·line.
type GiftCardSold CardLoad

// GiftCardReloaded is GIFT_CARD_RELOADED (P08, P11). Key: transaction·line.
type GiftCardReloaded CardLoad

// GiftCardRedeemed is GIFT_CARD_REDEEMED as the issuer tells it; the money is the tender's of
// the sale (P09). Key: the tender reference.
type GiftCardRedeemed struct {
	Reference string       `json:"reference" effect:"link"`
	Of        retail.Ref   `json:"of,omitempty" effect:"link"`
	Card      retail.Token `json:"card,omitempty" effect:"link"`
	Programme string       `json:"programme,omitempty" effect:"money"`
	Issuer    string       `json:"issuer,omitempty" effect:"money"`
	Amount    money.Amount `json:"amount" effect:"money" sign:"not_negative"`
	Ext       Ext          `json:"ext,omitempty"`
}

// CardChange is what an issuer did to a card.
type CardChange struct {
	Reference string       `json:"reference" effect:"link"`
	Card      retail.Token `json:"card,omitempty" effect:"link"`
	Programme string       `json:"programme,omitempty" effect:"money"`
	Issuer    string       `json:"issuer,omitempty" effect:"money"`
	// Amount is positive where the balance grows and negative where it falls.
	Amount money.Amount `json:"amount" effect:"money"`
	Reason string       `json:"reason,omitempty" effect:"money"`
	// Law names the rule by which a balance expired.
	Law string `json:"law,omitempty"`
	Ext Ext    `json:"ext,omitempty"`
}

// GiftCardAdjusted is GIFT_CARD_ADJUSTED (P10). Key: the issuer's reference.
type GiftCardAdjusted CardChange

// GiftCardExpired is GIFT_CARD_EXPIRED (P12). Key: the issuer's reference.
type GiftCardExpired CardChange

// StoreCreditIssued is STORE_CREDIT_ISSUED (P07). Key: the credit number.
type StoreCreditIssued struct {
	Location string       `json:"location" effect:"stock" at:"location"`
	Credit   string       `json:"credit" effect:"link" ref:"store_credit"`
	Return   retail.Ref   `json:"return,omitempty" effect:"link"`
	Customer retail.Token `json:"customer,omitempty"`
	Amount   money.Amount `json:"amount" effect:"money" sign:"not_negative"`
	Ext      Ext          `json:"ext,omitempty"`
}

// StoreCreditUsed is STORE_CREDIT_USED; the money is the tender's of the sale (P01).
// Key: credit number·use.
type StoreCreditUsed struct {
	Location string       `json:"location" effect:"stock" at:"location"`
	Credit   string       `json:"credit" effect:"link" ref:"store_credit"`
	Of       retail.Ref   `json:"of,omitempty" effect:"link"`
	Amount   money.Amount `json:"amount" effect:"money" sign:"not_negative"`
	Ext      Ext          `json:"ext,omitempty"`
}

// LayawayLine is one item that is put aside.
type LayawayLine struct {
	Line     string          `json:"line" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Gross, Net and Taxes are the price as it is locked; see SaleLine.
	Gross     money.Amount `json:"gross" effect:"money" sign:"not_negative"`
	Discounts []Discount   `json:"discounts,omitempty" effect:"money"`
	Net       money.Amount `json:"net" effect:"money"`
	Taxes     []Tax        `json:"taxes,omitempty" effect:"money"`
}

// Instalment is one payment that a plan expects.
type Instalment struct {
	Due    retail.Date  `json:"due"`
	Amount money.Amount `json:"amount" sign:"not_negative"`
}

// LayawayOpened is LAYAWAY_OPENED: RESERVED +q, the deposit is a liability and never revenue
// (P13). Key: the layaway number.
type LayawayOpened struct {
	Location string           `json:"location" effect:"stock" at:"location"`
	Layaway  string           `json:"layaway" effect:"link" ref:"layaway"`
	Channel  retail.ChannelID `json:"channel,omitempty" effect:"money"`
	Currency money.Currency   `json:"currency" effect:"money"`
	Customer retail.Token     `json:"customer,omitempty"`
	Lines    []LayawayLine    `json:"lines" effect:"stock"`
	Schedule []Instalment     `json:"schedule,omitempty"`
	// Deposit is paid by Tenders at once; Fee is what the plan costs.
	Deposit  *money.Amount `json:"deposit,omitempty" effect:"money" sign:"not_negative"`
	Fee      *money.Amount `json:"fee,omitempty" effect:"money" sign:"not_negative"`
	FeeTaxes []Tax         `json:"fee_taxes,omitempty" effect:"money"`
	Tenders  []Tender      `json:"tenders,omitempty" effect:"money"`
	// ExpiresAt ends the plan where nothing is paid any more.
	ExpiresAt time.Time `json:"expires_at,omitempty" effect:"stock"`
	Ext       Ext       `json:"ext,omitempty"`
}

// LayawayPayment is LAYAWAY_PAYMENT (P13). Key: layaway number·seq.
type LayawayPayment struct {
	Location string       `json:"location" effect:"stock" at:"location"`
	Layaway  string       `json:"layaway" effect:"link" ref:"layaway"`
	Amount   money.Amount `json:"amount" effect:"money" sign:"not_negative"`
	Tenders  []Tender     `json:"tenders" effect:"money"`
	Ext      Ext          `json:"ext,omitempty"`
}

// LayawayCompleted is LAYAWAY_COMPLETED: the goods are handed over, RESERVED −q and SELLABLE −q
// (P14, P02); what they are tells LAYAWAY_OPENED. Key: layaway number·final.
type LayawayCompleted struct {
	Location string     `json:"location" effect:"stock" at:"location"`
	Layaway  string     `json:"layaway" effect:"link" ref:"layaway"`
	Till     retail.Ref `json:"transaction,omitempty" effect:"link"`
	Tenders  []Tender   `json:"tenders,omitempty" effect:"money"`
	Ext      Ext        `json:"ext,omitempty"`
}

// LayawayCancelled is LAYAWAY_CANCELLED: RESERVED −q, refund and forfeit (P15).
// Key: layaway number·cancel.
type LayawayCancelled struct {
	Location  string        `json:"location" effect:"stock" at:"location"`
	Layaway   string        `json:"layaway" effect:"link" ref:"layaway"`
	Refund    *money.Amount `json:"refund,omitempty" effect:"money" sign:"not_negative"`
	Forfeited *money.Amount `json:"forfeited,omitempty" effect:"money" sign:"not_negative"`
	Tenders   []Tender      `json:"tenders,omitempty" effect:"money"`
	// Law is the legal basis of what is forfeited.
	Law    string `json:"law,omitempty"`
	Reason string `json:"reason,omitempty"`
	Ext    Ext    `json:"ext,omitempty"`
}
