// Package sqlite is the store on one machine: SQLite, in three files of one folder.
//
//   - journal.db, synchronous FULL: what Append returned for is on the disk.
//   - views.db, synchronous NORMAL: after a power cut a projection may be found at an
//     earlier watermark, and follows again.
//   - desk.db, synchronous FULL.
//
// Each file has one connection that writes, which is never lent to a request, since ending
// a request would interrupt its COMMIT; and a few that only read.
//
// There is no lock on the folder. A second process may open it, to read or to take over;
// two that append are kept apart by the compare in Append, which SQLite runs under its own
// write lock, and not by who came first.
package sqlite
