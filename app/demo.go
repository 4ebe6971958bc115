package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/estate"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// DemoOptions say what the demo does beside the key scenario.
type DemoOptions struct {
	// Keep leaves the first server running and prints what to try next.
	Keep bool
	// Scenario is a file with other figures, and Figures are figures themselves; neither means
	// the rule book's E01.
	Scenario string
	Figures  estate.Scenario
	// JSON prints one object at the end, and nothing else on Out.
	JSON bool
	// Seed draws ids, secrets and the shuffled order.
	Seed     uint64
	Out, Err io.Writer
	Clock    func() time.Time
}

// DemoResult is what the demo found; RunDemo prints it with JSON.
type DemoResult struct {
	TrialBalance struct {
		Debit    string `json:"debit"`
		Credit   string `json:"credit"`
		Currency string `json:"currency"`
	} `json:"trial_balance"`
	// ClearingOpen counts the clearing keys that are not zero.
	ClearingOpen int `json:"clearing_open"`
	// SecondRunChanges counts what sending everything again changed: facts that were taken in
	// again, and figures that moved.
	SecondRunChanges int `json:"second_run_changes"`
	// PermutedEqual says that steps 4 to 11 in another order ended in the same state.
	PermutedEqual bool `json:"permuted_equal"`
	// ReversedEqual says that the shop booking pickup and return ended in the same trial balance.
	ReversedEqual bool       `json:"reversed_equal"`
	Steps         []DemoStep `json:"steps"`
	// Differences says where a server is not where the rules say that it has to be.
	Differences []string `json:"differences,omitempty"`
}

// DemoStep is one step as the server did it.
type DemoStep struct {
	Step    int         `json:"step"`
	Event   string      `json:"event"`
	Sent    []string    `json:"sent,omitempty"`
	Stock   []DemoLevel `json:"stock,omitempty"`
	Entries []DemoLine  `json:"entries"`
	OK      bool        `json:"ok"`
}

// DemoLevel is the stock of an item after a step.
type DemoLevel struct {
	Item      retail.ItemID   `json:"item"`
	Sellable  retail.Quantity `json:"sellable"`
	Reserved  retail.Quantity `json:"reserved"`
	Allocated retail.Quantity `json:"allocated"`
	ATS       retail.Quantity `json:"ats"`
}

// DemoLine is one line of a step's entries, legs merged.
type DemoLine struct {
	Side   string `json:"side"`
	Role   string `json:"role"`
	Amount string `json:"amount"`
}

// ok reports whether everything is as it has to be.
func (r *DemoResult) ok() bool {
	return len(r.Differences) == 0 && r.ClearingOpen == 0 && r.SecondRunChanges == 0 && r.PermutedEqual && r.ReversedEqual
}

// demoTimeout bounds one run of the demo.
const demoTimeout = 5 * time.Minute

// RunDemo plays the key scenario through real servers, sending what the outside systems
// send, and compares with what package estate computed by the rules. It returns a fault if
// anything differs.
func RunDemo(ctx context.Context, o DemoOptions) error {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	scenario := o.Figures
	if scenario.IsZero() {
		scenario = estate.E01()
	}
	if o.Scenario != "" {
		text, err := os.ReadFile(o.Scenario)
		if err != nil {
			return fault.Wrap(err, fault.BadConfig, "demo.scenario", o.Scenario)
		}
		if scenario, err = estate.ParseScenario(text); err != nil {
			return err
		}
	}
	want, err := estate.Expect(scenario)
	if err != nil {
		return err
	}
	d := &demo{o: o, scenario: scenario, want: want, text: o.Out}
	if o.JSON {
		d.text = o.Err
	}
	limited, cancel := context.WithTimeout(ctx, demoTimeout)
	defer cancel()
	err = d.run(limited)
	if o.JSON && err == nil {
		err = json.NewEncoder(o.Out).Encode(&d.result)
	}
	if err == nil && !d.result.ok() {
		err = fault.New(fault.DemoDiffers, "demo", "%d differences; the first: %s", len(d.result.Differences), first(d.result.Differences))
	}
	if err == nil && o.Keep {
		err = d.keep(ctx)
	}
	return errors.Join(err, d.close())
}

