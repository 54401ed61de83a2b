package dial_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/dial"
)

// peer is a host that answers as it is told to, and a client to which it is
// one; each request comes a second after the one before.
type peer struct {
	*testing.T
	url    string
	answer func(http.ResponseWriter)
	asked  atomic.Int64
	now    time.Time
	client *http.Client
}

func newPeer(t *testing.T, asks bool) *peer {
	t.Helper()
	p := &peer{T: t, now: time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { p.asked.Add(1); p.answer(w) }))
	t.Cleanup(s.Close)
	p.url = s.URL
	p.client = dial.New(dial.Options{Operator: true, Timeout: 300 * time.Millisecond, Watch: func(next http.RoundTripper) http.RoundTripper {
		return dial.NewRest(next, func() time.Time { return p.now }, asks)
	}})
	t.Cleanup(p.client.CloseIdleConnections)
	return p
}

func (p *peer) ask(ctx context.Context, method string) error {
	p.Helper()
	p.now = p.now.Add(time.Second)
	r, err := http.NewRequestWithContext(ctx, method, p.url, strings.NewReader(""))
	if err != nil {
		p.Fatal(err)
	}
	resp, err := dial.Do(p.client, r)
	if err != nil {
		return err
	}
	_, err = dial.Read(resp, 1000)
	return err
}

func status(code int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { w.WriteHeader(code) }
}

// What counts as no answer, and what as one.
func TestWhoIsLeftAlone(t *testing.T) {
	hang := func(w http.ResponseWriter) {
		_ = http.NewResponseController(w).Flush()
		time.Sleep(600 * time.Millisecond)
	}
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter)
		asked  int64 // of seven times
	}{
		"bad gateway":        {status(502), 5},
		"unavailable":        {status(503), 5},
		"one request's own":  {status(500), 7},
		"wants fewer":        {status(429), 7},
		"never answers":      {func(http.ResponseWriter) { time.Sleep(600 * time.Millisecond) }, 5},
		"begins, never ends": {hang, 5},
		"resets in the middle": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "99")
			_, _ = io.WriteString(w, "half")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, 5},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPeer(t, false)
			p.answer = c.answer
			var err error
			for range 7 {
				err = p.ask(t.Context(), http.MethodGet)
			}
			var rests dial.Resting
			if p.asked.Load() != c.asked || errors.As(err, &rests) != (c.asked == 5) {
				t.Errorf("asked %d times: %v", p.asked.Load(), err)
			}
			if c.asked == 5 && !strings.HasSuffix(err.Error(), "did not answer 5 times in a row; asked again at 12:00:10 UTC") {
				t.Errorf("it says %v", err)
			}
		})
	}
}

// An answer in between counts anew, and the one trial that is answered ends
// the rest.
func TestAnAnswerEndsIt(t *testing.T) {
	p := newPeer(t, false)
	for range 3 {
		p.answer = status(502)
		for range 4 {
			_ = p.ask(t.Context(), http.MethodGet)
		}
		p.answer = status(200)
		if err := p.ask(t.Context(), http.MethodGet); err != nil {
			t.Fatal(err)
		}
	}
	p.answer = status(502)
	for range 9 {
		_ = p.ask(t.Context(), http.MethodGet)
	}
	p.answer, p.now = status(200), p.now.Add(time.Minute)
	for range 2 {
		if err := p.ask(t.Context(), http.MethodGet); err != nil {
			t.Error(err)
		}
	}
}

// Who may not wait is not kept waiting.
func TestGoingBackIsAlwaysSent(t *testing.T) {
	urgent := bot.WithPriority(t.Context(), bot.Urgent)
	for _, asks := range []bool{false, true} {
		p := newPeer(t, asks)
		p.answer = status(503)
		for range 8 {
			_ = p.ask(t.Context(), http.MethodGet)
		}
		p.answer = status(200)
		if err := p.ask(urgent, http.MethodPost); (err == nil) == asks {
			t.Errorf("of a client that only asks (%v): %v", asks, err)
		}
	}
}

// That we gave up says nothing of them.
func TestOurOwnEndIsNoFailure(t *testing.T) {
	p := newPeer(t, false)
	p.answer = status(200)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 9 {
		_ = p.ask(gone, http.MethodGet)
	}
	if err := p.ask(t.Context(), http.MethodGet); err != nil {
		t.Error(err)
	}
}
