// Package record is what the journal holds of one event: the fact, which is what a source
// said, and the outcome, which is what the owner decided about it. Replay reads outcomes
// and never decides again, so everything that a projection needs stands here.
//
// Package record neither decides nor applies; see flow for both.
package record
