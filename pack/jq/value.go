package jq

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/itchyny/gojq"
)

// What follows is done here for the values that programs meet, and by gojq for all others,
// so that a result or an error is always the one of the language.

var operators = map[gojq.Operator]func(left, right any) (any, error){
	gojq.OpAdd: plusBoth,
	gojq.OpSub: func(left, right any) (any, error) {
		if a, b, ok := small(left, right); ok {
			return a - b, nil
		}
		return askSub.call(left, right)
	},
	gojq.OpMul: func(left, right any) (any, error) {
		if a, b, ok := small(left, right); ok && smaller(a) && smaller(b) {
			return a * b, nil
		}
		return askMul.call(left, right)
	},
	gojq.OpDiv: func(left, right any) (any, error) {
		if a, b, ok := small(left, right); ok && b != 0 && a%b == 0 {
			return a / b, nil
		}
		return askDiv.call(left, right)
	},
	gojq.OpMod: func(left, right any) (any, error) {
		if a, b, ok := small(left, right); ok && a >= 0 && b > 0 {
			return a % b, nil
		}
		return askMod.call(left, right)
	},
}

var comparisons = map[gojq.Operator]func(left, right any) (any, error){
	gojq.OpEq: func(left, right any) (any, error) { return equal(left, right), nil },
	gojq.OpNe: func(left, right any) (any, error) { return !equal(left, right), nil },
	gojq.OpLt: func(left, right any) (any, error) { return compare(left, right) < 0, nil },
	gojq.OpLe: func(left, right any) (any, error) { return compare(left, right) <= 0, nil },
	gojq.OpGt: func(left, right any) (any, error) { return compare(left, right) > 0, nil },
	gojq.OpGe: func(left, right any) (any, error) { return compare(left, right) >= 0, nil },
}

// small returns two whole numbers whose sum and difference have room in one.
func small(left, right any) (a, b int, ok bool) {
	a, ok = asInt(left)
	if !ok || a > math.MaxInt/2 || a < math.MinInt/2 {
		return 0, 0, false
	}
	b, ok = asInt(right)
	return a, b, ok && b <= math.MaxInt/2 && b >= math.MinInt/2
}

// smaller reports whether the product with another such number has room, too.
func smaller(n int) bool { return n <= math.MaxInt32 && n >= math.MinInt32 }

func asInt(v any) (int, bool) {
	switch v := v.(type) {
	case int:
		return v, true
	case json.Number:
		n, err := strconv.Atoi(string(v))
		return n, err == nil
	}
	return 0, false
}

func plusBoth(left, right any) (any, error) {
	switch a := left.(type) {
	case string:
		if b, ok := right.(string); ok {
			return a + b, nil
		}
	case []any:
		if b, ok := right.([]any); ok && len(a) > 0 && len(b) > 0 {
			return slices.Concat(a, b), nil
		}
	case map[string]any:
		if b, ok := right.(map[string]any); ok && len(a) > 0 && len(b) > 0 {
			sum := make(map[string]any, len(a)+len(b))
			maps.Copy(sum, a)
			maps.Copy(sum, b)
			return sum, nil
		}
	case int, json.Number:
		if a, b, ok := small(left, right); ok {
			return a + b, nil
		}
	}
	return askAdd.call(left, right)
}

func equal(left, right any) bool {
	switch a := left.(type) {
	case string:
		b, ok := right.(string)
		return ok && a == b
	case nil:
		return right == nil
	case bool:
		b, ok := right.(bool)
		return ok && a == b
	}
	switch right.(type) {
	case string, nil, bool:
		return false
	}
	return compare(left, right) == 0
}

func compare(left, right any) int {
	if a, ok := left.(int); ok {
		if b, ok := right.(int); ok {
			return cmp.Compare(a, b)
		}
	}
	return gojq.Compare(left, right)
}

func plus(in any) (any, error) {
	if n, ok := in.(int); ok {
		return n, nil
	}
	return askPlus.call(in)
}

func negate(in any) (any, error) {
	if n, ok := in.(int); ok && n != math.MinInt {
		return -n, nil
	}
	return askNegate.call(in)
}

