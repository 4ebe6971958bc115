// Package posting turns business facts into balanced lines: the posting matrix of the rule
// book (B2), one plain function for each template.
//
// A template takes what is resolved already (jurisdictions, tender classes, departments,
// cost) and returns a Draft, which becomes an entry of package ledger. It posts against
// clearing roles keyed by lineage (0.5) and never asks whether the counterpart has arrived,
// so that the order of arrival does not change the books.
//
// Order and Sold are the documents from which later facts take their shares: a capture, a
// fulfilment or a return gets its part of each component by telescoping (D3), and the checks
// of sales audit (V-BAL, V-RET, V-TAX) stand with them.
//
// Package posting is pure. It computes no cost (package cost does), and keeps and looks up
// nothing.
package posting