func first(texts []string) string {
	if len(texts) == 0 {
		return "a figure is not what it has to be"
	}
	return texts[0]
}

// demo is one run.
type demo struct {
	o        DemoOptions
	scenario estate.Scenario
	want     estate.Expectation
	text     io.Writer
	result   DemoResult
	servers  []*demoServer
}

// demoServer is a server in a folder of its own with a retailer that talks to it.
type demoServer struct {
	dir    string
	house  *House
	estate *estate.Estate
	player *estate.Player
	reader *estate.Reader
	stop   context.CancelFunc
	served chan error
}

// run plays in order, everything again, with the authority reversed, and shuffled.
func (d *demo) run(ctx context.Context) error {
	s, err := d.start(ctx, false)
	if err != nil {
		return err
	}
	if err := d.play(ctx, s); err != nil {
		return err
	}
	if err := d.again(ctx, s); err != nil {
		return err
	}
	if err := d.reversed(ctx); err != nil {
		return err
	}
	return d.permuted(ctx)
}

// start starts a real server: SQLite in a temporary folder, HTTP on a free port of 127.0.0.1.
func (d *demo) start(ctx context.Context, shopBooks bool) (*demoServer, error) {
	today := retail.DateOf(d.o.Clock().UTC())
	e, err := estate.New(estate.Options{Scenario: d.scenario, Today: today, Seed: d.o.Seed, ShopBooks: shopBooks})
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "heddle-demo-")
	if err != nil {
		return nil, fault.Wrap(err, fault.Storage, "demo.start", "temporary folder")
	}
	s := &demoServer{dir: dir, estate: e}
	d.servers = append(d.servers, s)
	config, env := EstateConfig(e, dir)
	if s.house, err = OpenHouse(ctx, config, Options{Clock: d.o.Clock, Env: env}); err != nil {
		return nil, err
	}
	address, err := s.house.Listen(ctx)
	if err != nil {
		return nil, err
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop, s.served = stop, make(chan error, 1)
	go func() { s.served <- s.house.Serve(serving) }()
	tokens, err := EstateTokens(ctx, s.house)
	if err != nil {
		return nil, err
	}
	s.player = &estate.Player{Base: "http://" + address.String(), Client: &http.Client{Timeout: 30 * time.Second}, Tokens: tokens, Clock: d.o.Clock}
	s.reader = s.player.NewReader(d.scenario)
	_, err = s.send(ctx, estate.Once([]estate.Message{e.Seed()}, 0))
	return s, err
}

// EstateConfig returns the configuration of a server for a pretend retailer, with the
// environment that holds its secrets.
func EstateConfig(e *estate.Estate, dir string) (*Config, Environment) {
	c := &Config{Environment: "demo", Tenant: "demo", DataDir: dir, Listen: "127.0.0.1:0"}
	secrets := map[string]string{}
	for i, s := range e.Sources() {
		source := SourceConfig{Pack: retail.SystemID(s.Pack), Instance: s.Instance, Zone: s.Zone, Options: s.Options}
		if s.Secret != "" {
			name := fmt.Sprintf("DEMO_SECRET_%d", i)
			secrets[name] = s.Secret
			source.Secrets = []SecretRef{{Env: name}}
		}
		c.Sources = append(c.Sources, source)
	}
	c.EnsureDefaults()
	return c, func(name string) (string, bool) { v, ok := secrets[name]; return v, ok }
}

