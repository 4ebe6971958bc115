package pack

import (
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/wire"
)

// itemsMax bounds the items that are signed one by one in a body.
const itemsMax = 10_000

// verifyItems proves each item of a body by the signature in it.
func (s *scheme) verifyItems(body []byte, keys [][]byte) error {
	document, err := wire.JSON(body, wire.Limits{})
	if err != nil {
		return fault.New(fault.BadSignature, s.items.text, "the body cannot be read, so that nothing proves it")
	}
	var found []any
	for record := range document.Records() {
		if !s.items.collect(record.Tree, &found, true) {
			return fault.New(fault.BadSignature, s.items.text, "the body holds more than the items that are signed")
		}
	}
	if len(found) == 0 || len(found) > itemsMax {
		return fault.New(fault.BadSignature, s.items.text, "the body has %d items; from 1 to %d can be proven", len(found), itemsMax)
	}
	for _, item := range found {
		text, _ := scalarText(s.inItem.value(item))
		signature, err := s.decode(text)
		if text == "" || err != nil {
			return fault.New(fault.BadSignature, s.inItem.text, "an item has no signature")
		}
		message := func(at piece) ([]byte, error) {
			if at.place != placeMember {
				return []byte(at.text), nil
			}
			value := at.member.value(item)
			text, ok := scalarText(value)
			if !ok && value != nil {
				return nil, fault.New(fault.BadSignature, at.member.text, "what is signed is neither a text nor a number")
			}
			return []byte(text), nil
		}
		if err := s.match(keys, [][]byte{signature}, message); err != nil {
			return err
		}
	}
	return nil
}

// members is a path to one member or, with [], to several: .items[].detail.
type members struct {
	text  string
	steps []string // member names; "[]" stands for every element of an array
}

// value follows a path without [] and returns nil where it leads nowhere.
func (m members) value(tree any) any {
	for _, name := range m.steps {
		object, _ := tree.(map[string]any)
		tree = object[name]
	}
	return tree
}

// collect appends what stands at the path. It returns false if the tree holds anything beside
// it but texts and numbers at its top: an item that proves itself says nothing of its
// neighbours, so that there must be none that could be taken for something else.
func (m *members) collect(tree any, found *[]any, top bool) bool {
	if len(m.steps) == 0 {
		*found = append(*found, tree)
		return true
	}
	rest := &members{m.text, m.steps[1:]}
	if array, ok := tree.([]any); ok && m.steps[0] == everyElement {
		for _, element := range array {
			if !rest.collect(element, found, false) {
				return false
			}
		}
		return true
	}
	object, _ := tree.(map[string]any)
	if _, ok := object[m.steps[0]]; !ok {
		return false
	}
	for name, value := range object {
		if name != m.steps[0] && !(top && isScalar(value)) {
			return false
		}
	}
	return rest.collect(object[m.steps[0]], found, false)
}

func isScalar(value any) bool {
	switch value.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}
