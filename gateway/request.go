package gateway

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"

	"github.com/google/uuid"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/fault"
)

// record is what the log line of one request says. The request's goroutine fills it.
type record struct {
	id     uuid.UUID
	key    access.KeyID
	fault  *fault.Error
	health bool // a health route: logged at debug level
}

type recordKey struct{}

// recordOf returns the request's record; a request that did not come through Handler,
// as in a handler's own test, has one that nobody reads.
func recordOf(ctx context.Context) *record {
	if rec, ok := ctx.Value(recordKey{}).(*record); ok {
		return rec
	}
	return &record{}
}

func (rec *record) instance() string {
	if rec.id == uuid.Nil {
		return ""
	}
	return rec.id.URN()
}

// RequestID returns the id of the request that ctx belongs to, as it stands in the log
// and in X-Request-Id, or "".
func RequestID(ctx context.Context) string {
	if rec := recordOf(ctx); rec.id != uuid.Nil {
		return rec.id.String()
	}
	return ""
}

// observe gives each request an id, turns a panic into an internal fault, and writes one
// log line. An id that the caller sends is not taken over: it could say anything.
func (g *Gateway) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := g.options.Clock()
		id, err := uuid.NewRandomFromReader(g.options.Random)
		rec := &record{id: id}
		r = r.WithContext(context.WithValue(r.Context(), recordKey{}, rec))
		out := &observedWriter{ResponseWriter: w}
		defer func() {
			g.logRequest(r, rec, out, g.options.Clock().Sub(started).Microseconds())
		}()
		if err != nil {
			WriteProblem(out, r, fault.Wrap(err, fault.InternalError, "gateway.request_id", "randomness"))
			return
		}
		out.Header().Set("X-Request-Id", id.String())
		out.Header().Set("X-Content-Type-Options", "nosniff")
		g.callSafely(out, r, next)
	})
}

// callSafely runs the handler. A panic is a bug of ours: the caller hears H-INTERNAL if
// nothing was answered yet, else the connection is cut, so that half an answer is never
// taken for a whole one.
func (g *Gateway) callSafely(w *observedWriter, r *http.Request, next http.Handler) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if p == http.ErrAbortHandler { //nolint:errorlint // the value that the server compares with
			panic(p)
		}
		err := fault.Wrap(fmt.Errorf("panic: %s\n%s", describePanic(p), debug.Stack()), fault.InternalError, "gateway.handle", r.Pattern)
		if w.status != 0 {
			recordOf(r.Context()).fault = err
			panic(http.ErrAbortHandler)
		}
		WriteProblem(w, r, err)
	}()
	next.ServeHTTP(w, r)
	if w.status == 0 {
		w.status = http.StatusOK // what net/http sends for a handler that wrote nothing
	}
}

// describePanic says what a panic was. A value that is neither a runtime error nor a
// fault is shown by its type only, because it may hold data.
func describePanic(p any) string {
	switch p := p.(type) {
	case runtime.Error:
		return p.Error()
	case *fault.Error:
		return p.Error()
	}
	return fmt.Sprintf("%T", p)
}

// logRequest writes the request's line. It names the route and never the path or query,
// the key and never the token, and no address: those may say who a person is. Our own
// failures are errors with their cause; a caller's mistakes are not.
func (g *Gateway) logRequest(r *http.Request, rec *record, out *observedWriter, microseconds int64) {
	level := slog.LevelInfo
	if rec.health {
		level = slog.LevelDebug
	}
	attrs := []slog.Attr{
		slog.String("request_id", rec.id.String()), slog.String("method", methodName(r.Method)), slog.String("route", r.Pattern),
		slog.Int("status", out.status), slog.Int64("bytes", out.bytes), slog.Int64("microseconds", microseconds),
	}
	if rec.key != "" {
		attrs = append(attrs, slog.String("key", string(rec.key)))
	}
	if f := rec.fault; f != nil {
		attrs = append(attrs, slog.String("code", string(f.Code)))
		if f.Kind == fault.Internal || f.Kind == fault.Corrupt || f.Kind == fault.Unavailable {
			level = slog.LevelError
			attrs = append(attrs, slog.String("cause", f.Error()))
		}
	}
	g.log.LogAttrs(r.Context(), level, "request", attrs...)
}

// methodName returns the method if it is one that HTTP knows: a method is free text.
func methodName(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "OTHER"
}

// limit bounds the body of each request and how many are answered at a time.
func (g *Gateway) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case g.slots <- struct{}{}:
			defer func() { <-g.slots }()
		default:
			WriteProblem(w, r, fault.New(fault.TooBusy, "", "%d requests are being answered, which is the limit", cap(g.slots)))
			return
		}
		if r.ContentLength > g.options.Limits.BodyBytes {
			WriteProblem(w, r, &http.MaxBytesError{Limit: g.options.Limits.BodyBytes})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, g.options.Limits.BodyBytes)
		next.ServeHTTP(w, r)
	})
}

// ReadBody reads the whole body of a request, at most max bytes. A larger one is
// H-TOO-LARGE, one that breaks off is H-REQUEST.
func ReadBody(w http.ResponseWriter, r *http.Request, max int64) ([]byte, error) {
	if r.ContentLength > max {
		return nil, faultOf(&http.MaxBytesError{Limit: max})
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, max))
	if err == nil {
		return body, nil
	}
	if f := faultOf(err); f.Code == fault.TooLarge {
		return nil, f
	}
	return nil, fault.Wrap(err, fault.BadRequest, "gateway.read_body", "body")
}

// observedWriter remembers what was answered.
type observedWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader passes the status on and keeps the final one.
func (w *observedWriter) WriteHeader(status int) {
	if status >= http.StatusOK && w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write passes the bytes on and counts them.
func (w *observedWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach flushing and deadlines.
func (w *observedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
