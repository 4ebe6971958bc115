// Package wire turns foreign syntaxes into trees: JSON documents, XML by local names, separated
// values by their header, X12 transaction sets by a guide, bank reports in BAI2. It writes the
// one thing that a sender of X12 waits for, a functional acknowledgement.
//
// A tree is made of map[string]any, []any, string, json.Number, bool and nil, which is what
// mappings take; numbers keep the digits that the sender wrote. What holds a document together
// (its size, a header, an envelope) is checked when it is opened. Its records are then read one
// at a time: one that cannot be read is a record with an error, and its neighbours are read. Each
// has its place in the bytes, so that evidence can be kept, encrypted and erased record by record.
//
// A tree is its reader's own and may be changed; its texts are parts of the document's text, so
// that whoever keeps one for long copies it. Envelopes are shared by records.
//
// Package wire knows no business meaning and no outside system.
package wire
