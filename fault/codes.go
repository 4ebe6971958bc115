package fault

import "slices"

// Code names a business rule of the rule book (V-…) or a technical fault (H-…).
// A code is never reused for another meaning.
type Code string

// Technical faults. The codes of the rule book keep its names.
const (
	InternalError   Code = "H-INTERNAL"
	BadRequest      Code = "H-REQUEST"
	BadConfig       Code = "H-CONFIG"
	BadSignature    Code = "H-SIGNATURE"
	BadToken        Code = "H-TOKEN"
	NoScope         Code = "H-SCOPE"
	NoSuchThing     Code = "H-NOT-FOUND"
	TooLarge        Code = "H-TOO-LARGE"
	TooBusy         Code = "H-BUSY"
	OutcomeUnknown  Code = "H-UNKNOWN"
	Storage         Code = "H-STORAGE"
	NewerSchema     Code = "H-SCHEMA-NEWER"
	ChainBroken     Code = "H-CHAIN"
	NotOwner        Code = "H-NOT-OWNER"
	WatermarkMoved  Code = "H-WATERMARK"
	BadSyntax       Code = "H-SYNTAX"
	BadMapping      Code = "H-MAPPING"
	UnknownPack     Code = "H-PACK"
	BadPack         Code = "H-PACK-INVALID"
	UnknownTopic    Code = "H-TOPIC"
	DemoDiffers     Code = "H-DEMO"
	RevisionHeld    Code = "H-REVISION"
	EvidenceErased  Code = "H-ERASED"
	EvidenceBad     Code = "H-EVIDENCE"
	Stopping        Code = "H-STOPPING"
	CheckpointWrong Code = "H-CHECKPOINT"
	EntryCorrupt    Code = "H-ENTRY"
	ReasonUnknown   Code = "H-REASON"
	FeeUnknown      Code = "H-FEE"
	ControlTotal    Code = "H-CONTROL-TOTAL"
	Superseded      Code = "H-CHANGED"
	PlaceFailed     Code = "H-PLACE"
	HostKeyWrong    Code = "H-HOST-KEY"
	ZoneUnknown     Code = "H-ZONE"
)

// Faults of asking an outside system for what it does not send.
const (
	FetchFailing      Code = "H-FETCH-FAILING"
	FetchUnauthorised Code = "H-FETCH-AUTH"
	FetchGone         Code = "H-FETCH-GONE"
	FetchDenied       Code = "H-FETCH-DENIED"
)

// Rules of the rule book, part F, that the code so far can raise.
const (
	SchemaInvalid     Code = "V-SCH-01"
	KeyConflict       Code = "V-DUP-02"
	AuthorityBreak    Code = "V-AUT-01"
	DateInFuture      Code = "V-DATE-01"
	DateClosed        Code = "V-DATE-02"
	TendersUnequal    Code = "V-BAL-01"
	HeaderUnequal     Code = "V-BAL-02"
	EntryUnbalanced   Code = "V-BAL-03"
	NotRepresentable  Code = "V-BAL-04"
	ItemUnknown       Code = "V-ITEM-01"
	UnitInexact       Code = "V-ITEM-03"
	LocationUnknown   Code = "V-LOC-01"
	CostUnknown       Code = "V-COST-01"
	CostZero          Code = "V-COST-02"
	QuantitySign      Code = "V-QTY-01"
	AmountSign        Code = "V-QTY-02"
	DiscountTooLarge  Code = "V-PRICE-02"
	ReturnTooMany     Code = "V-RET-01"
	RefundTooMuch     Code = "V-RET-02"
	TenderUnknown     Code = "V-TND-01"
	CurrencyUnknown   Code = "V-CUR-01"
	RateMissing       Code = "V-CUR-02"
	CaptureTooMuch    Code = "V-PAY-02"
	TaxDiffers        Code = "V-TAX-01"
	TaxCodeUnknown    Code = "V-TAX-02"
	SettlementUnknown Code = "V-PAY-04"
	PayoutUnequal     Code = "V-PAY-05"
	VoidRefused       Code = "V-VOID-01"
	StockNegative     Code = "V-INV-01"
	ClaimsExceed      Code = "V-INV-02"
	ReleaseExceeds    Code = "V-INV-03"
	RefundDisputed    Code = "V-PAY-06"
	ReceiptUnordered  Code = "V-PO-01"
	ReceiptTooMuch    Code = "V-PO-02"
	NoAccount         Code = "V-MAP-01"
	NoDimension       Code = "V-MAP-02"
	ParentMissing     Code = "V-LIN-01"
	TrainingDropped   Code = "V-TRN-01"
	NoStock           Code = "NO_STOCK"
	ReturnIntent      Code = "RETURN_INTENT"
	Overage           Code = "OVERAGE"
	ApprovalMissing   Code = "H-APPROVAL"
	Unbooked          Code = "H-UNBOOKED"
)

