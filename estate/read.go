package estate

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Reader asks a server what stands in it, to be compared with an Expectation.
type Reader struct {
	Base     string
	Client   *http.Client
	Token    string // of the Auditor
	Currency money.Currency
	Items    []retail.ItemID
	// After is a journal position that an answer has to include; 0 asks for none.
	After int64
}

// NewReader returns a reader for what a scenario touches.
func (p *Player) NewReader(s Scenario) *Reader {
	r := &Reader{Base: p.Base, Client: p.Client, Token: p.Tokens[Auditor], Currency: s.Currency}
	for _, item := range s.Items {
		r.Items = append(r.Items, item.ID)
	}
	return r
}

// Levels returns what stands of each item at the store.
func (r *Reader) Levels(ctx context.Context) ([]Level, error) {
	query := url.Values{"location": {string(Store)}, "channel": {string(Channel)}}
	for _, item := range r.Items {
		query.Add("item", string(item))
	}
	var body struct {
		Availability []struct {
			Item      retail.ItemID     `json:"item"`
			Location  retail.LocationID `json:"location"`
			Sellable  retail.Quantity   `json:"sellable"`
			Reserved  retail.Quantity   `json:"reserved"`
			Allocated retail.Quantity   `json:"allocated"`
			ATS       retail.Quantity   `json:"ats"`
		} `json:"availability"`
	}
	if err := r.get(ctx, "/v1/availability", query, &body); err != nil {
		return nil, err
	}
	var out []Level
	for _, item := range r.Items {
		for _, a := range body.Availability {
			if a.Item == item && a.Location == Store {
				out = append(out, Level{a.Item, a.Sellable, a.Reserved, a.Allocated, a.ATS})
			}
		}
	}
	return out, nil
}

// Balance returns the trial balance of the entity in the order of reports.
func (r *Reader) Balance(ctx context.Context) ([]BalanceRow, error) {
	var body struct {
		Rows []struct {
			Account  string         `json:"role"`
			Currency money.Currency `json:"currency"`
			Debit    string         `json:"debit"`
			Credit   string         `json:"credit"`
		} `json:"rows"`
	}
	if err := r.get(ctx, "/v1/trial-balance", url.Values{"entity": {string(Entity)}}, &body); err != nil {
		return nil, err
	}
	var out []BalanceRow
	for _, row := range body.Rows {
		if row.Currency != r.Currency {
			return nil, fault.New(fault.CurrencyUnknown, row.Account, "the books hold %s beside %s", row.Currency, r.Currency)
		}
		debit, err := r.minor(row.Debit)
		if err != nil {
			return nil, err
		}
		credit, err := r.minor(row.Credit)
		if err != nil {
			return nil, err
		}
		out = append(out, BalanceRow{row.Account, debit, credit})
	}
	sortBalance(out)
	return out, nil
}

// OpenItem is a clearing key that is not zero.
type OpenItem struct {
	Role   string `json:"role"`
	Key    string `json:"key"`
	Amount any    `json:"amount"`
}

// Open returns the clearing keys that are not zero.
func (r *Reader) Open(ctx context.Context) ([]OpenItem, error) {
	var body struct {
		Open []OpenItem `json:"open"`
	}
	err := r.get(ctx, "/v1/clearing", url.Values{"entity": {string(Entity)}}, &body)
	return body.Open, err
}

// entry is what the reader needs of an entry.
type entry struct {
	ID       string `json:"entry_id"`
	Position int64  `json:"position"`
	Lines    []struct {
		Role   string            `json:"role"`
		Debit  string            `json:"debit"`
		Credit string            `json:"credit"`
		Dims   map[string]string `json:"dims"`
	} `json:"lines"`
}

// shownDims are the dimensions that reports tell apart (rule book B3).
var shownDims = map[string]string{"TENDER_CLEARING": "tender", "TAX_DEFERRED": "jurisdiction", "TAX_PAYABLE": "jurisdiction"}

