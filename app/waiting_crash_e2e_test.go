//go:build e2e || soak

package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/estate"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// TestE2EKilledWhileReleasing has facts wait for a place, and kills the server with SIGKILL as soon
// as the place is in the journal: the next server takes in all that waits, and closes the item.
func TestE2EKilledWhileReleasing(t *testing.T) {
	const waiting = 3000
	v, _, tokens := newVictim(t)
	l := newLoad(t, v, tokens)
	for from := 0; from < waiting; from += 1000 {
		var body bytes.Buffer
		for i := from; i < from+1000; i++ {
			fmt.Fprintf(&body, `{"specversion":"1.0","id":"Y%d","source":"oms/main","type":"retail.stock_adjusted.v1","subject":"Y%d·1","time":"%sT08:00:00Z","tz":"UTC",`+
				`"data":{"adjustment":"Y%d","line":"1","item":"K0","location":"YY1","bucket":"SELLABLE","quantity":"1","reason":"OTHER"}}`+"\n", i, i, l.day, i)
		}
		if got := l.sendLines(t, body.Bytes()); got.Waiting != 1000 {
			t.Fatalf("got %+v, want a thousand that wait", got)
		}
	}
	row, err := json.Marshal(map[string]any{"rows": []estate.Row{{Table: event.TableLocations, Key: "YY1", Row: event.Row{"entity": string(estate.Entity), "zone": "UTC"}}}})
	if err != nil {
		t.Fatal(err)
	}
	released := make(chan error, 1)
	go func() {
		_, _, err := l.post(t.Context(), "/v1/reference", tokens[estate.Loader], row)
		released <- err
	}()
	for l.read(t, tokens[estate.Loader], "/v1/reference/locations/YY1", nil) != http.StatusOK {
		if t.Failed() {
			return
		}
	}
	v.kill()
	if err := <-released; err == nil {
		t.Fatal("the server was killed too late: all had been released")
	}
	var positions api.Positions
	if status := l.read(t, tokens[estate.Auditor], "/v1/positions?item=K0&location=YY1", &positions); status != http.StatusOK || len(positions.Positions) != 1 || positions.Positions[0].Quantity != waiting*retail.One {
		t.Errorf("%d: got %+v, want %d", status, positions, waiting)
	}
	var work api.Exceptions
	if status := l.read(t, tokens[estate.Auditor], "/v1/exceptions?status=OPEN", &work); status != http.StatusOK {
		t.Errorf("exceptions: %d", status)
	}
	for _, item := range work.Exceptions {
		if item.Code == fault.LocationUnknown && item.Status == exception.Open {
			t.Errorf("got %+v, want it closed", item)
		}
	}
	v.end()
}

// sendLines sends canonical events as lines.
func (l *load) sendLines(t *testing.T, body []byte) (answer api.EventResults) {
	t.Helper()
	l.call(t, http.MethodPost, "/v1/events", l.token, body, &answer)
	return answer
}

// read reads a path into a value, unless that is nil, and returns the status.
func (l *load) read(t *testing.T, token, path string, into any) int {
	t.Helper()
	return l.call(t, http.MethodGet, path, token, nil, into)
}

func (l *load) call(t *testing.T, method, path, token string, body []byte, into any) int {
	t.Helper()
	request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, l.base+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/x-ndjson")
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // it is read to its end
	if into != nil {
		if err := json.NewDecoder(response.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	return response.StatusCode
}
