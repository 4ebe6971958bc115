package pack

import (
	"net/textproto"
	"slices"
	"strings"
)

// askingText is the part of pack.yaml that says how the system is asked, for what it does not
// send: api, fetches and polls stand beside topics.
type askingText struct {
	API     *apiText    `yaml:"api"`
	Fetches []fetchText `yaml:"fetches"`
	Polls   []pollText  `yaml:"polls"`
}

// apiText is what holds for every request.
type apiText struct {
	Auth struct {
		Scheme AuthScheme `yaml:"scheme"`
		// Header carries the key or the token where it is not Authorization.
		Header string `yaml:"header"`
		Scope  string `yaml:"scope"`
	} `yaml:"auth"`
	Headers map[string]string `yaml:"headers"`
	Rate    *rateText         `yaml:"rate"`
	// Answers says what statuses mean where the system has a meaning of its own for them.
	Answers map[Answered][]int `yaml:"answers"`
}

// rateText is a token bucket: burst requests at once, and one more every so often.
type rateText struct {
	Every string `yaml:"every"`
	Burst int    `yaml:"burst"`
	// Header of an answer tells how the vendor's own bucket stands.
	Header string    `yaml:"header"`
	Tells  RateTells `yaml:"tells"`
}

// fetchText is one question that the system can be asked.
type fetchText struct {
	Name    string            `yaml:"name"`
	Method  string            `yaml:"method"`
	Path    string            `yaml:"path"`
	Query   map[string]string `yaml:"query"`
	Headers map[string]string `yaml:"headers"`
	// Body is an expression over the values; what it gives is sent as JSON.
	Body string `yaml:"body"`
	// Records is a path to the records of an answer; without one the answer is the record.
	Records string      `yaml:"records"`
	Topic   string      `yaml:"topic"`
	Paging  *pagingText `yaml:"paging"`
	// Beside names, by the member that takes their records, fetches that are asked with the same
	// values. What is mapped is {"record": …, MEMBER: […]} then.
	Beside map[string]string `yaml:"beside"`
	Rate   *rateText         `yaml:"rate"`
	// Limits replace BytesMax and PagesMax by lower ones.
	Limits struct {
		Bytes int64 `yaml:"bytes"`
		Pages int   `yaml:"pages"`
	} `yaml:"limits"`
}

// pagingText says how the next page is asked for.
type pagingText struct {
	// Cursor is a path to what the next request has to carry in Query or Body.
	Cursor string `yaml:"cursor"`
	// URL is a path to the address of the next page.
	URL string `yaml:"url"`
	// Link is the rel of the next page in the header Link.
	Link string `yaml:"link"`
	// Pages is the header that says how many pages there are; Query carries the number.
	Pages string `yaml:"pages"`
	Query string `yaml:"query"`
	Body  string `yaml:"body"`
}

// pollText is a question that is asked again and again.
type pollText struct {
	Name    string `yaml:"name"`
	Fetch   string `yaml:"fetch"`
	Every   string `yaml:"every"`
	Overlap string `yaml:"overlap"`
	// Changed is a path to the time of a record's last change.
	Changed string   `yaml:"changed"`
	Times   TimeForm `yaml:"times"`
}

// followText makes a topic thin: it tells what to ask for.
type followText struct {
	Fetch string            `yaml:"fetch"`
	With  map[string]string `yaml:"with"`
}

func (t *askingText) problem() string {
	if t.API == nil {
		if len(t.Fetches)+len(t.Polls) > 0 {
			return "fetches and polls need api, which says how the system is asked"
		}
		return ""
	}
	if problem := t.API.problem(); problem != "" {
		return problem
	}
	seen := map[string]bool{}
	for i := range t.Fetches {
		f := &t.Fetches[i]
		if f.Name == "" || seen[f.Name] || strings.ContainsAny(f.Name, " /=") {
			return "each fetch has a name of its own, without blanks and slashes"
		}
		seen[f.Name] = true
		if problem := f.problem(); problem != "" {
			return "fetch " + f.Name + ": " + problem
		}
	}
	if problem := t.besideProblem(); problem != "" {
		return problem
	}
	polled := map[string]bool{}
	for _, p := range t.Polls {
		switch {
		case p.Name == "" || polled[p.Name] || strings.ContainsAny(p.Name, " /="):
			return "each poll has a name of its own, without blanks and slashes"
		case !seen[p.Fetch]:
			return "poll " + p.Name + ": fetch names one of the fetches"
		case p.Changed == "":
			return "poll " + p.Name + ": changed is the path to the time of a record's last change"
		case !slices.Contains([]TimeForm{"", ZonedTimes, NaiveTimes, EpochTimes, DateTimes}, p.Times):
			return "poll " + p.Name + ": times is zoned, naive, epoch or date"
		}
		polled[p.Name] = true
	}
	return ""
}

