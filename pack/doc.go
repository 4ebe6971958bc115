// Package pack reads, checks, runs and tests packs.
//
// A pack is a folder of data that teaches Heddle one outside system: pack.yaml says how its
// messages are signed and recognised, where their delivery id, version and personal data
// stand, what an installation can choose, and which mapping turns each message into canonical
// events; *.jq are the mappings and the functions that they share; cases/*.txt show inputs and
// what must come of them. No Go is needed to write one.
//
// A mapping is a pure function of the payload and what is declared about its source: it knows
// no clock, no environment and no other payload, computes in whole numbers only, and ends after
// a fixed number of steps. So the same bytes give the same events on every machine and on every
// replay. Personal data is replaced by tokens before a mapping sees it.
//
// Package pack opens no connection and keeps no state; intake does.
package pack
