package packs

// epcisSamples are examples of the standard and of an open repository.
func epcisSamples() []sample {
	const shipping, receiving = "df7bb3c352fef055578554f09f5e2aa41782150ced7bd0b8af24dd3ccb30ba69", "00e1e6eba3a7cc6125be4793a631f0af50f8322e0ab5f2c0bab994a11cec1d79"
	id := func(hash, part string) string { return "ni:///sha-256;" + hash + "?ver=CBV2.0" + part }
	both := []string{"shipped " + id(shipping, "·shipment"), "po_received " + id(receiving, "·1")}
	goods := []string{
		`"claim":{"id":"12345678","type":"order_name"},"item":"10614141073464","line":"1","quantity":"2"`, `"location":"0614141073467"`, `"tz":"-06:00","businessdate":"2005-04-03"`,
		`"purchase_order":{"id":"12345678","type":"purchase_order"},"quantity":"1"`, `"asn":{"id":"1152","type":"asn"}`, `"location":"0012345111112"`,
	}
	still := func(n int) (out []string) {
		for range n {
			out = append(out, "ignored")
		}
		return out
	}
	return []sample{
		{file: "Example_9.6.1-ObjectEvent.jsonld", want: both, fields: goods},
		{file: "EPCISQueryDocument.jsonld", want: both, fields: goods},
		{file: "Example_9.6.1-ObjectEvent-2020_06_18a.xml", want: []string{
			"shipped 2005-04-03T20:33:31.116-06:00 shipping 0614141073467 urn:epc:id:sgtin:0614141.107346.2017·shipment",
			"po_received 2005-04-04T20:33:31.116-06:00 receiving 0012345111112 urn:epc:id:sgtin:0614141.107346.2018·1",
		}, fields: goods},
		// The GTINs are those of digital links.
		{file: "Example_9.6.1-ObjectEventWithDigitalLink.jsonld", want: []string{
			"shipped " + id("9fa42e8bf64e1cfe152d582a248646ce0ad2b0c6826c7e8ed95442a7a1545f33", "·shipment"),
			"po_received " + id("4217c6a122625b7b9d8ae4f9b89890df35ffa0c501471a096cbfdeebd7207e45", "·1"),
		}, fields: []string{`"item":"70614141123451","line":"1","quantity":"2"`}},
		{file: "Example_9.6.2-ObjectEvent.jsonld", want: []string{"transfer_received " + id("a98f08ae6ac4de3482054314d637c07010b448d3802dccb028a06aafcc6a4b10", "·1")}, fields: []string{
			`"from":"4012345002256","item":"04012345123456","line":"1","location":"0614141008889","quantity":"200"`, `"unit":"KGM"`, `"time":"2013-06-08T14:58:56.591Z"`,
		}},
		{file: "Example_9.6.3-AggregationEvent.jsonld", want: still(1)},
		{file: "Example_9.6.4-TransformationEvent.jsonld", want: []string{"kit_assembled " + id("e65c3a997e77f34b58306da7a82ab0fc91c7820013287700f0b50345e5795b97", "")}, fields: []string{
			`"item":"04012345778892"`, `{"item":"04012345111118","line":"3","quantity":"10","unit":"KGM"}`,
		}},
		// What is declared wrong takes the receipt back; a shipment cannot be taken back by itself.
		{file: "object_event_all_possible_fields.jsonld", want: []string{
			"receipt_reversed urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8·1-error", "receipt_reversed urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8·2-error",
		}, fields: []string{`"quantity":"200"`, `"purchase_order":{"id":"0614141.00001.1618034","type":"purchase_order"}`}},
		{file: "openepcis-ObjectEvent_with_error_declaration.json", want: []string{"H-TOPIC", "po_received " + id(receiving, "·1")}},
		{file: "openepcis-Combination_of_different_event.json", want: []string{"ignored", "ignored", "ignored", "H-TOPIC", "ignored", "ignored"}},
		{file: "openepcis-epcisDocWithAllGS1Keys.json", want: still(1)}, // a step that says nothing
		{file: "Example-TransactionEvents-2020_07_03y.jsonld", want: still(2)},
		{file: "AssociationEvent-a.jsonld", want: still(1)},
		{file: "AssociationEventExamples.xml", want: still(1)},
		// Schemas are no payloads.
		{file: "EPCIS-JSON-Schema.json", want: []string{"H-TOPIC"}},
		{file: "epcis-rest-openapi.json", want: []string{"H-TOPIC"}},
	}
}
