package pack

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
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
	return retail.Token(newTokens(key, new(tokenKey)).token(kind, value))
}

// tokens makes the tokens of one payload, because payloads repeat an address and a name.
type tokens struct {
	key  []byte
	room *tokenKey
	text []byte
	made []madeToken // the first of them
}

type madeToken struct{ kind, value, token string }

// remembered is how many tokens are looked through before another is made, which costs about
// as much as that.
const remembered = 64

func newTokens(key []byte, room *tokenKey) *tokens { return &tokens{key: key, room: room} }

func (t *tokens) token(kind, value string) string {
	for i := range t.made {
		if m := &t.made[i]; m.value == value && m.kind == kind {
			return m.token
		}
	}
	token := t.make(kind, value)
	if len(t.made) < remembered {
		t.made = append(t.made, madeToken{kind, value, token})
	}
	return token
}

// tokenKey is a key that is ready for tokens: to prepare one costs as much as a token.
type tokenKey struct {
	key []byte
	mac hash.Hash
}

// ready returns the HMAC of a key, with nothing written to it.
func (k *tokenKey) ready(key []byte) hash.Hash {
	if k.mac == nil || !bytes.Equal(k.key, key) {
		k.key, k.mac = bytes.Clone(key), hmac.New(sha256.New, key)
	}
	k.mac.Reset()
	return k.mac
}

func (t *tokens) make(kind, value string) string {
	mac := t.room.ready(t.key)
	t.text = t.text[:0]
	for _, part := range [...]string{"heddle token v1", kind, value} {
		t.text = append(binary.BigEndian.AppendUint64(t.text, uint64(len(part))), part...)
	}
	mac.Write(t.text)
	t.text = mac.Sum(t.text[:0])
	var digits [len(tokenPrefix) + 32]byte
	copy(digits[:], tokenPrefix)
	hex.Encode(digits[len(tokenPrefix):], t.text[:16])
	return string(digits[:])
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

// hide replaces every personal value of the tree by its token, in the tree itself, and
// returns it. A member that is personal hides everything in it. What is not there, null or
// empty stays as it is. If a path cannot be followed the record is refused: a value must not
// slip through.
func (p *personal) hide(tree any, f Format, r *run) (any, *fault.Error) {
	found, err := p.find(tree, r)
	if err != nil {
		return nil, err
	}
	switch {
	case len(p.kinds) == 0, f == X12: // which hides members by name when a set is read
	case f == CSV, f == TSV:
		p.row(tree.(map[string]any), r.tokens)
	default:
		tree = p.fields(tree, "", r.tokens)
	}
	return p.along(found, tree, r), nil
}

// row hides by member name in an object of texts.
func (p *personal) row(row map[string]any, tokens *tokens) {
	for name, kind := range p.kinds {
		if value, ok := row[name]; ok {
			row[name] = hideScalar(value, kind, tokens)
		}
	}
}

// find returns the paths that lead to personal values, by the expressions that find them.
func (p *personal) find(tree any, r *run) ([][]any, *fault.Error) {
	if len(p.paths) == 0 {
		return nil, nil
	}
	found := make([][]any, len(p.paths))
	for i, path := range p.paths {
		var err *fault.Error
		if found[i], err = path.find.values(tree, r); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// along hides what paths lead to.
func (p *personal) along(found [][]any, tree any, r *run) any {
	for i, paths := range found {
		for _, steps := range paths {
			tree = p.at(tree, steps.([]any), p.paths[i].kind, r.tokens)
		}
	}
	return tree
}

// fields hides by member name; kind is that of the nearest personal member around, or empty.
func (p *personal) fields(tree any, kind string, tokens *tokens) any {
	switch tree := tree.(type) {
	case map[string]any:
		for name, value := range tree {
			inner := kind
			if own, ok := p.kinds[name]; ok {
				inner = own
			}
			switch value.(type) {
			case map[string]any, []any:
				p.fields(value, inner, tokens)
			default:
				if inner != "" {
					tree[name] = hideScalar(value, inner, tokens)
				}
			}
		}
		return tree
	case []any:
		for i, value := range tree {
			tree[i] = p.fields(value, kind, tokens)
		}
		return tree
	}
	if kind == "" {
		return tree
	}
	return hideScalar(tree, kind, tokens)
}

// at hides everything under a path. A path that leads nowhere hides nothing;
// a slice of an array hides the whole array.
func (p *personal) at(tree any, steps []any, kind string, tokens *tokens) any {
	if len(steps) == 0 {
		return p.fields(tree, kind, tokens)
	}
	switch tree := tree.(type) {
	case map[string]any:
		name, _ := steps[0].(string)
		if value, ok := tree[name]; ok {
			tree[name] = p.at(value, steps[1:], kind, tokens)
		}
	case []any:
		i, ok := steps[0].(int)
		if i < 0 {
			i += len(tree)
		}
		switch {
		case !ok:
			return p.fields(tree, kind, tokens)
		case 0 <= i && i < len(tree):
			tree[i] = p.at(tree[i], steps[1:], kind, tokens)
		}
	}
	return tree
}

func hideScalar(value any, kind string, tokens *tokens) any {
	switch value := value.(type) {
	case string:
		if value == "" || isToken(value) {
			return value
		}
		return tokens.token(kind, value)
	case json.Number, bool:
		return tokens.token(kind, fmt.Sprint(value))
	}
	return nil
}
