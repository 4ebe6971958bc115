package wire

import "encoding/json"

// boxes remembers short texts and numbers that were put into a tree lately. A text costs an
// allocation when it becomes an any, and the values of a document repeat: currencies, codes,
// zeros. One that comes again takes the box of before.
type boxes struct {
	texts   [boxCount]any
	numbers [boxCount]any
}

const (
	boxCount   = 64
	boxTextMax = 24 // bytes; longer texts seldom come twice
)

// box is the place of a text: a cheap mix of its length and its outer and middle bytes.
func box(text string) uint8 {
	n := len(text)
	return (uint8(n) ^ text[0]*5 ^ text[n/2]*7 ^ text[n-1]*11) % boxCount
}

func (b *boxes) text(text string) any {
	if text == "" || len(text) > boxTextMax {
		return text
	}
	slot := &b.texts[box(text)]
	if before, ok := (*slot).(string); !ok || before != text {
		*slot = text
	}
	return *slot
}

func (b *boxes) number(number json.Number) any {
	if len(number) > boxTextMax {
		return number
	}
	slot := &b.numbers[box(string(number))]
	if before, ok := (*slot).(json.Number); !ok || before != number {
		*slot = number
	}
	return *slot
}
