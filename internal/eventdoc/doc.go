// Command eventdoc writes docs/events.md, the catalogue of events, from package event. A test
// compares the page with what it would write.
package main
