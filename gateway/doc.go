// Package gateway is the only door for HTTP. It listens where it is told (127.0.0.1
// unless configured), gives every request an identity and limits, asks package access
// who is calling, writes faults as problem+json (RFC 9457), logs each request without
// secrets or personal data, and drains before it stops.
//
// Routes are registered here with what they demand of a caller: Handle and the
// operations of API demand a bearer token with a scope, HandleSigned leaves the proof to
// a handler that checks signatures. There is no way to register a route that demands
// nothing; only /healthz and /readyz are open.
//
// The package knows nothing of what the routes do.
package gateway
