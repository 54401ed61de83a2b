package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// heard is one delivery as it was stored.
type heard struct{ source, id, name, body string }

// inbox remembers deliveries by id, as the store does.
type inbox struct {
	mu   sync.Mutex
	list []heard
	err  error
}

func (b *inbox) hear(_ context.Context, source, id, name string, body []byte) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return false, b.err
	}
	for _, h := range b.list {
		if h.id == id {
			return false, nil
		}
	}
	b.list = append(b.list, heard{source, id, name, string(body)})
	return true, nil
}

func (b *inbox) all() []heard {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]heard(nil), b.list...)
}

// signed lets a body pass whose header says "good", up to 1000 bytes.
func signed(header string) Verifier {
	return func(h http.Header, r io.Reader) ([]byte, error) {
		body, err := io.ReadAll(r)
		switch {
		case err != nil:
			return nil, err
		case len(body) > 1000:
			return nil, bot.ErrTooLarge
		case h.Get(header) != "good":
			return nil, bot.ErrSignature
		}
		return body, nil
	}
}

func options(b *inbox) Options {
	id := func(prefix string) func([]byte) string {
		return func(body []byte) string {
			rest, ok := strings.CutPrefix(string(body), prefix)
			if !ok {
				return ""
			}
			return "slack/" + rest
		}
	}
	return Options{
		Hear: b.hear, GitHub: signed("X-Hub-Signature-256"), Slack: signed("X-Slack-Signature"),
		CommandID: id("command="), PressID: id("press="), Ready: func(context.Context) error { return nil },
	}
}

type call struct {
	method, path, body string
	header             map[string]string
}

func ask(t *testing.T, h http.Handler, c call) *httptest.ResponseRecorder {
	t.Helper()
	if c.method == "" {
		c.method = http.MethodPost
	}
	r := httptest.NewRequestWithContext(t.Context(), c.method, c.path, strings.NewReader(c.body))
	for k, v := range c.header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%s %s: headers %v", c.method, c.path, w.Header())
	}
	return w
}

func event(change func(map[string]string)) map[string]string {
	h := map[string]string{"X-Hub-Signature-256": "good", "X-GitHub-Event": "push", "X-GitHub-Delivery": "d1"}
	if change != nil {
		change(h)
	}
	return h
}

const (
	github   = "/hooks/github"
	commands = "/hooks/slack/commands"
	presses  = "/hooks/slack/interactions"
)

func TestDeliveryIsStoredThenAccepted(t *testing.T) {
	b := &inbox{}
	s := httptest.NewServer(New(options(b)))
	defer s.Close()
	for range 2 { // a repeat is no mistake of GitHub's
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+github, strings.NewReader(`{"zen":1}`))
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range event(nil) {
			r.Header.Set(k, v)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusAccepted {
			t.Errorf("status %d", resp.StatusCode)
		}
	}
	if got := b.all(); len(got) != 1 || got[0] != (heard{"github", "github/d1", "push", `{"zen":1}`}) {
		t.Errorf("heard %+v", got)
	}
}

