# A document in XML → its events in the shape of JSON, and what each does to stock. Those of one
# type stand together; the document is mapped as a whole.

def list($name): if . == null then [] else .[$name] // [] end;
def identified: if . == null then null else {id: (.id | text)} end;
def amounts: [list("quantityElement")[] | {epcClass: (.epcClass | text), quantity: (.quantity | text), uom: (.uom | text)}];

def shaped($kind):
  { type: $kind,
    eventID: (.eventID | text), eventTime: (.eventTime | text), action: (.action | text),
    bizStep: (.bizStep | text), disposition: (.disposition | text),
    readPoint: (.readPoint | identified), bizLocation: (.bizLocation | identified),
    parentID: (.parentID | text),
    epcList: [.epcList | list("epc")[] | text],
    quantityList: (.quantityList // .extension.quantityList | amounts),
    bizTransactionList: [.bizTransactionList | list("bizTransaction")[] | {type: attr("type"), bizTransaction: text}],
    sourceList: [.sourceList // .extension.sourceList | list("source")[] | {type: attr("type"), source: text}],
    destinationList: [.destinationList // .extension.destinationList | list("destination")[] | {type: attr("type"), destination: text}],
    inputEPCList: [.inputEPCList | list("epc")[] | text], outputEPCList: [.outputEPCList | list("epc")[] | text],
    inputQuantityList: (.inputQuantityList | amounts), outputQuantityList: (.outputQuantityList | amounts),
    transformationID: (.transformationID | text),
    errorDeclaration: (.errorDeclaration // .baseExtension.errorDeclaration) };

(.EPCISBody.EventList | require("the list of events"))
| [ (list("ObjectEvent")[] | shaped("ObjectEvent")),
    (list("AggregationEvent")[] | shaped("AggregationEvent")),
    (list("TransactionEvent")[] | shaped("TransactionEvent")),
    (list("TransformationEvent")[] | shaped("TransformationEvent")),
    (list("AssociationEvent")[] | shaped("AssociationEvent")),
    (.extension.TransformationEvent // [] | .[] | shaped("TransformationEvent")) ]
# What moves nothing is not ignored one by one here: ignoring ends the whole document.
| map(select(.type == "ObjectEvent" and (.bizStep | word | IN("shipping", "departing", "receiving", "accepting", "destroying", "decommissioning", "cycle_counting", "stock_taking"))
  or (.type == "ObjectEvent" and (.disposition | word) == "damaged") or .type == "TransformationEvent"))
| if . == [] then ignore("no event of the document moves goods") else .[] | told end
