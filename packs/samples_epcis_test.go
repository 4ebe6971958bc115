package packs

// epcisSamples are examples of the standard and of an open repository.
func epcisSamples() []sample {
	return []sample{
		{file: "Example_9.6.1-ObjectEvent.jsonld"},
		{file: "EPCISQueryDocument.jsonld"},
		{file: "Example_9.6.1-ObjectEvent-2020_06_18a.xml"},
		// The GTINs are those of digital links.
		{file: "Example_9.6.1-ObjectEventWithDigitalLink.jsonld"},
		{file: "Example_9.6.2-ObjectEvent.jsonld"},
		{file: "Example_9.6.3-AggregationEvent.jsonld"},
		{file: "Example_9.6.4-TransformationEvent.jsonld"},
		// What is declared wrong takes the receipt back; a shipment cannot be taken back by itself.
		{file: "object_event_all_possible_fields.jsonld"},
		{file: "openepcis-ObjectEvent_with_error_declaration.json"},
		{file: "openepcis-Combination_of_different_event.json"},
		{file: "openepcis-epcisDocWithAllGS1Keys.json"}, // a step that says nothing
		{file: "Example-TransactionEvents-2020_07_03y.jsonld"},
		{file: "AssociationEvent-a.jsonld"},
		{file: "AssociationEventExamples.xml"},
		// Schemas are no payloads.
		{file: "EPCIS-JSON-Schema.json"},
		{file: "epcis-rest-openapi.json"},
	}
}