func TestWhatIsRefusedIsNotHeard(t *testing.T) {
	good := map[string]string{"X-Slack-Signature": "good"}
	for name, c := range map[string]struct {
		call
		want int
	}{
		"a bad signature":     {call{path: github, header: event(func(h map[string]string) { h["X-Hub-Signature-256"] = "bad" })}, 401},
		"no signature":        {call{path: github, header: event(func(h map[string]string) { delete(h, "X-Hub-Signature-256") })}, 401},
		"the old signature":   {call{path: github, header: event(func(h map[string]string) { delete(h, "X-Hub-Signature-256"); h["X-Hub-Signature"] = "good" })}, 401},
		"too large":           {call{path: github, body: strings.Repeat("x", 1001), header: event(nil)}, 413},
		"far too large":       {call{path: github, body: strings.Repeat("x", 27<<20), header: event(nil)}, 413},
		"no event":            {call{path: github, header: event(func(h map[string]string) { delete(h, "X-GitHub-Event") })}, 400},
		"no delivery":         {call{path: github, header: event(func(h map[string]string) { delete(h, "X-GitHub-Delivery") })}, 400},
		"a long delivery":     {call{path: github, header: event(func(h map[string]string) { h["X-GitHub-Delivery"] = strings.Repeat("x", 101) })}, 400},
		"a look at the hook":  {call{method: http.MethodGet, path: github, header: event(nil)}, 405},
		"unsigned command":    {call{path: commands, body: "command=1"}, 401},
		"no command":          {call{path: commands, body: "x", header: good}, 400},
		"a look at commands":  {call{method: http.MethodGet, path: commands, header: good}, 405},
		"unsigned press":      {call{path: presses, body: "press=1"}, 401},
		"no press":            {call{path: presses, body: "command=1", header: good}, 400},
		"a look at presses":   {call{method: http.MethodGet, path: presses, header: good}, 405},
		"somewhere else":      {call{path: "/hooks/gitlab", header: event(nil)}, 404},
		"a write to health":   {call{path: "/healthz"}, 405},
		"a path with nothing": {call{method: http.MethodGet, path: "/"}, 404},
	} {
		t.Run(name, func(t *testing.T) {
			b := &inbox{}
			if got := ask(t, New(options(b)), c.call).Code; got != c.want {
				t.Errorf("status %d, want %d", got, c.want)
			}
			if len(b.all()) != 0 {
				t.Errorf("heard %+v", b.all())
			}
		})
	}
}

func TestWhatCouldNotBeStoredIsNotAcknowledged(t *testing.T) {
	b := &inbox{err: errors.New("postgres://secret@db is down")}
	for path, header := range map[string]map[string]string{github: event(nil), commands: {"X-Slack-Signature": "good"}} {
		w := ask(t, New(options(b)), call{path: path, body: "command=1", header: header})
		if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "postgres") {
			t.Errorf("%s: status %d: %s", path, w.Code, w.Body)
		}
	}
}

// What finds no room in the store is told to come again, as what finds none in memory.
func TestABusyStoreTurnsAway(t *testing.T) {
	o, away := options(&inbox{err: fmt.Errorf("store delivery: %w", bot.ErrBusy)}), 0
	o.TurnedAway = func() { away++ }
	for path, header := range map[string]map[string]string{github: event(nil), commands: {"X-Slack-Signature": "good"}} {
		w := ask(t, New(o), call{path: path, body: "command=1", header: header})
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: status %d, again after %q", path, w.Code, w.Header().Get("Retry-After"))
		}
	}
	if away != 2 {
		t.Errorf("%d were counted", away)
	}
}

// A slow store is given up before the sender gives us up; a sender who hangs
// up meanwhile does not take the delivery with it.
func TestSlowStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options(&inbox{})
		o.Hear = func(ctx context.Context, _, _, _ string, _ []byte) (bool, error) {
			<-ctx.Done()
			return false, ctx.Err()
		}
		o.Ready = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		for within, c := range map[time.Duration]call{
			8 * time.Second:         {path: github, header: event(nil)},                                                          // of GitHub's ten
			2500 * time.Millisecond: {path: commands, body: "command=1", header: map[string]string{"X-Slack-Signature": "good"}}, // of Slack's three
		} {
			began := time.Now()
			if w := ask(t, New(o), c); w.Code != http.StatusInternalServerError {
				t.Errorf("status %d", w.Code)
			}
			if took := time.Since(began); took != within {
				t.Errorf("%s: gave up after %v", c.path, took)
			}
		}
		if w := ask(t, New(o), call{method: http.MethodGet, path: "/readyz"}); w.Code != http.StatusServiceUnavailable {
			t.Errorf("readyz: status %d", w.Code)
		}
	})
}

