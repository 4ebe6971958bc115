// Package exception is the one work list for people: what stopped, why, whose work it is,
// and what to do next. It is pure; whoever meets a rule that fired keeps the items as
// documents.
package exception
