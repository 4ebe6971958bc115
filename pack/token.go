package pack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// tokenPrefix begins every token, so that a token is known from a value.
const tokenPrefix = "tok_"

// TestTokenKey is the published key under which tokens are made where there is no tenant:
// heddle pack map and the cases of packs. Tokens under it hide nothing.
func TestTokenKey() []byte { return []byte("heddle published test key: hides nothing") }

// Token stands for a personal value of a kind ("email", "customer") without telling it:
// HMAC-SHA-256 under the tenant's key, of which 128 bits are kept. One value has one token
// of its kind everywhere, so that people are still told apart.
func Token(key []byte, kind, value string) retail.Token {
	mac := hmac.New(sha256.New, key)
	for _, part := range []string{"heddle token v1", kind, value} {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		mac.Write(length[:])
		mac.Write([]byte(part))
	}
	return retail.Token(tokenPrefix + hex.EncodeToString(mac.Sum(nil)[:16]))
}

// isToken reports whether a value has exactly the form of a token; a name that begins like
// one has not.
func isToken(v any) bool {
	text, _ := v.(string)
	digits, ok := strings.CutPrefix(text, tokenPrefix)
	return ok && len(digits) == 32 && strings.Trim(digits, "0123456789abcdef") == ""
}

// personal says which values of a tree are personal data.
type personal struct {
	kinds map[string]string // kind by member name, anywhere in the tree
	paths []personalPath
}

// personalPath is a mapping whose results are paths to personal values of one kind.
type personalPath struct {
	kind string
	find *program
}

func newPersonal(texts []personalText, subject string) (*personal, error) {
	p := &personal{kinds: map[string]string{}}
	for _, t := range texts {
		for _, field := range t.Fields {
			if kind, taken := p.kinds[field]; taken && kind != t.Kind {
				return nil, broken(subject, "personal field %s has two kinds, %s and %s", field, kind, t.Kind)
			}
			p.kinds[field] = t.Kind
		}
		for _, path := range t.Paths {
			find, err := compile(subject+" personal", "path("+path+")")
			if err != nil {
				return nil, err
			}
			p.paths = append(p.paths, personalPath{t.Kind, find})
		}
	}
	return p, nil
}

// hide returns the tree with every personal value replaced by its token. A member that is
// personal hides everything in it. What is not there, null or empty stays as it is. If a
// path cannot be followed the record is refused: a value must not slip through.
func (p *personal) hide(tree any, r *run) (any, *fault.Error) {
	hidden := p.fields(tree, "", r.tokenKey)
	for _, path := range p.paths {
		found, err := path.find.values(tree, r)
		if err != nil {
			return nil, err
		}
		for _, steps := range found {
			hidden = p.at(hidden, steps.([]any), path.kind, r.tokenKey)
		}
	}
	return hidden, nil
}

// fields copies the tree, hiding by member name; kind is that of the nearest personal member
// around, or empty.
func (p *personal) fields(tree any, kind string, key []byte) any {
	switch tree := tree.(type) {
	case map[string]any:
		object := make(map[string]any, len(tree))
		for name, value := range tree {
			inner := kind
			if own, ok := p.kinds[name]; ok {
				inner = own
			}
			object[name] = p.fields(value, inner, key)
		}
		return object
	case []any:
		array := make([]any, len(tree))
		for i, value := range tree {
			array[i] = p.fields(value, kind, key)
		}
		return array
	}
	if kind == "" {
		return tree
	}
	return hideScalar(tree, kind, key)
}

// at hides everything under a path of a copied tree. A path that leads nowhere hides nothing;
// a slice of an array hides the whole array.
func (p *personal) at(tree any, steps []any, kind string, key []byte) any {
	if len(steps) == 0 {
		return p.fields(tree, kind, key)
	}
	switch tree := tree.(type) {
	case map[string]any:
		name, _ := steps[0].(string)
		if value, ok := tree[name]; ok {
			tree[name] = p.at(value, steps[1:], kind, key)
		}
	case []any:
		i, ok := steps[0].(int)
		if i < 0 {
			i += len(tree)
		}
		switch {
		case !ok:
			return p.fields(tree, kind, key)
		case 0 <= i && i < len(tree):
			tree[i] = p.at(tree[i], steps[1:], kind, key)
		}
	}
	return tree
}

func hideScalar(value any, kind string, key []byte) any {
	switch value := value.(type) {
	case string:
		if value == "" || isToken(value) {
			return value
		}
		return string(Token(key, kind, value))
	case json.Number, bool:
		return string(Token(key, kind, fmt.Sprint(value)))
	}
	return nil
}
