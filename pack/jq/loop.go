package jq

// reduction is reduce: the last result of update replaces the state; none leaves it.
type reduction struct {
	source, start, update node
	pattern               pattern
}

func (n *reduction) single() bool   { return n.start.single() }
func (n *reduction) optional() bool { return n.start.single() }

func (n *reduction) maybe(f *frame, in any) (any, bool, error) {
	v, err := n.one(f, in)
	return v, err == nil, err
}

func (n *reduction) one(f *frame, in any) (any, error) {
	state, err := n.start.one(f, in)
	if err != nil {
		return nil, err
	}
	return n.from(f, state, in)
}

func (n *reduction) each(f *frame, in value, yield yield) error {
	return n.start.each(f, in, func(start value) error {
		state, err := n.from(f, start.v, in.v)
		if err != nil {
			return err
		}
		return yield(value{state, start.at})
	})
}

func (n *reduction) from(f *frame, state, in any) (any, error) {
	if !n.pattern.single() || !n.update.optional() {
		return n.general(f, state, in)
	}
	before := state
	looped, err := over(n.source, f, in, func(v any) (bool, error) {
		if err := n.pattern.set(f, v); err != nil {
			return false, err
		}
		next, ok, err := n.update.maybe(f, state)
		if ok {
			state = next
		}
		return false, err
	})
	if looped || err != nil {
		return state, err
	}
	return n.general(f, before, in)
}

func (n *reduction) general(f *frame, state, in any) (any, error) {
	err := results(n.source, f, in, func(v any) error {
		if err := f.step(); err != nil {
			return err
		}
		return n.pattern.bind(f, v, func() error {
			return results(n.update, f, state, func(v any) error {
				state = v
				return nil
			})
		})
	})
	return state, err
}

// loop is foreach.
type loop struct {
	several
	source, start, update, extract node
	pattern                        pattern
}

func (n *loop) each(f *frame, in value, yield yield) error {
	return n.start.each(f, in, func(start value) error {
		state := start.v
		return n.source.each(f, value{in.v, start.at}, func(v value) error {
			if err := f.step(); err != nil {
				return err
			}
			return n.pattern.bind(f, v.v, func() error {
				return n.update.each(f, value{state, v.at}, func(next value) error {
					state = next.v
					return n.extract.each(f, next, yield)
				})
			})
		})
	})
}