// Entry describes one code for the catalogue.
type Entry struct {
	Code   Code
	Kind   Kind
	Title  string // what is wrong, for a person
	Advice string // what to do next
	Queue  string // whose work it is: integration, store ops, master data, finance, …
}

//go:generate go run ../internal/errdoc

// catalogue is written by hand; a test keeps it complete.
var catalogue = []Entry{
	{InternalError, Internal, "Something failed that should not have.", "Look for the request id in the log, and report it with that line.", "integration"},
	{BadRequest, Invalid, "The request is not of the form that this route takes.", "Compare it with /openapi.json.", "integration"},
	{BadConfig, Invalid, "The configuration file is not valid.", "Run heddle config check; it names the line.", "integration"},
	{BadSignature, Unauthenticated, "The payload's signature does not match.", "Check the secret and that nothing between changes the body; then have the sender send again.", "integration"},
	{BadToken, Unauthenticated, "The bearer token is missing, unknown or expired.", "Create one with heddle keys create and send it as Authorization: Bearer.", "integration"},
	{NoScope, Forbidden, "The token lacks the scope for this route.", "Create a key with the scope that the answer names.", "integration"},
	{NoSuchThing, NotFound, "There is no such thing.", "Check the id; heddle thread finds what is tied to it.", "integration"},
	{TooLarge, Invalid, "The request is larger than the limit.", "Send it in parts.", "integration"},
	{TooBusy, Busy, "More arrives than can be written now.", "Send the same request again after Retry-After.", "integration"},
	{OutcomeUnknown, Unknown, "It is not known yet whether this was recorded.", "Send the same keys again; nothing is counted twice.", "integration"},
	{Storage, Unavailable, "The database did not do what was asked.", "Look at the log for the cause; the same request can be sent again.", "integration"},
	{NewerSchema, Unavailable, "The database was written by a newer version.", "Start the newer version; an older one must not write here.", "integration"},
	{ChainBroken, Corrupt, "The journal's chain does not verify.", "Stop, keep the files, and run heddle audit verify: it names the first bad chunk.", "integration"},
	{NotOwner, Unavailable, "Another node has extended the journal.", "The node follows now; send the same keys again.", "integration"},
	{WatermarkMoved, Conflict, "Another writer has moved this projection.", "Read its watermark again and go on from there.", "integration"},
	{BadSyntax, Invalid, "The payload cannot be read in the format that it should have.", "Have the sender send it again; the bytes are kept as evidence.", "integration"},
	{BadMapping, Invalid, "The pack's mapping does not fit the payload.", "Run heddle pack map with the payload, mend the pack, and replay the evidence.", "integration"},
	{ZoneUnknown, Refused, "A time is told without a zone, and nobody has declared one.", "Say the zone of the place in the table locations, or that of the source in the configuration; then replay the evidence.", "master data"},
	{UnknownPack, NotFound, "There is no pack of that name.", "heddle pack list shows the packs.", "integration"},
	{BadPack, Invalid, "The pack's folder is not valid.", "Run heddle pack test; it names the file and the line.", "integration"},
	{UnknownTopic, Invalid, "The pack does not know what this payload is.", "heddle pack show PACK lists its topics; name one with --topic.", "integration"},
	{DemoDiffers, Internal, "The demo's server is not where the rules say that it has to be.", "This is a defect: report it with what the demo printed.", "integration"},
	{RevisionHeld, Refused, "A corrected version came of a fact whose money is booked already.", "The stock follows the new version; have finance correct the entries of the old one.", "finance"},
	{EvidenceErased, NotFound, "The key of this evidence was erased.", "The journal and the books stay as they are; the payload cannot be read again.", "integration"},
	{EvidenceBad, Corrupt, "The stored evidence is not what was stored.", "Keep the files: a row was changed or lost. The journal and the books do not depend on it; heddle audit verify proves them.", "integration"},
	{Stopping, Unavailable, "The node is stopping.", "Send the same request to another node, or again when this one is back.", "integration"},
	{CheckpointWrong, Corrupt, "The journal does not have the root that the checkpoint signs.", "Keep the files: the journal was rewritten or an older backup was restored.", "integration"},
	{ReasonUnknown, Refused, "The source's reason is not mapped.", "Map it in the table reasons; what waits for it books by itself then.", "master data"},
	{FeeUnknown, Refused, "The source's fee is not mapped to a fee class.", "Map it in the table fee_types; what waits for it books by itself then.", "treasury"},
	{ControlTotal, Invalid, "The load does not meet its control totals.", "Nothing was changed. Get the whole file, or correct the totals.", "master data"},
	{Superseded, Conflict, "Somebody else has changed it since it was read.", "Read it again, and decide with what it says now.", "master data"},
	{EntryCorrupt, Corrupt, "A stored entry is not the one that was booked.", "Keep the files, and rebuild the books: the journal makes the same entries again.", "integration"},
	{PlaceFailed, Unavailable, "Files cannot be collected from a place, or not be put away there.", "Look at the log for the cause: the folder, the server or a permission. It is tried again by itself.", "integration"},
	{HostKeyWrong, Forbidden, "The SFTP server does not have the pinned host key.", "Ask the server's owner for its key. If it was replaced on purpose, put the new one under host_keys; else somebody stands between.", "integration"},

	{FetchFailing, Unavailable, "A system does not answer what it is asked.", "Nothing while it is down: it is asked again by itself, ever more slowly. Else check base_url and the way to it.", "integration"},
	{FetchUnauthorised, Unavailable, "A system does not accept the credentials.", "Renew the credentials that the source names under api:, and restart; what waits goes on by itself.", "integration"},
	{FetchGone, NotFound, "A system does not have what it told of.", "Look it up there. If it comes back, run heddle fetch retry; else waive the item.", "integration"},
	{FetchDenied, Refused, "A system will not answer what it is asked.", "Compare the request with the pack's fetch and the source's options, mend them, and run heddle fetch retry.", "integration"},

	{SchemaInvalid, Invalid, "The event does not have the form of its type.", "Compare it with the published schema of the type, mend the source, and send again.", "integration"},
	{KeyConflict, Conflict, "The same business key came with other content.", "If it is a correction, have the source send it with a higher version; else find the system that uses a key twice.", "integration"},
	{AuthorityBreak, Refused, "Two systems report the same fact differently.", "Compare both payloads in the thread; correct the one that is wrong at its source.", "integration"},
	{DateInFuture, Invalid, "The event is dated in the future.", "Set the clock of the source.", "integration"},
	{DateClosed, Refused, "The business date lies in a closed period.", "Nothing: it books on the first open day and keeps its business date.", "finance"},
	{TendersUnequal, Refused, "The tenders do not add up to the transaction's total.", "Correct the tender at the source.", "store ops"},
	{HeaderUnequal, Refused, "The header's total differs from the sum of the lines.", "Correct the source; both totals stand in the exception.", "integration"},
	{EntryUnbalanced, Internal, "An entry would not balance.", "This is a defect of a template: report it with the event.", "integration"},
	{NotRepresentable, Invalid, "The amount has more digits than its currency has.", "Correct the source; nothing is rounded on the way in.", "integration"},
	{ItemUnknown, Refused, "The item is not known.", "Create the item or its cross-reference; the line books by itself then.", "master data"},
	{UnitInexact, Refused, "The unit of measure has no conversion to the item's base unit, or an inexact one.", "Maintain the conversion in item_units; the line comes in by itself then.", "master data"},
	{LocationUnknown, Refused, "The location is not known, or has no legal entity on that date.", "Create the location; the payload is kept and comes in by itself then.", "master data"},
	{CostUnknown, Refused, "No cost is known for the item.", "Set a cost, or book the receipt; the cost leg follows.", "merchandising"},
	{CostZero, Refused, "The receipt's cost is zero or negative and not flagged so.", "Confirm with zero_cost_ok, or correct the cost.", "merchandising"},
	{QuantitySign, Invalid, "The quantity has the wrong sign for this fact.", "Correct the sign in the mapping.", "integration"},
	{AmountSign, Invalid, "The signs of quantity and amount contradict each other.", "Correct the source.", "integration"},
	{DiscountTooLarge, Refused, "The discount is larger than the price.", "Correct it, or approve it.", "merchandising"},
	{ReturnTooMany, Refused, "More was returned than was sold.", "Find the right original.", "store ops"},
	{RefundTooMuch, Refused, "More would be refunded than was paid.", "Correct the refund.", "finance"},
	{TenderUnknown, Refused, "The tender type is not known.", "Map the tender; the line books by itself then.", "treasury"},
	{CurrencyUnknown, Invalid, "The currency is unknown or not that of the document.", "Correct the source or the mapping.", "integration"},
	{RateMissing, Refused, "No exchange rate is known for the currency on that day.", "Load the rate; the unit books by itself then.", "treasury"},
	{CaptureTooMuch, Refused, "More was captured than the order is worth.", "Compare the payment with the order; refund what is too much.", "treasury"},
	{TaxDiffers, Refused, "The tax differs from the recomputed tax by more than the tolerance.", "Accept it as collected, or correct the rate.", "tax"},
	{TaxCodeUnknown, Refused, "The tax title or code is not mapped to a jurisdiction.", "Map it; the line books by itself then.", "tax"},
	{SettlementUnknown, Refused, "The settlement names a payment that is not known.", "Find the payment, or wait: it books when the payment arrives.", "treasury"},
	{PayoutUnequal, Refused, "The members do not add up to the payout.", "Fetch the missing report line.", "treasury"},
	{VoidRefused, Refused, "A void names a transaction that cannot be voided any more.", "Have the store take it back as a return; the void moved nothing.", "finance"},
	{StockNegative, Refused, "The position is negative after this fact.", "Count, or book the receipt that is missing.", "store ops"},
	{ClaimsExceed, Refused, "More is promised than is there.", "Source the youngest claim from elsewhere.", "OMS ops"},
	{ReleaseExceeds, Refused, "More would be released than was claimed.", "Check the claim; the rest was released.", "OMS ops"},
	{RefundDisputed, Refused, "A payment was refunded and is disputed.", "Stop or recover the refund: the chargeback stands.", "treasury"},
	{ReceiptUnordered, Refused, "Goods came for an order line that is unknown, closed or cancelled.", "Link the receipt to its order; it is resolved when the order arrives.", "merchandising"},
	{ReceiptTooMuch, Refused, "More came than was ordered.", "Accept it, or send it back to the vendor.", "merchandising"},
	{NoAccount, Refused, "No account is mapped for this role and these dimensions.", "Map the account; the unit books by itself then.", "finance"},
	{NoDimension, Refused, "A mandatory dimension is missing.", "Maintain it; the unit books by itself then.", "finance"},
	{ParentMissing, Refused, "The document that this one refers to has not arrived.", "Find it at its source; this one books when it arrives.", "integration"},
	{TrainingDropped, Refused, "A training or test transaction came in a production feed.", "Nothing: it is counted and never moves anything.", "store ops"},
	{NoStock, Refused, "There is not enough available to promise.", "Offer another location.", "OMS ops"},
	{Unbooked, Refused, "The fact belongs in the books, and this version has no template that books it.", "Nothing is lost: its stock has moved, and its money books with the version that brings the template.", "finance"},
	{ReturnIntent, Refused, "It was cancelled after the goods had left.", "Treat it as a return: the goods have to come back, or somebody waives them, before the customer is refunded.", "OMS ops"},
	{Overage, Refused, "More of a transfer came than was shipped.", "The goods are in stock; find out whose they are, and resolve the discrepancy.", "store ops"},
	{ApprovalMissing, Refused, "A second person has to approve this.", "Have another person approve it: POST /v1/approvals.", "controller"},
}

// Codes returns the catalogue in its order.
func Codes() []Entry { return slices.Clone(catalogue) }

// Kind returns the kind that the catalogue gives the code; an unlisted code is Internal.
func (c Code) Kind() Kind { return c.entry().Kind }

// Title says what is wrong, for a person.
func (c Code) Title() string { return c.entry().Title }

// Advice says what to do next.
func (c Code) Advice() string { return c.entry().Advice }

// Queue says whose work it is.
func (c Code) Queue() string { return c.entry().Queue }

func (c Code) entry() Entry {
	for _, e := range catalogue {
		if e.Code == c {
			return e
		}
	}
	return Entry{Code: c, Kind: Internal}
}
