package metrics_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics"
)

// probing is a source that may ask these hosts.
func probing(t *testing.T, hosts ...string) metrics.Source {
	t.Helper()
	s, err := metrics.New(nil, metrics.Options{Hosts: hosts})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func hostOf(url string) string {
	return strings.TrimPrefix(strings.TrimPrefix(url, "http://"), "https://")
}

func probeOf(canary, stable string) bot.Query {
	return bot.Query{Repo: "acme/shop", From: nine, To: nine.Add(10 * time.Second), Probe: &bot.ProbeQuery{Canary: canary, Stable: stable, Status: 200, Under: 5 * time.Second}}
}

func TestWhatAProbeCounts(t *testing.T) {
	release := make(chan struct{})
	for name, c := range map[string]struct {
		h   http.HandlerFunc
		bad float64
	}{
		"a good answer":  {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) }, 0},
		"another status": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, 1},
		"a redirect":     {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/else", http.StatusFound) }, 1},
		"no answer":      {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 1},
		"half an answer": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "99") }, 1},
		"too late":       {func(_ http.ResponseWriter, r *http.Request) { <-release }, 1},
		"late to its end": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("o"))
			w.(http.Flusher).Flush()
			<-release
		}, 1},
		"more than we read": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 3<<20)) }, 0},
	} {
		h := httptest.NewServer(c.h)
		q := probeOf(h.URL+"/health", "")
		if strings.Contains(name, "late") {
			q.Probe.Under = 50 * time.Millisecond
		}
		w := ask(t, probing(t, hostOf(h.URL)), q)
		if w.CanaryTotal != 1 || w.CanaryBad != c.bad || w.StableTotal != 0 || w.Missing != "" || !w.To.Equal(q.To) {
			t.Errorf("%s: %+v", name, w)
		}
		t.Cleanup(h.Close)
	}
	close(release)
}

func TestAProbeOfBothArms(t *testing.T) {
	good := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	bad := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(good.Close)
	t.Cleanup(bad.Close)
	s := probing(t, hostOf(good.URL), hostOf(bad.URL))
	if w := ask(t, s, probeOf(bad.URL, good.URL)); w.CanaryBad != 1 || w.CanaryTotal != 1 || w.StableBad != 0 || w.StableTotal != 1 {
		t.Errorf("%+v", w)
	}
	if w := ask(t, s, probeOf(good.URL, bad.URL)); w.CanaryBad != 0 || w.StableBad != 1 {
		t.Errorf("%+v", w)
	}
}

// TestWhomAProbeMayAsk: only hosts of the operator's list, whatever a name
// resolves to and wherever an answer points.
func TestWhomAProbeMayAsk(t *testing.T) {
	var asked atomic.Int64
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	outer := httptest.NewServer(http.RedirectHandler(inner.URL+"/secret", http.StatusFound))
	t.Cleanup(inner.Close)
	t.Cleanup(outer.Close)
	for _, url := range []string{inner.URL + "/?token=hunter2", "http://169.254.169.254/latest", "http://elsewhere.example.com/"} {
		_, err := probing(t, hostOf(outer.URL), "*.trusted.example").Windows(t.Context(), probeOf(url, ""))
		if !errors.As(err, &bot.Permanent{}) || !strings.Contains(err.Error(), "hosts") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", url, err)
		}
	}
	if _, err := probing(t).Windows(t.Context(), probeOf(outer.URL, "")); !errors.As(err, &bot.Permanent{}) {
		t.Errorf("without a list: %v", err)
	}
	if w := ask(t, probing(t, hostOf(outer.URL)), probeOf(outer.URL, "")); w.CanaryBad != 1 || asked.Load() != 0 {
		t.Errorf("%+v; the other host was asked %d times", w, asked.Load())
	}
	_, err := probing(t, "localhost").Windows(t.Context(), probeOf("http://me:hunter2@localhost/", ""))
	if !errors.As(err, &bot.Permanent{}) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v", err)
	}
}

// TestACertificateIsVerified: who cannot show one is not the shop.
func TestACertificateIsVerified(t *testing.T) {
	var asked atomic.Int64
	h := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	h.Config.ErrorLog = nil
	t.Cleanup(h.Close)
	if w := ask(t, probing(t, hostOf(h.URL)), probeOf(h.URL, "")); w.CanaryBad != 1 || asked.Load() != 0 {
		t.Errorf("%+v, asked %d times", w, asked.Load())
	}
}

// TestWhatIsOurOwnTroubleIsMissing: a name that nobody knows says nothing of a
// release, and who is told to stop has not failed.
func TestWhatIsOurOwnTroubleIsMissing(t *testing.T) {
	w := ask(t, probing(t, "shop.invalid"), probeOf("http://shop.invalid/health?token=hunter2", ""))
	if w.Missing == "" || w.CanaryTotal != 0 || strings.Contains(w.Missing, "hunter2") {
		t.Errorf("%+v", w)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := probing(t, "shop.invalid").Windows(ctx, probeOf("http://shop.invalid/", "")); !errors.Is(err, context.Canceled) || errors.As(err, &bot.Permanent{}) {
		t.Errorf("%v", err)
	}
}
