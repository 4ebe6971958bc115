package event

// Canonical returns the RFC 8785 form of any JSON value whose numbers are integers. It is
// for what stands beside the facts; facts have generated writers.
func Canonical(raw []byte) ([]byte, error) {
	d := &decoder{s: string(raw)}
	b := d.appendValue(make([]byte, 0, len(raw)))
	if d.err == nil {
		d.space()
		if d.i < len(d.s) {
			d.wrong("more stands behind the value")
		}
	}
	return b, d.err
}
