package app

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"os"
	"sync"
	"time"
	_ "time/tzdata" // the zones of places, also on a machine without a database of them

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/collect"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/fetch"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/gateway"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/packs"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/store"
	"github.com/heddlehq/heddle/store/sqlite"
)

// Options are what a house needs of its surroundings; the zero value is the real world.
type Options struct {
	Log    *slog.Logger
	Clock  func() time.Time
	Random io.Reader
	// Env gives the environment variables that secrets name.
	Env Environment
}

// EnsureDefaults fills what was left out.
func (o *Options) EnsureDefaults() {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Env == nil {
		o.Env = os.LookupEnv
	}
}

// House is a running installation on one database: the owner, the books, the doors and the
// gateway, wired by a configuration.
type House struct {
	config  *Config
	options Options

	Store   store.Store
	Owner   *flow.Owner
	Books   *booking.Books
	Doors   *intake.Doors
	Vault   *intake.Vault
	Packs   *pack.Set
	Fetcher *fetch.Fetcher
	Gateway *gateway.Gateway

	past   *pastClock // while a past is loaded; else nil
	signer ed25519.PrivateKey
	// lost ends the process when the journal is lost to it.
	lost    chan error
	stop    context.CancelFunc
	stopped sync.WaitGroup
}

// OpenHouse opens the database, follows the journal to its end, proposes the configuration's
// reference data and starts the owner and booking. Nothing is served before Serve.
func OpenHouse(ctx context.Context, c *Config, o Options) (*House, error) {
	o.EnsureDefaults()
	h := &House{config: c, options: o, lost: make(chan error, 3)}
	if err := h.open(ctx); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

func (h *House) open(ctx context.Context) (err error) {
	if problems := h.config.CheckSecrets(h.options.Env); len(problems) > 0 {
		return AsFault("configuration", problems)
	}
	if h.Packs, err = LoadPacks(h.config); err != nil {
		return err
	}
	if h.Store, err = OpenStore(ctx, h.config); err != nil {
		return err
	}
	if h.Vault, err = OpenVault(ctx, h.config, h.Store, h.options); err != nil {
		return err
	}
	clock := h.options.Clock
	if h.past, err = h.openPast(); err != nil {
		return err
	}
	if h.past != nil {
		clock = h.past.now
	}
	h.Owner, err = flow.Open(ctx, h.Store.Journal(), h.Store.Views(), flow.Options{
		Tenant: h.config.Tenant, Environment: h.config.Environment, Clock: clock, Log: h.options.Log,
		Fatal: func(err error) { h.lost <- err },
	})
	if err != nil {
		return err
	}
	if err := h.resumePast(ctx); err != nil {
		return err
	}
	h.Books, err = booking.Open(ctx, h.Store.Journal(), h.Store.Views(), booking.Options{Log: h.options.Log})
	if err != nil {
		return err
	}
	if h.Doors, err = h.openDoors(); err != nil {
		return err
	}
	if h.Fetcher, err = h.openFetcher(ctx); err != nil {
		return err
	}
	if err := h.propose(ctx); err != nil {
		return err
	}
	// What the last process did not get to comes in before anything new.
	if err := h.Doors.Release(ctx); err != nil {
		return err
	}
	collector, err := h.openCollector()
	if err != nil {
		return err
	}
	h.follow(collector)
	return h.openGateway()
}

// OpenStore opens the database that the configuration names.
func OpenStore(ctx context.Context, c *Config) (store.Store, error) {
	return sqlite.Open(ctx, c.Store.SQLite.Dir)
}

// LoadPacks returns the built-in packs and those of the folders that the configuration names.
func LoadPacks(c *Config) (*pack.Set, error) {
	builtin, err := packs.Builtin()
	if err != nil {
		return nil, err
	}
	all := builtin.All()
	for i, folder := range c.Packs {
		p, err := pack.Load(os.DirFS(folder))
		if err != nil {
			return nil, AsFault("configuration", []Problem{c.Problem(fmt.Sprintf("packs[%d]", i), "%v", err)})
		}
		all = append(all, p)
	}
	return pack.NewSet(all...)
}

func (h *House) openDoors() (*intake.Doors, error) {
	tokens, err := h.config.OwnKey("tokens", h.config.Keys.Tokens, h.options.Env, h.options.Random)
	if err != nil {
		return nil, err
	}
	origins := make([]intake.Origin, len(h.config.Sources))
	for i, s := range h.config.Sources {
		var zone *time.Location // none: what tells no zone itself is refused
		if s.Zone != "" {
			var err error
			if zone, err = time.LoadLocation(s.Zone); err != nil {
				return nil, AsFault("configuration", []Problem{h.config.Problem(fmt.Sprintf("sources[%d].zone", i), "%v", err)})
			}
		}
		origins[i] = intake.Origin{Pack: string(s.Pack), Instance: s.Instance, Zone: zone, URL: s.URL, Options: s.Options, Asked: s.API != nil}
		for _, ref := range s.Secrets {
			secret, err := ref.Read(h.options.Env)
			if err != nil {
				return nil, err
			}
			origins[i].Secrets = append(origins[i].Secrets, secret.Reveal())
		}
	}
	desk := h.Store.Desk()
	return intake.Open(intake.Options{
		Tenant: h.config.Tenant, Packs: h.Packs, Origins: origins, Decider: h.decider(), Vault: h.Vault, Known: desk.Deliveries(),
		Waiting: desk.Waiting(), Worklist: desk.Worklist(), FollowUps: desk.FollowUps(), Followed: func() { h.Fetcher.Followed() },
		Zones: h.Owner.ZoneAt, Memory: desk.Settings(), Facts: h.Owner, TokenKey: tokens.Reveal(), Clock: h.options.Clock,
	})
}

func (h *House) openGateway() (err error) {
	limits := h.config.Limits
	h.Gateway, err = gateway.New(h.Store.Desk().Keys(), h.options.Log, gateway.Options{
		Address: h.config.Listen, Clock: h.options.Clock, Random: h.options.Random, Ready: h.ready,
		Limits: gateway.Limits{
			BodyBytes: limits.BodyBytes, InFlight: limits.RequestsInFlight, Connections: limits.Connections,
			Drain: time.Duration(limits.DrainSeconds) * time.Second,
		},
	})
	if err != nil {
		return err
	}
	if h.signer, err = CheckpointKey(h.config, h.options); err != nil {
		return err
	}
	desk := h.Store.Desk()
	api.Register(h.Gateway, api.Services{
		Tenant: h.config.Tenant, Owner: h.Owner, Books: h.Books, Doors: h.Doors, Vault: h.Vault, Worklist: desk.Worklist(),
		Packs: h.Packs, Fetcher: h.Fetcher, Files: desk.Files(), Checkpoints: desk.Checkpoints(), Clock: h.options.Clock, Version: Version(),
	})
	return nil
}

// CheckpointKey returns the key that signs checkpoints of the journal.
func CheckpointKey(c *Config, o Options) (ed25519.PrivateKey, error) {
	o.EnsureDefaults()
	secret, err := c.OwnKey("checkpoint", c.Keys.Checkpoint, o.Env, o.Random)
	if err != nil {
		return nil, err
	}
	seed, err := base64.StdEncoding.DecodeString(string(secret.Reveal()))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fault.New(fault.BadConfig, "keys.checkpoint", "a checkpoint key is %d bytes in base64", ed25519.SeedSize)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// ConfigSource is the source of the reference data that a configuration proposes.
const ConfigSource = "config"

// propose appends the reference rows of the configuration that differ from the journal's.
func (h *House) propose(ctx context.Context) error {
	var subs []record.Submission
	for _, set := range h.config.Proposals(ConfigSource) {
		sub, differs, err := Proposal(ctx, h.Owner, set, h.options.Clock())
		if err != nil {
			return err
		}
		if differs {
			subs = append(subs, sub)
		}
	}
	answers, err := h.Doors.Submit(ctx, subs)
	if err != nil {
		return err
	}
	for i, a := range answers {
		if a.Status != record.Accepted && a.Status != record.Duplicate {
			return fault.New(a.Code, subs[i].Event.Key, "%s", a.Detail)
		}
	}
	return nil
}

// Proposal makes the event that sets a reference row, as the next version of what stands for
// that day; false where the row says so already.
func Proposal(ctx context.Context, o *flow.Owner, set *event.ReferenceSet, at time.Time) (record.Submission, bool, error) {
	history, err := o.Reference(ctx, event.Table(set.Table), set.RowKey)
	if err != nil {
		return record.Submission{}, false, err
	}
	e := reference.NewEvent(set, ConfigSource, at)
	for _, v := range history {
		if v.From != set.EffectiveFrom {
			continue
		}
		if maps.Equal(v.Row, set.Row) {
			return record.Submission{}, false, nil
		}
		e.SourceVersion = v.Version + 1
	}
	return record.Submission{Event: e, Receipt: record.Receipt{Principal: set.Author}}, true, nil
}

// follow books, collects files and asks sources in the background until the house closes.
func (h *House) follow(collector *collect.Collector) {
	ctx, cancel := context.WithCancel(context.Background())
	h.stop = cancel
	h.stopped.Go(func() {
		if err := h.Books.Follow(ctx, h.Owner.Appended().Raised); err != nil {
			h.options.Log.Error("booking stops; stock goes on", "fault", err)
			h.lost <- err
		}
	})
	if collector != nil {
		h.stopped.Go(func() { collector.Run(ctx) })
	}
	h.stopped.Go(func() {
		if err := h.Fetcher.Run(ctx); err != nil {
			h.options.Log.Error("asking sources stops", "fault", err)
			h.lost <- err
		}
	})
}

// lagMax is how far booking may be behind before the node says that it is not ready.
const lagMax = 1_000_000

func (h *House) ready(ctx context.Context) error {
	tail, err := h.Owner.Tail(ctx)
	if err != nil {
		return err
	}
	if lag := tail.Next - 1 - h.Books.Position(); lag > lagMax {
		return fault.New(fault.TooBusy, "booking", "it is %d events behind", lag)
	}
	return nil
}

// Listen opens the configured address and returns the one that is open.
func (h *House) Listen(ctx context.Context) (net.Addr, error) { return h.Gateway.Listen(ctx) }

// Serve answers until ctx ends, then drains; it returns early when the journal is lost to
// this process, because nothing that it says afterwards would be true.
func (h *House) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	served := make(chan error, 1)
	go func() { served <- h.Gateway.Serve(ctx) }()
	select {
	case err := <-served:
		return err
	case err := <-h.lost:
		cancel()
		return errors.Join(err, <-served)
	}
}

// Close stops booking and the owner, writes the projections and a signed checkpoint, and
// closes the database.
func (h *House) Close() error {
	ctx := context.Background()
	var errs []error
	if h.stop != nil {
		h.stop()
		h.stopped.Wait()
		errs = append(errs, h.Books.CatchUp(ctx), h.Books.Flush(ctx))
	}
	if h.Owner != nil {
		errs = append(errs, h.Owner.Close(ctx))
	}
	if h.signer != nil {
		errs = append(errs, h.Checkpoint(ctx))
	}
	if h.Store != nil {
		errs = append(errs, h.Store.Close())
	}
	return errors.Join(errs...)
}

// Checkpoint signs the journal's end and keeps the checkpoint on the desk.
func (h *House) Checkpoint(ctx context.Context) error {
	return SignCheckpoints(ctx, h.Store, h.signer)
}

// SignCheckpoints signs what the journal has grown by since the last checkpoint.
func SignCheckpoints(ctx context.Context, s store.Store, key ed25519.PrivateKey) error {
	last, ok, err := s.Desk().Checkpoints().Last(ctx)
	if err != nil {
		return err
	}
	from := journal.Genesis()
	if ok {
		from = last.Tail
	}
	for {
		next, grown, err := journal.Sign(ctx, s.Journal(), from, key)
		if err != nil || !grown {
			return err
		}
		if err := s.Desk().Checkpoints().Add(ctx, next); err != nil {
			return err
		}
		from = next.Tail
	}
}