func TestSenderWhoHangsUp(t *testing.T) {
	o := options(&inbox{})
	ctx, cancel := context.WithCancel(t.Context())
	o.Hear = func(inner context.Context, _, _, _ string, _ []byte) (bool, error) {
		cancel()
		return true, inner.Err()
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, github, strings.NewReader("{}"))
	for k, v := range event(nil) {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	New(o).ServeHTTP(w, r)
	if w.Code != http.StatusAccepted {
		t.Errorf("status %d", w.Code)
	}
}

// A body that comes in pieces is heard when it is whole, and only then.
func TestSlowBody(t *testing.T) {
	b := &inbox{}
	s := httptest.NewServer(New(options(b)))
	defer s.Close()
	dial := func() net.Conn {
		c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.WriteString(c, "POST "+github+" HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nConnection: close\r\n"+
			"X-Hub-Signature-256: good\r\nX-GitHub-Event: push\r\nX-GitHub-Delivery: slow\r\n\r\n{\"a")
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	half := dial()
	if err := half.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(half)
	if !strings.HasPrefix(string(answer), "HTTP/1.1 400") || len(b.all()) != 0 {
		t.Errorf("half a body: %q, heard %+v", answer, b.all())
	}
	whole := dial()
	if len(b.all()) != 0 {
		t.Error("heard before it was whole")
	}
	if _, err := io.WriteString(whole, `":`+"}"); err != nil {
		t.Fatal(err)
	}
	answer, _ = io.ReadAll(whole)
	if got := b.all(); !strings.HasPrefix(string(answer), "HTTP/1.1 202") || len(got) != 1 || got[0].body != `{"a":}` {
		t.Errorf("the whole body: %q, heard %+v", answer, got)
	}
}

func TestCommandIsAnsweredAtOnce(t *testing.T) {
	b := &inbox{}
	h := New(options(b))
	for range 2 {
		w := ask(t, h, call{path: commands, body: "command=7", header: map[string]string{"X-Slack-Signature": "good"}})
		var said struct {
			Type string `json:"response_type"`
			Text string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || said.Type != "ephemeral" || said.Text == "" {
			t.Errorf("said %s (%v)", w.Body, err)
		}
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
			t.Errorf("status %d, %v", w.Code, w.Header())
		}
	}
	if got := b.all(); len(got) != 1 || got[0] != (heard{"slack", "slack/7", "command", "command=7"}) {
		t.Errorf("heard %+v", got)
	}
}

func TestPressIsAnsweredWithNothing(t *testing.T) {
	b := &inbox{}
	w := ask(t, New(options(b)), call{path: presses, body: "press=8", header: map[string]string{"X-Slack-Signature": "good"}})
	if got := b.all(); w.Code != http.StatusOK || w.Body.Len() != 0 || len(got) != 1 || got[0] != (heard{"slack", "slack/8", "interaction", "press=8"}) {
		t.Errorf("status %d %q, heard %+v", w.Code, w.Body, got)
	}
}

func TestHookWithoutAVerifierIsNotServed(t *testing.T) {
	b := &inbox{}
	o := options(b)
	o.GitHub, o.Slack = nil, nil
	for _, path := range []string{github, commands, presses} {
		if w := ask(t, New(o), call{path: path, body: "command=1", header: event(nil)}); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
	if len(b.all()) != 0 {
		t.Errorf("heard %+v", b.all())
	}
}

func TestHealth(t *testing.T) {
	o := options(&inbox{})
	get := func(path string) *httptest.ResponseRecorder {
		return ask(t, New(o), call{method: http.MethodGet, path: path})
	}
	if h, r := get("/healthz").Code, get("/readyz").Code; h != http.StatusOK || r != http.StatusOK {
		t.Errorf("healthz %d, readyz %d", h, r)
	}
	o.Ready = func(context.Context) error { return errors.New("postgres://secret@db is down") }
	if h, r := get("/healthz"), get("/readyz"); h.Code != http.StatusOK || r.Code != http.StatusServiceUnavailable || strings.Contains(r.Body.String(), "secret") {
		t.Errorf("healthz %d, readyz %d: %s", h.Code, r.Code, r.Body)
	}
}
