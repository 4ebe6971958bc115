// Command heddle runs a Heddle installation, talks to one, and books files without one.
//
// Each command is thin: it reads flags, calls the package that does the work, and prints.
// Results go to the standard output, as text or with --json; what went wrong goes to the
// standard error, the first line always "CODE: text" with a code of the catalogue, the next
// step below it, and the exit status is 1.
package main
