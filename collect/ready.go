package collect

import (
	"path"
	"strings"
	"time"
)

// Readiness says whether a file can be taken, or why not.
type Readiness string

// The reasons.
const (
	// Ready means that the sender has finished the file.
	Ready Readiness = "ready"
	// NotRegular means that it is a folder, a link, a pipe or a device.
	NotRegular Readiness = "not_regular"
	// BadName means that the name has control characters, or is longer than NameMax.
	BadName Readiness = "bad_name"
	// Hidden means that the name begins with a dot.
	Hidden Readiness = "hidden"
	// Unfinished means that the name ends as those of files do that are being written.
	Unfinished Readiness = "unfinished"
	// Unwanted means that the name does not match the source's pattern, or is a marker's.
	Unwanted Readiness = "unwanted"
	// Empty means that nothing was written yet.
	Empty Readiness = "empty"
	// Settling means that it has not stayed as it is for long enough.
	Settling Readiness = "settling"
	// Unmarked means that the sender has not laid down the marker, or not after the file.
	Unmarked Readiness = "unmarked"
	// TooBig means that it has more than FileMax bytes.
	TooBig Readiness = "too_big"
)

// unfinishedEnds are how the names of files end that are still being written.
var unfinishedEnds = [...]string{".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".writing"}

// seen is what a look saw of a file, and since when nothing else.
type seen struct {
	Entry
	since time.Time
}

// lookout judges the files of one source from look to look.
type lookout struct {
	match  string        // a pattern of path.Match; empty means every name
	marker string        // what the name of a file's marker adds; empty means that there are none
	settle time.Duration // for how long a file has to stay as it is
	seen   map[string]seen
}

// judge says of each entry of a listing whether it is ready. It forgets what is gone.
func (l *lookout) judge(entries []Entry, now time.Time) []Readiness {
	before := l.seen
	l.seen = map[string]seen{}
	markers := map[string]time.Time{}
	if l.marker != "" {
		for _, e := range entries {
			if file, ok := strings.CutSuffix(e.Name, l.marker); ok && e.Regular {
				markers[file] = e.ModifiedAt
			}
		}
	}
	verdicts := make([]Readiness, len(entries))
	for i, e := range entries {
		verdicts[i] = l.eligible(e)
		switch {
		case verdicts[i] != Ready:
		case l.marker != "":
			if at, marked := markers[e.Name]; !marked || at.Before(e.ModifiedAt) {
				verdicts[i] = Unmarked
			}
		default:
			s, known := before[e.Name]
			if !known || !s.unchanged(e) {
				s = seen{e, now}
			}
			l.seen[e.Name] = s
			if now.Sub(s.since) < l.settle {
				verdicts[i] = Settling
			}
		}
	}
	return verdicts
}

// eligible judges by what one look shows.
func (l *lookout) eligible(e Entry) Readiness {
	switch {
	case !plainName(e.Name):
		return BadName
	case strings.HasPrefix(e.Name, "."):
		return Hidden
	case unfinishedName(e.Name):
		return Unfinished
	case l.marker != "" && strings.HasSuffix(e.Name, l.marker), !l.wants(e.Name):
		return Unwanted
	case !e.Regular:
		return NotRegular
	case e.Size > FileMax:
		return TooBig
	case e.Size == 0 && l.marker == "":
		return Empty
	}
	return Ready
}

func (l *lookout) wants(name string) bool {
	if l.match == "" {
		return true
	}
	ok, err := path.Match(l.match, name)
	return err == nil && ok
}

func unfinishedName(name string) bool {
	lower := strings.ToLower(name)
	for _, end := range unfinishedEnds {
		if strings.HasSuffix(lower, end) {
			return true
		}
	}
	return strings.HasSuffix(name, "~")
}

// settled returns when the first of the files that are settling will have settled; false where
// there is none.
func (l *lookout) settled(entries []Entry, verdicts []Readiness) (time.Time, bool) {
	var first time.Time
	for i, v := range verdicts {
		if v != Settling {
			continue
		}
		at := l.seen[entries[i].Name].since.Add(l.settle)
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first, !first.IsZero()
}
