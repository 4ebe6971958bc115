package event

// LinesReleased is what the owner derives when a reference row makes lines known that waited
// for it (V-ITEM-01, V-ITEM-03): its outcome moves what they would have moved had they been
// known from the start, in the order in which they came. What is too much for one record
// follows in the next part. Key: journal position of the reference_set·part.
type LinesReleased struct {
	Table  string `json:"table" effect:"link"`
	RowKey string `json:"row_key" effect:"link"`
	// Part numbers the records of one correction from 1.
	Part string `json:"part" effect:"link"`
}

// Validate checks the form.
func (v *LinesReleased) Validate() error {
	c := newChecker()
	v.form(&c)
	return c.err
}
