// Package flow is the operational flow on one page: gather, decide, append, answer, project.
//
// One owner at a time gathers submissions, decides each in arrival order (new, duplicate,
// conflict; books or corroborates; what it moves; claims granted or refused), appends one
// chunk to the journal and only then answers. What was decided is the outcome beside the
// fact; the operations projection applies outcomes and never decides again.
//
// Money is not decided here: package booking follows the journal on its own.
package flow
