package event

import (
	"strconv"
	"strings"
)

// trail is the way from the outermost value to the one at hand, kept so that a fault can
// name where it stands and built into text only then.
type trail struct {
	depth int
	// path holds, for each open object or array from 1 on, where in it we are.
	path [maxDepth + 1]step
}

// step is a place within an object or an array.
type step struct {
	name  string // of the member
	array bool
	count int // members or elements so far, with this one
}

// nameMaxShown is how much of a member's name a fault repeats; it may come from outside.
const nameMaxShown = 64

// where returns the path of the value at hand, and of a member within it: "data.lines[2].net".
func (t *trail) where(member string) string {
	var b strings.Builder
	name := func(s string) {
		if b.Len() > 0 && s != "" {
			b.WriteByte('.')
		}
		if len(s) > nameMaxShown {
			s = strings.ToValidUTF8(s[:nameMaxShown], "") + "…"
		}
		b.WriteString(s)
	}
	for _, s := range t.path[1 : t.depth+1] {
		if s.array && s.count > 0 {
			b.WriteString("[" + strconv.Itoa(s.count-1) + "]")
		}
		name(s.name)
	}
	name(member)
	return b.String()
}