// functions are the common functions without arguments.
var functions = map[string]func(in any) (any, error){
	"not":  func(in any) (any, error) { return !truth(in), nil },
	"type": func(in any) (any, error) { return gojq.TypeOf(in), nil },
	"length": func(in any) (any, error) {
		switch in := in.(type) {
		case nil:
			return 0, nil
		case string:
			return utf8.RuneCountInString(in), nil
		case []any:
			return len(in), nil
		case map[string]any:
			return len(in), nil
		}
		return askLength.call(in)
	},
	"keys": func(in any) (any, error) {
		object, ok := in.(map[string]any)
		if array, is := in.([]any); is {
			numbers := make([]any, len(array))
			for i := range array {
				numbers[i] = i
			}
			return numbers, nil
		}
		if !ok {
			return askKeys.call(in)
		}
		names := make([]any, 0, len(object))
		for _, name := range slices.Sorted(maps.Keys(object)) {
			names = append(names, name)
		}
		return names, nil
	},
	"tostring": tostring,
	"trim": func(in any) (any, error) {
		if text, ok := in.(string); ok {
			if trimmed := strings.TrimSpace(text); len(trimmed) < len(text) {
				return trimmed, nil
			}
			return in, nil
		}
		return askTrim.call(in)
	},
	"ascii_downcase": cased(strings.ToLower, "ascii_downcase"),
	"ascii_upcase":   cased(strings.ToUpper, "ascii_upcase"),
	"add": func(in any) (any, error) {
		array, ok := in.([]any)
		if !ok {
			return askSum.call(in)
		}
		sum := 0
		for _, element := range array {
			a, b, ok := small(sum, element)
			if !ok {
				return askSum.call(in)
			}
			sum = a + b
		}
		if len(array) == 0 {
			return nil, nil
		}
		return sum, nil
	},
}

func tostring(in any) (any, error) {
	switch in := in.(type) {
	case string:
		return in, nil
	case int:
		return strconv.Itoa(in), nil
	case json.Number:
		return in.String(), nil
	}
	return askTostring.call(in)
}

// cased changes the case of letters; texts beyond ASCII are gojq's.
func cased(change func(string) string, name string) func(in any) (any, error) {
	rare := mustAsk(name, 0)
	return func(in any) (any, error) {
		if text, ok := in.(string); ok && ascii(text) {
			return change(text), nil
		}
		return rare.call(in)
	}
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// functions1 are the common functions with one argument.
var functions1 = map[string]func(in, arg any) (any, error){
	"has": func(in, arg any) (any, error) {
		object, isObject := in.(map[string]any)
		name, isName := arg.(string)
		if !isObject || !isName {
			return askHas.call(in, arg)
		}
		_, ok := object[name]
		return ok, nil
	},
	"join": func(in, arg any) (any, error) {
		array, ok := in.([]any)
		between, isText := arg.(string)
		texts := make([]string, len(array))
		for i, element := range array {
			text, is := element.(string)
			texts[i], isText = text, isText && is
		}
		if !ok || !isText {
			return askJoin.call(in, arg)
		}
		return strings.Join(texts, between), nil
	},
	"split":      ofTexts(split, "split"),
	"startswith": ofTexts(func(in, arg string) any { return strings.HasPrefix(in, arg) }, "startswith"),
	"endswith":   ofTexts(func(in, arg string) any { return strings.HasSuffix(in, arg) }, "endswith"),
	"ltrimstr":   ofTexts(func(in, arg string) any { return strings.TrimPrefix(in, arg) }, "ltrimstr"),
	"rtrimstr":   ofTexts(func(in, arg string) any { return strings.TrimSuffix(in, arg) }, "rtrimstr"),
}

func split(in, arg string) any {
	parts := strings.Split(in, arg)
	if in == "" {
		parts = nil
	}
	list := make([]any, len(parts))
	for i, part := range parts {
		list[i] = part
	}
	return list
}

func ofTexts(do func(in, arg string) any, name string) func(in, arg any) (any, error) {
	rare := mustAsk(name, 1)
	return func(in, arg any) (any, error) {
		text, ok := in.(string)
		other, both := arg.(string)
		if !ok || !both {
			return rare.call(in, arg)
		}
		return do(text, other), nil
	}
}