// EstateTokens makes the keys that the retailer's people and machines need.
func EstateTokens(ctx context.Context, h *House) (map[estate.Caller]string, error) {
	tokens := map[estate.Caller]string{}
	for _, g := range estate.Grants() {
		scopes, err := access.ParseScopes(g.Scopes)
		if err != nil {
			return nil, err
		}
		kind := access.Machine
		if g.Person {
			kind = access.Person
		}
		token, _, err := access.Create(ctx, h.Store.Desk().Keys(), h.options.Random, access.Grant{
			Principal: access.Principal{ID: retail.PrincipalID(g.Caller), Kind: kind}, Scopes: scopes,
		}, h.options.Clock())
		if err != nil {
			return nil, err
		}
		tokens[g.Caller] = token.Reveal()
	}
	return tokens, nil
}

// send delivers messages; one that is refused ends the demo with what the door said.
func (s *demoServer) send(ctx context.Context, deliveries []estate.Delivery) ([]estate.Answer, error) {
	answers, err := s.player.Play(ctx, deliveries)
	if err != nil {
		return answers, err
	}
	for _, a := range answers {
		for _, r := range a.Results {
			if r.Position > 0 {
				s.reader.After = max(s.reader.After, r.Position)
			}
		}
		if !a.OK() {
			return answers, fault.New(fault.DemoDiffers, a.Message.Name, "the door %s %s answered %d %s %s %+v",
				a.Message.Method, a.Message.Path, a.Status, a.Code, a.Detail, a.Results)
		}
	}
	return answers, nil
}

// play sends the eleven steps in order and compares each with the rules.
func (d *demo) play(ctx context.Context, s *demoServer) error {
	fmt.Fprintf(d.text, "A real server on %s, data in %s.\n", s.player.Base, filepath.Base(s.dir))
	var all []estate.Answer
	levels := map[int][]estate.Level{}
	for _, step := range s.estate.Steps() {
		answers, err := s.send(ctx, estate.Once(s.estate.Messages(step.Number, step.Number, false), 0))
		if err != nil {
			return err
		}
		all = append(all, answers...)
		if levels[step.Number], err = s.reader.Levels(ctx); err != nil {
			return err
		}
	}
	positions := estate.Positions(all)
	for _, step := range s.estate.Steps() {
		lines, err := s.reader.Entries(ctx, positions[step.Number])
		if err != nil {
			return err
		}
		d.compareStep(step, levels[step.Number], lines)
	}
	return d.compareEnd(ctx, s)
}

// compareStep prints a step and keeps where it differs.
func (d *demo) compareStep(step estate.Step, levels []estate.Level, lines []estate.EntryLine) {
	want := d.want.Steps[step.Number-1]
	out := DemoStep{Step: step.Number, Event: step.Event, OK: true, Entries: []DemoLine{}}
	for _, m := range step.Messages {
		if !m.Echo {
			out.Sent = append(out.Sent, m.Who+": "+m.What)
		}
	}
	if len(want.Levels) > 0 && !equal(levels, want.Levels) {
		d.differ(&out, "step %d: stock is %v, the rules say %v", step.Number, levels, want.Levels)
	}
	if !equal(lines, want.Lines) {
		d.differ(&out, "step %d: entries are %v, the rules say %v", step.Number, lines, want.Lines)
	}
	for _, l := range levels {
		out.Stock = append(out.Stock, DemoLevel(l))
	}
	for _, l := range lines {
		out.Entries = append(out.Entries, DemoLine{string(l.Side), l.Role, money.Of(l.Minor, d.want.Currency).Decimal()})
	}
	d.result.Steps = append(d.result.Steps, out)
	d.printStep(out)
}

