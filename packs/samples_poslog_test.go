package packs

func poslogSamples() []sample {
	return []sample{
		{file: "decathlon-munich-sale-rfid.xml"},
		{file: "futura-retoure_with_link.xml"},
		{file: "futura-sale_with_customer.xml"},
		{file: "futura-sale_with_tenderChange.xml"},
		{file: "visma-arts1-sale-cash-rounding-up.xml"},
		{file: "visma-arts2.xml"},
		{file: "ncr-acs-poslog21-small.xml"},
		{file: "ncr-control-transactions.xml"},
		{file: "ncr-sales-1.xml"},
		// No payload: the schema of version 6.
		{file: "POSLogV6.0.0.xsd"},
	}
}
