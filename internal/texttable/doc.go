// Package texttable checks tables that people read: a text file holds what goes in, a line of
// dashes, and what has to come out.
package texttable