func equal[T comparable](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (d *demo) differ(step *DemoStep, format string, args ...any) {
	if step != nil {
		step.OK = false
	}
	d.result.Differences = append(d.result.Differences, fmt.Sprintf(format, args...))
}

// compareEnd compares the trial balance and the clearing accounts.
func (d *demo) compareEnd(ctx context.Context, s *demoServer) error {
	state, err := s.reader.State(ctx)
	if err != nil {
		return err
	}
	for _, difference := range d.want.Differences(state) {
		d.differ(nil, "%s", difference)
	}
	var debit, credit int64
	for _, row := range state.Balance {
		debit += row.Debit
		credit += row.Credit
	}
	tb := &d.result.TrialBalance
	tb.Debit, tb.Credit = money.Of(debit, d.want.Currency).Decimal(), money.Of(credit, d.want.Currency).Decimal()
	tb.Currency = string(d.want.Currency)
	d.result.ClearingOpen = len(state.Open)
	d.printBalance(state)
	return nil
}

// again sends everything once more, under the same delivery ids and then signed anew under
// new ones, with the shop's own reports of what the till booked.
func (d *demo) again(ctx context.Context, s *demoServer) error {
	echoes := echoesOf(s.estate)
	if _, err := s.send(ctx, estate.Once(echoes, 0)); err != nil {
		return err
	}
	before, err := s.reader.State(ctx)
	if err != nil {
		return err
	}
	for _, difference := range d.want.Differences(before) {
		d.differ(nil, "with the shop's own reports: %s", difference)
	}
	changes := 0
	for number := range 2 {
		answers, err := s.send(ctx, estate.Once(append([]estate.Message{s.estate.Seed()}, s.estate.Messages(1, estate.StepCount, true)...), number))
		if err != nil {
			return err
		}
		for _, a := range answers {
			if a.Message.Name != s.estate.Seed().Name {
				changes += a.Changed()
			}
		}
	}
	after, err := s.reader.State(ctx)
	if err != nil {
		return err
	}
	changes += len(d.want.Differences(after))
	d.result.SecondRunChanges = changes
	fmt.Fprintf(d.text, "\nThe shop's own fulfilment, refund and payment webhooks corroborate: the books stay %s.\n", d.result.TrialBalance.Debit)
	fmt.Fprintf(d.text, "Everything sent twice more, with the same delivery ids and signed anew with new ones: %d changes.\n", changes)
	return nil
}

func echoesOf(e *estate.Estate) []estate.Message {
	var out []estate.Message
	for _, m := range e.Messages(1, estate.StepCount, true) {
		if m.Echo {
			out = append(out, m)
		}
	}
	return out
}

// reversed lets the shop book pickup and return on an empty server, by one journaled change.
func (d *demo) reversed(ctx context.Context) error {
	s, err := d.start(ctx, false)
	if err != nil {
		return err
	}
	if _, err := s.send(ctx, estate.Once([]estate.Message{s.estate.Reversal()}, 0)); err != nil {
		return err
	}
	return d.ends(ctx, s, s.estate.Messages(1, estate.StepCount, true), "with the shop booking", &d.result.ReversedEqual,
		"\nOn an empty server with the authority reversed (the shop books, the till corroborates): the same trial balance: %t.\n")
}

// permuted sends steps 4 to 11 shuffled to a server that has had steps 1 to 3.
func (d *demo) permuted(ctx context.Context) error {
	s, err := d.start(ctx, false)
	if err != nil {
		return err
	}
	messages := append(s.estate.Messages(1, 3, true), estate.Shuffled(s.estate.Messages(4, estate.StepCount, true), d.o.Seed+1)...)
	return d.ends(ctx, s, messages, "shuffled", &d.result.PermutedEqual,
		"On an empty server with steps 4 to 11 shuffled: the same trial balance, stock and clearing: %t.\n")
}

// ends sends messages to a server and says whether it ends where the rules say.
func (d *demo) ends(ctx context.Context, s *demoServer, messages []estate.Message, what string, is *bool, text string) error {
	if _, err := s.send(ctx, estate.Once(messages, 0)); err != nil {
		return err
	}
	state, err := s.reader.State(ctx)
	if err != nil {
		return err
	}
	differences := d.want.Differences(state)
	for _, difference := range differences {
		d.differ(nil, "%s: %s", what, difference)
	}
	*is = len(differences) == 0
	fmt.Fprintf(d.text, text, *is)
	return nil
}