// besideProblem says what is wrong with fetches that are asked beside others.
func (t *askingText) besideProblem() string {
	beside := func(name string) (known, plain bool) {
		i := slices.IndexFunc(t.Fetches, func(f fetchText) bool { return f.Name == name })
		return i >= 0, i >= 0 && len(t.Fetches[i].Beside) == 0
	}
	for _, f := range t.Fetches {
		for member, name := range f.Beside {
			if _, plain := beside(name); !plain || member == recordMember || !placeName(member) {
				return "fetch " + f.Name + ": beside names, by a member other than record, fetches with nothing beside them"
			}
		}
	}
	for _, p := range t.Polls {
		if known, plain := beside(p.Fetch); known && !plain {
			return "poll " + p.Name + ": a fetch with others beside it is for follow-ups; have the poll's topic follow"
		}
	}
	return ""
}

func (t *apiText) problem() string {
	header := t.Auth.Header != ""
	switch t.Auth.Scheme {
	case Bearer, Basic:
		if header {
			return "api: auth: a header belongs to the schemes header, client_credentials and refresh_token"
		}
	case APIKey:
		if !header {
			return "api: auth: header names the one that carries the key"
		}
	case ClientCredentials, RefreshToken:
	default:
		return "api: auth: scheme is bearer, basic, header, client_credentials or refresh_token"
	}
	for answered, statuses := range t.Answers {
		if !slices.Contains([]Answered{Throttled, Failing, Unauthorised, Gone, Denied}, answered) {
			return "api: answers: there are throttled, failing, unauthorised, gone and denied"
		}
		for _, status := range statuses {
			if status < 300 || status > 599 {
				return "api: answers: a status lies between 300 and 599"
			}
		}
	}
	if problem := headersProblem(t.Headers); problem != "" {
		return "api: " + problem
	}
	if t.Rate != nil && t.Rate.problem() != "" {
		return "api: " + t.Rate.problem()
	}
	return ""
}

func (t *rateText) problem() string {
	every, err := duration(t.Every)
	switch {
	case err != nil || every <= 0 || t.Burst < 1:
		return "rate: every is a duration like 500ms, and burst at least 1"
	case (t.Header != "") != (t.Tells != ""):
		return "rate: header and tells come together"
	case t.Tells != "" && t.Tells != TellsUsed && t.Tells != TellsRate:
		return "rate: tells is used or rate"
	}
	return ""
}

func (t *fetchText) problem() string {
	switch {
	case t.Method != "GET" && t.Method != "POST":
		return "method is GET or POST"
	case !strings.HasPrefix(t.Path, "/") || strings.ContainsAny(t.Path, "?# "):
		return "path begins with a slash and has no query"
	case t.Body != "" && t.Method != "POST":
		return "a body belongs to POST"
	case t.Topic == "":
		return "topic says what a record is"
	case t.Limits.Bytes < 0 || t.Limits.Bytes > BytesMax || t.Limits.Pages < 0 || t.Limits.Pages > PagesMax:
		return "limits are at most the defaults"
	}
	if t.Paging != nil && t.Paging.problem() != "" {
		return t.Paging.problem()
	}
	if t.Rate != nil && t.Rate.problem() != "" {
		return t.Rate.problem()
	}
	return headersProblem(t.Headers)
}

func (t *pagingText) problem() string {
	switch {
	case count(t.Cursor != "", t.URL != "", t.Link != "", t.Pages != "") != 1:
		return "paging is one of cursor, url, link and pages"
	case t.Cursor != "" && count(t.Query != "", t.Body != "") != 1:
		return "paging: a cursor is carried by query or by body"
	case t.Pages != "" && (t.Query == "" || t.Body != ""):
		return "paging: the number of a page is carried by query"
	case (t.URL != "" || t.Link != "") && t.Query+t.Body != "":
		return "paging: an address is asked for as it is, without query and body"
	}
	return ""
}

// headersProblem keeps credentials and what the client itself writes out of a pack.
func headersProblem(headers map[string]string) string {
	for name := range headers {
		switch textproto.CanonicalMIMEHeaderKey(name) {
		case "Authorization", "Cookie", "Host", "Content-Length", "Connection", "Transfer-Encoding":
			return "headers: " + name + " is not for a pack to set"
		}
	}
	return ""
}

func (t *followText) problem(fetches []fetchText) string {
	if t == nil {
		return ""
	}
	if !slices.ContainsFunc(fetches, func(f fetchText) bool { return f.Name == t.Fetch }) {
		return "follow: fetch names one of the fetches"
	}
	for name := range t.With {
		if !placeName(name) {
			return "follow: the names under with are words of lower-case letters, digits and _"
		}
	}
	return ""
}

// placeName reports whether a text can name a value: lower-case letters, digits and _.
func placeName(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}
