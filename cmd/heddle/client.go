package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/heddlehq/heddle/fault"
)

// client talks to a server.
type client struct {
	base     string
	token    string
	position int64 // which answers have to cover
	reached  int64 // the highest position that an answer named
	http     *http.Client
}

// positionHeader asks a server to answer when its projections have come so far, and says in
// its answers how far they have.
const positionHeader = "X-Heddle-Position"

// answerMax bounds an answer of a server.
const answerMax = 256 << 20

// client returns a client for the server that the flags or the environment name.
func (h *heddle) client() (*client, error) {
	c := &client{base: h.url, token: h.token, position: h.position, http: &http.Client{Timeout: 2 * time.Minute}}
	if c.base == "" {
		c.base = os.Getenv("HEDDLE_URL")
	}
	if c.base == "" {
		c.base = "http://127.0.0.1:7433"
	}
	if c.token == "" {
		c.token = os.Getenv("HEDDLE_TOKEN")
	}
	u, err := url.Parse(c.base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fault.New(fault.BadRequest, "--url", "it is not an address such as http://127.0.0.1:7433")
	}
	c.base = strings.TrimRight(c.base, "/")
	if c.token == "" {
		return nil, fault.New(fault.BadToken, c.base, "no token").WithHint("Set HEDDLE_TOKEN to a token that heddle keys create has printed.")
	}
	return c, nil
}

// get asks for a path and decodes the answer into a value, or leaves its text in a
// *json.RawMessage.
func (c *client) get(ctx context.Context, path string, query url.Values, into any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return c.do(ctx, http.MethodGet, path, "", nil, into)
}

// do sends a request. A problem that the server answers comes back as the fault that it is.
func (c *client) do(ctx context.Context, method, path, contentType string, body []byte, into any) error {
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return fault.Wrap(err, fault.BadRequest, "cli.request", path)
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if c.position > 0 {
		request.Header.Set(positionHeader, strconv.FormatInt(c.position, 10))
	}
	response, err := c.http.Do(request)
	if err != nil {
		return c.unanswered(err)
	}
	defer response.Body.Close() //nolint:errcheck // the body was read, or is given up
	text, err := io.ReadAll(io.LimitReader(response.Body, answerMax))
	if err != nil {
		return c.unanswered(err)
	}
	if response.StatusCode >= 300 {
		return problem(response, text)
	}
	if n, err := strconv.ParseInt(response.Header.Get(positionHeader), 10, 64); err == nil {
		c.reached = max(c.reached, n)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fault.New(fault.BadRequest, c.base+path, "the answer is not Heddle's").WithHint("Is %s the address of a Heddle server?", c.base)
	}
	return nil
}

// unanswered is the fault of a request without an answer. Only where no connection came
// about is it sure that nothing was done.
func (c *client) unanswered(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return fault.New(fault.TooBusy, c.base, "nobody answers there").WithHint("Start it with heddle serve, or name another one by --url or HEDDLE_URL.")
	}
	return fault.Wrap(err, fault.OutcomeUnknown, "cli.request", c.base)
}

// problem reads a problem+json answer.
func problem(response *http.Response, text []byte) error {
	var p struct {
		Code    fault.Code `json:"code"`
		Title   string     `json:"title"`
		Subject string     `json:"subject"`
		Detail  string     `json:"detail"`
		Next    string     `json:"next"`
		Errors  []struct {
			Location string `json:"location"`
			Message  string `json:"message"`
		} `json:"errors"`
	}
	if json.Unmarshal(text, &p) != nil || p.Code == "" {
		return fault.New(fault.BadRequest, response.Request.URL.Path, "the server answered %s", response.Status)
	}
	detail := p.Detail
	if detail == "" {
		detail = p.Title
	}
	for _, e := range p.Errors {
		detail += "\n" + e.Location + ": " + e.Message
	}
	return fault.New(p.Code, p.Subject, "%s", detail).WithHint("%s", p.Next)
}

// printJSON prints a server's JSON answer, indented.
func printJSON(w io.Writer, text json.RawMessage) error {
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return fault.Wrap(err, fault.InternalError, "cli.print", "JSON")
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}
