// Package store is the seam to a database: what Heddle asks of one, whichever it is.
//
// There are three kinds of state. The journal is what happened, and the only input of a
// result. Views hold projections of it, each with the watermark up to which it was made:
// ordered documents and counters, which can be dropped and made again to the same rows.
// The desk holds what is neither (keys, evidence, cursors), at full durability, and is
// never an input to a result. Nothing is written in one transaction over two of them.
//
// store/sqlite and other packages below implement the seam; store/storetest holds each of
// them to every promise made here. Nothing outside store knows which one runs. What a
// projection means is not known here, and no rule of business is.
package store
