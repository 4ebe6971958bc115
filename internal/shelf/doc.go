// Package shelf is the simplest shop that there can be, as a model for porcupine: one command
// after the other changes what can be sold of an item. Histories of real servers are compared
// with it: whatever many clients were told at the same time has to be what one queue of them could
// have been told (rule book A11).
package shelf
