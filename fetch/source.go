package fetch

import (
	"net/netip"
	"net/url"
	"slices"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

// Source is an installation of an outside system that is asked.
type Source struct {
	Pack     *pack.Pack
	Instance retail.InstanceID
	// Options are what the installation chose of the pack's options.
	Options map[string]string
	// BaseURL is where the API is; nothing else is asked, save TokenURL for tokens.
	BaseURL  string
	TokenURL string
	// Credentials are the secrets that the pack's scheme needs, by name.
	Credentials map[string][]byte
	// Polls are those of the pack that are on.
	Polls []PollFrom
}

// PollFrom turns a poll on.
type PollFrom struct {
	Name string
	// Since is from when on changes are asked for, where the poll has never run.
	Since time.Time
}

// Name names the source.
func (s Source) Name() intake.SourceName {
	return intake.SourceName{Pack: s.Pack.Name, Instance: s.Instance}
}

func (s Source) subject() string { return s.Pack.Name + "/" + string(s.Instance) }

// Check reports what is wrong with a source (H-CONFIG).
func (s Source) Check() error {
	wrong := func(format string, args ...any) error {
		return fault.New(fault.BadConfig, s.subject(), format, args...)
	}
	if s.Pack.API == nil {
		return wrong("the pack does not say how the system is asked")
	}
	if _, err := address(s.BaseURL); err != nil {
		return wrong("base_url is an address such as https://api.example.com; http is for this machine only")
	}
	if _, err := address(s.TokenURL); s.Pack.API.Auth.Scheme.Tokens() != (s.TokenURL != "") || s.TokenURL != "" && err != nil {
		return wrong("token_url is an address such as https://auth.example.com/token, where the scheme %s needs one", s.Pack.API.Auth.Scheme)
	}
	needed := s.Pack.API.Auth.Scheme.Credentials()
	for _, name := range needed {
		if len(s.Credentials[name]) == 0 {
			return wrong("credentials: the scheme %s needs %s", s.Pack.API.Auth.Scheme, name)
		}
	}
	for name := range s.Credentials {
		if !slices.Contains(needed, name) {
			return wrong("credentials: the scheme %s has no %s", s.Pack.API.Auth.Scheme, name)
		}
	}
	seen := map[string]bool{}
	for _, p := range s.Polls {
		switch {
		case s.Pack.Poll(p.Name) == nil:
			return wrong("polls: the pack has no poll %s", p.Name)
		case seen[p.Name]:
			return wrong("polls: %s is there twice", p.Name)
		case p.Since.IsZero():
			return wrong("polls: %s needs since", p.Name)
		}
		seen[p.Name] = true
	}
	return nil
}

// address reads the address of an API. Only this machine is asked without TLS.
func address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	if u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, fault.New(fault.BadConfig, u.Host, "not an address that can be asked")
	}
	return u, nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