// Entries returns what was posted at each of the positions together, as a step of the rule
// book prints it.
func (r *Reader) Entries(ctx context.Context, positions []int64) ([]EntryLine, error) {
	if len(positions) == 0 {
		return nil, nil
	}
	entries, err := r.entries(ctx, slices.Min(positions))
	if err != nil {
		return nil, err
	}
	var out []EntryLine
	for _, e := range entries {
		if !slices.Contains(positions, e.Position) {
			continue
		}
		for _, l := range e.Lines {
			shown := l.Role
			if dim := shownDims[l.Role]; dim != "" {
				shown += "[" + l.Dims[dim] + "]"
			}
			side, text := Dr, l.Debit
			if l.Credit != "" {
				side, text = Cr, l.Credit
			}
			minor, err := r.minor(text)
			if err != nil {
				return nil, err
			}
			out = append(out, EntryLine{shown, side, minor})
		}
	}
	return mergeLines(out), nil
}

// entries reads all pages from a position on.
func (r *Reader) entries(ctx context.Context, from int64) ([]entry, error) {
	query := url.Values{"entity": {string(Entity)}, "position_from": {strconv.FormatInt(from, 10)}, "limit": {"200"}}
	var out []entry
	for {
		var page struct {
			Entries []entry `json:"entries"`
			Next    string  `json:"next_cursor"`
		}
		if err := r.get(ctx, "/v1/entries", query, &page); err != nil {
			return nil, err
		}
		out = append(out, page.Entries...)
		if page.Next == "" || page.Next == query.Get("cursor") {
			return out, nil
		}
		query.Set("cursor", page.Next)
	}
}

func (r *Reader) minor(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	a, err := money.Parse(text, r.Currency)
	return a.Minor, err
}

// get reads one answer.
func (r *Reader) get(ctx context.Context, path string, query url.Values, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.Base+path+"?"+query.Encode(), http.NoBody)
	if err != nil {
		return fault.Wrap(err, fault.BadRequest, "estate.read", path)
	}
	request.Header.Set("Authorization", "Bearer "+r.Token)
	if r.After > 0 {
		request.Header.Set("X-Heddle-Position", strconv.FormatInt(r.After, 10))
	}
	response, err := r.Client.Do(request)
	if err != nil {
		return fault.Wrap(err, fault.OutcomeUnknown, "estate.read", path)
	}
	defer func() { _ = response.Body.Close() }() // the answer was read
	body, err := io.ReadAll(io.LimitReader(response.Body, answerBytesMax))
	if err != nil {
		return fault.Wrap(err, fault.OutcomeUnknown, "estate.read", path)
	}
	if response.StatusCode != http.StatusOK {
		return fault.New(fault.BadRequest, path, "status %d: %s", response.StatusCode, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fault.Wrap(err, fault.BadSyntax, "estate.read", path)
	}
	return nil
}

// State is what a run ends in, in a form that two runs can be compared by.
type State struct {
	Levels  []Level
	Balance []BalanceRow
	Open    []OpenItem
}

// State reads all of it.
func (r *Reader) State(ctx context.Context) (s State, err error) {
	if s.Levels, err = r.Levels(ctx); err != nil {
		return s, err
	}
	if s.Balance, err = r.Balance(ctx); err != nil {
		return s, err
	}
	s.Open, err = r.Open(ctx)
	return s, err
}

// Differences says where a state is not what a scenario has to end in; nothing means that it is.
func (e Expectation) Differences(s State) []string {
	var out []string
	if want := e.Steps[StepCount-1].Levels; !slices.Equal(s.Levels, want) {
		out = append(out, fmt.Sprintf("stock is %v, should be %v", s.Levels, want))
	}
	if !slices.Equal(s.Balance, e.Balance) {
		out = append(out, fmt.Sprintf("the trial balance is %v, should be %v", s.Balance, e.Balance))
	}
	for _, o := range s.Open {
		out = append(out, fmt.Sprintf("%s %s is open: %v", o.Role, o.Key, o.Amount))
	}
	return out
}
