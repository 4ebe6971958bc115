// Package bench measures what the packs cost against the same work done by hand: one payload
// of each of several systems, mapped by its pack and by Go code written for it with
// encoding/json, encoding/xml and encoding/csv, both into the same events.
//
// The payloads have the shape and size that the systems send; ids and names are invented. The
// code by hand is what somebody would write who needs this one message and trusts its sender:
// it reads the members that it needs, hides the persons that stand in the event, and validates
// the event. It knows no limits, no doubled members and no other form of the message.
//
// The two take turns within one run on one core, in processor time, so that whatever else the
// machine does is felt by neither or by both; what counts is the ratio.
package bench
