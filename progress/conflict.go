package progress

import "github.com/heddlehq/heddle/fault"

// Conflict is a contradiction between facts of an object, and how it ends (A9). It is a
// function of the counters: one that is gone after a later fact is resolved.
type Conflict struct {
	Code  fault.Code `json:"code"`
	Wins  Stage      `json:"wins"`
	Loses Stage      `json:"loses"`
	// Quantity is about how much the facts contradict one another, in the object's measure.
	Quantity int64 `json:"quantity"`
}

// Conflicts returns the contradictions that somebody has to look at, in the order of the
// object's table, one for each stage that loses.
func (p *Progress) Conflicts() []Conflict {
	var out []Conflict
	p.eachConflict(func(c Conflict) {
		if c.Code != "" {
			out = append(out, c)
		}
	})
	return out
}

// lost returns how much of each end did not come about.
func (p *Progress) lost() map[Stage]int64 {
	lost := map[Stage]int64{}
	p.eachConflict(func(c Conflict) { lost[c.Loses] = c.Quantity })
	return lost
}

func (p *Progress) eachConflict(yield func(Conflict)) {
	rules := p.table().rules
next:
	for i, r := range rules {
		q := r.excess(p)
		if q <= 0 {
			continue
		}
		for _, before := range rules[:i] {
			if before.loses == r.loses && before.excess(p) > 0 {
				continue next
			}
		}
		yield(Conflict{r.code, r.wins, r.loses, q})
	}
}

// rule is a row of the conflict table. A rule without a code settles who wins, and is nothing
// that anybody has to look at.
type rule struct {
	code        fault.Code
	wins, loses Stage
	when        contradiction
	// of is the stage that tells how much there is of the object, for noRoom.
	of Stage
	// back is the stage that takes back what the winner says; none where nothing does.
	back Stage
	// percent of what the loser says, and at most so much, is tolerated by more.
	percent, most int64
}

// contradiction says when two stages contradict one another.
type contradiction uint8

const (
	// noRoom: there is not enough of the object for both. How much there is was said of a
	// stage, and nothing contradicts it before that is told; without a stage it is what is
	// known of the object.
	noRoom contradiction = iota + 1
	// noRoomUnlessLater: the loser wins where its source numbers it after the winner, because
	// a processor's later word holds.
	noRoomUnlessLater
	// reopened: the winner ends the end, where its source numbers it after that.
	reopened
	// both: there cannot be one with the other.
	both
	// more: more has come to the winner than was told of the loser, and the tolerance. Nothing
	// is too much before it is told.
	more
	// without: the winner needs the loser.
	without
)

// excess returns by how much the two stages contradict one another, zero or less if they do
// not.
func (r *rule) excess(p *Progress) int64 {
	wins, loses := p.counter(r.wins), p.counter(r.loses)
	switch r.when {
	case noRoomUnlessLater:
		if loses.Last > wins.Last {
			return 0
		}
		return r.beyond(p, wins.Total, loses.Total)
	case noRoom:
		if r.back != "" {
			wins.Total -= p.Total(r.back)
		}
		return r.beyond(p, wins.Total, loses.Total)
	case reopened:
		if wins.Last > loses.Last {
			return loses.Total
		}
	case both:
		return min(wins.Total, loses.Total)
	case more:
		if over := wins.Total - loses.Total; loses.Total > 0 && over > min(loses.Total*r.percent/100, r.most) {
			return over
		}
	case without:
		if loses.Total <= 0 {
			return wins.Total
		}
	}
	return 0
}

// beyond returns how much of the loser there is no room for.
func (r *rule) beyond(p *Progress, wins, loses int64) int64 {
	size := p.Total(r.of)
	if r.of == "" {
		size = p.size()
	}
	if size <= 0 {
		return 0
	}
	return min(wins, loses, wins+loses-size)
}
