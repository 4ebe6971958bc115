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

// step is a place within an object (the member's name) or an array (no name).
type step struct {
	name  string
	count int // members or elements so far, with this one
}

// where returns the path of the value at hand, and of a member within it: "data.lines[2].net".
func (t *trail) where(member string) string {
	var b strings.Builder
	for _, s := range t.path[1 : t.depth+1] {
		switch {
		case s.name != "" && b.Len() > 0:
			b.WriteString("." + s.name)
		case s.name != "":
			b.WriteString(s.name)
		case s.count > 0:
			b.WriteString("[" + strconv.Itoa(s.count-1) + "]")
		}
	}
	if member != "" && b.Len() > 0 {
		b.WriteByte('.')
	}
	b.WriteString(member)
	return b.String()
}
