package app

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/fetch"
	"github.com/heddlehq/heddle/pack"
)

// APIConfig says how a source is asked for what it does not send.
type APIConfig struct {
	BaseURL     string                `yaml:"base_url"`
	TokenURL    string                `yaml:"token_url"`   // of schemes that get tokens
	Credentials map[string]*SecretRef `yaml:"credentials"` // by the names of the pack's scheme
	Polls       []PollConfig          `yaml:"polls"`       // those of the pack that are on
}

// PollConfig turns a poll on.
type PollConfig struct {
	Name string `yaml:"name"`
	// Since is a time or a day in UTC, from when on is asked where the poll has never run.
	Since string `yaml:"since"`
}

// since reads from when on a poll asks.
func (p PollConfig) since() (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, p.Since); err == nil {
		return day, nil
	}
	return time.Parse(time.RFC3339, p.Since)
}

// eachCredential calls do with every credential that is named, and the path of its field.
func (c *Config) eachCredential(do func(path string, ref *SecretRef)) {
	for i, s := range c.Sources {
		if s.API == nil {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(s.API.Credentials)) {
			if ref := s.API.Credentials[name]; ref != nil {
				do(fmt.Sprintf("sources[%d].api.credentials.%s", i, name), ref)
			}
		}
	}
}

// validateAPIs returns what is wrong with how sources are asked, beyond the form of the file.
func (c *Config) validateAPIs() []Problem {
	var problems []Problem
	for i, s := range c.Sources {
		if s.API == nil {
			continue
		}
		for j, p := range s.API.Polls {
			if _, err := p.since(); err != nil {
				problems = append(problems, c.Problem(fmt.Sprintf("sources[%d].api.polls[%d].since", i, j), "is not a time such as 2026-01-31T00:00:00Z, or a day"))
			}
		}
	}
	return problems
}

// CheckAPIs returns what is wrong with how sources are asked, by their packs.
func (c *Config) CheckAPIs(packs *pack.Set) []Problem {
	var problems []Problem
	for i, s := range c.Sources {
		if s.API == nil {
			continue
		}
		source, err := s.asked(packs, func(SecretRef) ([]byte, error) { return []byte(hiddenSecret), nil })
		if err == nil {
			err = source.Check()
		}
		if err != nil && !fault.HasCode(err, fault.UnknownPack) { // which is a problem of the source
			problems = append(problems, c.Problem(fmt.Sprintf("sources[%d].api", i), "%s", fault.As(err).Detail))
		}
	}
	return problems
}

// asked returns how a source with an API is asked.
func (s *SourceConfig) asked(packs *pack.Set, read func(SecretRef) ([]byte, error)) (fetch.Source, error) {
	p, err := packs.Get(string(s.Pack))
	if err != nil {
		return fetch.Source{}, err
	}
	source := fetch.Source{
		Pack: p, Instance: s.Instance, Options: s.Options, BaseURL: s.API.BaseURL, TokenURL: s.API.TokenURL, Credentials: map[string][]byte{},
	}
	for name, ref := range s.API.Credentials {
		if ref == nil {
			continue // the check of the source says that it is missing
		}
		if source.Credentials[name], err = read(*ref); err != nil {
			return fetch.Source{}, err
		}
	}
	for _, poll := range s.API.Polls {
		since, err := poll.since()
		if err != nil {
			return fetch.Source{}, fault.New(fault.BadConfig, string(s.Instance), "the poll %s has no time to begin from", poll.Name)
		}
		source.Polls = append(source.Polls, fetch.PollFrom{Name: poll.Name, Since: since})
	}
	return source, nil
}
