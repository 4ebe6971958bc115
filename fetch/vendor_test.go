package fetch_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// move is what the vendor knows of one move of stock.
type move struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Version  int    `json:"version"`
	At       string `json:"at"`
	Updated  string `json:"updated_at"`
	Item     string `json:"item"`
	Place    string `json:"place"`
	Quantity string `json:"quantity"`
}

func moveOf(id string, quantity string, updated time.Time) move {
	at := updated.UTC().Format(time.RFC3339)
	return move{ID: id, Kind: "move", Version: 1, At: at, Updated: at, Item: "MUG", Place: "S1", Quantity: quantity}
}

// vendor is the API of an outside system, on loopback.
type vendor struct {
	*httptest.Server
	t     *testing.T
	clock *clock

	mu    sync.Mutex
	moves []move
	// asked lists the requests: "12:00:00 GET /path?query {body}".
	asked []string
	// first answers before the API does, if it answers at all.
	first func(w http.ResponseWriter, r *http.Request) bool
	// proof is the header that a request has to carry, as "Name: value".
	proof string
}

func newVendor(t *testing.T, c *clock) *vendor {
	v := &vendor{t: t, clock: c, proof: "Authorization: Bearer the-token"}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v2/moves/batch-retrieve", v.retrieve)
	mux.HandleFunc("GET /v2/moves/{id}", v.get)
	mux.HandleFunc("POST /v2/moves/search", v.search)
	mux.HandleFunc("GET /admin/moves.json", v.linked)
	mux.HandleFunc("GET /wp-json/moves", v.numbered)
	mux.HandleFunc("GET /orders/v0/moves", v.byToken)
	mux.HandleFunc("GET /orders/v0/moves/{id}", v.alone)
	mux.HandleFunc("GET /orders/v0/moves/{id}/lines", v.lines)
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		must(t, err)
		r.Body = io.NopCloser(bytes.NewReader(body))
		v.mu.Lock()
		v.asked = append(v.asked, strings.TrimSpace(c.Now().Format("15:04:05 ")+r.Method+" "+r.URL.RequestURI()+" "+string(body)))
		first, proof := v.first, v.proof
		v.mu.Unlock()
		if first != nil && first(w, r) {
			return
		}
		name, value, _ := strings.Cut(proof, ": ")
		if r.Header.Get(name) != value {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(v.Close)
	return v
}

// requests returns what was asked since the last time.
func (v *vendor) requests() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	asked := v.asked
	v.asked = nil
	return asked
}

func (v *vendor) put(moves ...move) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, m := range moves {
		v.moves = slices.DeleteFunc(v.moves, func(old move) bool { return old.ID == m.ID })
		v.moves = append(v.moves, m)
	}
	slices.SortStableFunc(v.moves, func(a, b move) int { return cmp.Compare(a.Updated, b.Updated) })
}

func (v *vendor) answerBefore(first func(w http.ResponseWriter, r *http.Request) bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.first = first
}

// changed returns the moves that changed from a time on, the oldest first.
func (v *vendor) changed(since string) []move {
	v.mu.Lock()
	defer v.mu.Unlock()
	all := []move{}
	for _, m := range v.moves {
		if m.Updated >= since {
			all = append(all, m)
		}
	}
	return all
}

// pageOf cuts the page that begins at a mark, two moves long, and names the next mark.
func pageOf(all []move, mark string) (page []move, next string) {
	from := 0
	if mark != "" {
		fmt.Sscanf(mark, "after-%d", &from) //nolint:errcheck // a mark is one that was handed out
	}
	page = all[min(from, len(all)):min(from+2, len(all))]
	if from+2 < len(all) {
		next = fmt.Sprintf("after-%d", from+2)
	}
	return page, next
}

func write(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

func (v *vendor) retrieve(w http.ResponseWriter, r *http.Request) {
	var body struct{ IDs []string }
	must(v.t, json.NewDecoder(r.Body).Decode(&body))
	found := slices.DeleteFunc(v.changed(""), func(m move) bool { return !slices.Contains(body.IDs, m.ID) })
	write(w, map[string]any{"moves": found})
}

func (v *vendor) get(w http.ResponseWriter, r *http.Request) {
	for _, m := range v.changed("") {
		if m.ID == r.PathValue("id") {
			write(w, map[string]any{"move": m})
			return
		}
	}
	http.NotFound(w, r)
}

func (v *vendor) search(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Cursor string
		Filter struct {
			Updated struct {
				Start string `json:"start_at"`
			} `json:"updated_at"`
		}
	}
	must(v.t, json.NewDecoder(r.Body).Decode(&body))
	page, next := pageOf(v.changed(body.Filter.Updated.Start), body.Cursor)
	answer := map[string]any{"moves": page}
	if next != "" {
		answer["cursor"] = next
	}
	write(w, answer)
}

// linked pages as Shopify does: the address of the next page has no filter.
func (v *vendor) linked(w http.ResponseWriter, r *http.Request) {
	since, mark := r.FormValue("updated_at_min"), ""
	if info := r.FormValue("page_info"); info != "" {
		if since != "" {
			http.Error(w, "updated_at_min cannot be passed when page_info is present", http.StatusBadRequest)
			return
		}
		since, mark, _ = strings.Cut(info, "~")
	}
	page, next := pageOf(v.changed(since), mark)
	if next != "" {
		w.Header().Set("Link", fmt.Sprintf(`<%s/admin/moves.json?limit=2&page_info=x>; rel="previous", <%s/admin/moves.json?limit=2&page_info=%s~%s>; rel="next"`, v.URL, v.URL, since, next))
	}
	write(w, map[string]any{"moves": page})
}

// numbered pages as WooCommerce does, the newest first.
func (v *vendor) numbered(w http.ResponseWriter, r *http.Request) {
	all := v.changed(r.FormValue("modified_after") + "Z")
	slices.Reverse(all)
	number := 0
	fmt.Sscanf(r.FormValue("page"), "%d", &number) //nolint:errcheck // zero is no page
	w.Header().Set("X-WP-TotalPages", fmt.Sprint((len(all)+1)/2))
	from := min(2*(number-1), len(all))
	write(w, all[from:min(from+2, len(all))])
}

// byToken pages as Amazon does.
func (v *vendor) byToken(w http.ResponseWriter, r *http.Request) {
	page, next := pageOf(v.changed(r.FormValue("LastUpdatedAfter")), r.FormValue("NextToken"))
	payload := map[string]any{"Moves": page}
	if next != "" {
		payload["NextToken"] = next
	}
	write(w, map[string]any{"payload": payload})
}

// alone tells of one move, and lines of what it is made of, as Amazon does.
func (v *vendor) alone(w http.ResponseWriter, r *http.Request) {
	for _, m := range v.changed("") {
		if m.ID == r.PathValue("id") {
			m.Quantity = ""
			write(w, map[string]any{"payload": m})
			return
		}
	}
	write(w, map[string]any{"payload": nil})
}

func (v *vendor) lines(w http.ResponseWriter, r *http.Request) {
	payload := map[string]any{"Lines": []map[string]string{{"quantity": "1"}, {"quantity": "0.5"}}, "NextToken": "more"}
	if r.FormValue("NextToken") == "more" {
		payload = map[string]any{"Lines": []map[string]string{{"quantity": "2", "note": strings.Repeat("x", 60)}}}
	}
	write(w, map[string]any{"payload": payload})
}
