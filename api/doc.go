// Package api is Heddle's contract over HTTP: typed operations for reading and commanding,
// and plain routes for what arrives in bulk. It translates between JSON and the parts that
// do the work, checks scopes, and decides nothing.
//
// The OpenAPI 3.1 document is made from the same types that the operations answer with. The
// routes whose bodies are not one JSON document (events, webhooks, files, evidence) are
// described by hand beside their handlers.
package api
