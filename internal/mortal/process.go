package mortal

import "github.com/heddlehq/heddle/fault"

// Process dies at one of its steps: before the step or right after it. From then on nothing that
// lasts is done any more. The zero value never dies.
type Process struct {
	Dies  int // at which step, from 1; 0 means never
	After bool
	Steps int // how many have been begun
	Dead  bool
	Name  string // of the step at which it died
}

var errDead = fault.New(fault.InternalError, "process", "it was killed")

// Step does something that lasts.
func (p *Process) Step(name string, do func() error) error {
	if p.Dead {
		return errDead
	}
	p.Steps++
	if p.Dead = p.Steps == p.Dies; p.Dead {
		p.Name = name
	}
	if p.Dead && !p.After {
		return errDead
	}
	if err := do(); err != nil || !p.Dead {
		return err
	}
	return errDead
}
