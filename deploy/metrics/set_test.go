package metrics_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics/metricstest"
)

func TestWhoMayUseWhat(t *testing.T) {
	some := []string{"http://127.0.0.1:1/metrics"}
	s, err := metrics.New([]metrics.Endpoint{
		{Name: "shop", Kind: "scrape", Stable: some, Canary: some, MayUse: func(r bot.RepoName) bool { return r == "acme/shop" }},
		{Name: "nobodys", Kind: "scrape", Stable: some, Canary: some},
	}, metrics.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		source string
		repo   bot.RepoName
		says   string
	}{
		{"shop", "evil/shop", "endpoints.shop.repositories"},
		{"nobodys", "acme/shop", "may not use"},
		{"prom", "acme/shop", `no source "prom"; the server's operator defines it under endpoints, or the repository's file names one of: shop`},
		{"prom", "evil/shop", "none yet"},
	} {
		_, err := s.Windows(t.Context(), bot.Query{Source: c.source, Repo: c.repo})
		if !errors.As(err, &bot.Permanent{}) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s by %s: %v", c.source, c.repo, err)
		}
	}
}

func TestMistakesOfEndpointsAreToldAtOnce(t *testing.T) {
	some := []string{"http://127.0.0.1:1/metrics"}
	_, err := metrics.New([]metrics.Endpoint{
		{Name: "good", Kind: "scrape", Stable: some, Canary: some},
		{Name: "good", Kind: "scrape", Stable: some, Canary: some},
		{Name: "unknown", Kind: "crystal ball"},
		{Name: "one-armed", Kind: "scrape", Stable: some},
		{Name: "nowhere", Kind: "scrape", Stable: some, Canary: []string{"ftp://me:hunter2@x"}},
	}, metrics.Options{})
	for _, name := range []string{"good: is defined twice", "unknown", "one-armed", "nowhere"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not say %s", err, name)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Error("a secret is in the error")
	}
}

func TestTheTableIsInOrder(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range metrics.Kinds() {
		if k.Name == "" || k.Doc == "" || k.New == nil || seen[k.Name] {
			t.Errorf("%+v", k)
		}
		seen[k.Name] = true
		if _, err := k.New(metrics.Endpoint{}, metrics.Options{}); err == nil {
			t.Errorf("%s is made of nothing", k.Name)
		}
	}
}

var nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func ask(t *testing.T, s metrics.Source, q bot.Query) bot.Window {
	t.Helper()
	windows, err := s.Windows(t.Context(), q)
	if err != nil || len(windows) != 1 {
		t.Fatalf("%d windows, %v", len(windows), err)
	}
	return windows[0]
}

// TestAPageIsAskedOnce: one request an address and look, also when both arms
// stand on one page.
func TestAPageIsAskedOnce(t *testing.T) {
	both := &shop{good: 5, bad: 1}
	h := httptest.NewServer(both)
	t.Cleanup(h.Close)
	s := open(t, []string{h.URL}, []string{h.URL})
	q := world{}.Query()
	q.From, q.To = nine, nine.Add(time.Minute)
	q.Cursor = ask(t, s, q).Cursor
	world{metricstest.Canary: {both}}.Serve(metricstest.Canary, 0, 4, 2)
	q.From, q.To = q.To, q.To.Add(time.Minute)
	if w := ask(t, s, q); w.CanaryTotal != 6 || w.StableTotal != 6 || w.CanaryBad != 2 || both.asked != 2 {
		t.Errorf("%+v, asked %d times", w, both.asked)
	}
}

func TestACursorOfSomethingElseIsNone(t *testing.T) {
	s, w := newWorld(t)
	q := w.Query()
	q.From, q.To = nine, nine.Add(time.Minute)
	cursor := ask(t, s, q).Cursor
	if strings.Contains(string(cursor), "hunter2") || len(cursor) > 600 {
		t.Errorf("the cursor is %s", cursor)
	}
	q.Ratio.CanaryBad = `http_requests_total{code="500"}`
	for _, c := range []json.RawMessage{cursor, json.RawMessage(`{}`), json.RawMessage(`[7]`), json.RawMessage(`nonsense`)} {
		q.Cursor = c
		got := ask(t, s, q)
		if got.Missing == "" || got.CanaryTotal != 0 || len(got.Cursor) == 0 || string(got.Cursor) == string(c) {
			t.Errorf("%s: %+v", c, got)
		}
		q.Cursor = got.Cursor
		if got := ask(t, s, q); got.Missing != "" {
			t.Errorf("then: %+v", got)
		}
	}
}

func TestAnInstanceMayComeAndGo(t *testing.T) {
	_, w := newWorld(t)
	third := &shop{good: 500, bad: 500}
	h := httptest.NewServer(third)
	t.Cleanup(h.Close)
	one := httptest.NewServer(w[metricstest.Canary][0])
	t.Cleanup(one.Close)
	q := w.Query()
	q.From, q.To = nine, nine.Add(time.Minute)
	few, more := open(t, []string{one.URL}, []string{one.URL}), open(t, []string{one.URL, h.URL}, []string{one.URL})
	for _, step := range []struct {
		s    metrics.Source
		want float64
	}{{few, 0}, {more, 10}, {more, 10 + 7}, {few, 10}, {more, 10}} {
		w.Serve(metricstest.Canary, 0, 10, 0)
		world{metricstest.Canary: {third}}.Serve(metricstest.Canary, 0, 7, 0)
		got := ask(t, step.s, q)
		if got.CanaryTotal != step.want || got.Missing != "" {
			t.Errorf("counted %v, missing %q; want %v", got.CanaryTotal, got.Missing, step.want)
		}
		q.Cursor, q.From, q.To = got.Cursor, q.To, q.To.Add(time.Minute)
	}
}

func TestTroublesNameNoAddress(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"answered 500":               func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) },
		"answered 302":               func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/else", http.StatusFound) },
		"did not answer":             func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"did not answer to the end":  func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "99") },
		"is larger than 8 MiB":       func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 8<<20+1)) },
		"is cut off":                 func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("http_requests_total 5")) },
		"has no http_requests_total": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("x 5\n")) },
		"in Prometheus' text format": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("http_requests_total five\n")) },
		"http_requests_total is +Inf": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("http_requests_total{service=\"shop\"} +Inf\n"))
		},
	} {
		_, w := newWorld(t)
		good, bad := httptest.NewServer(w[metricstest.Stable][0]), httptest.NewServer(h)
		t.Cleanup(good.Close)
		t.Cleanup(bad.Close)
		q := w.Query()
		q.From, q.To, q.Cursor = nine, nine.Add(time.Minute), nil
		got := ask(t, open(t, []string{bad.URL}, []string{good.URL}), q)
		if !strings.Contains(got.Missing, name) || strings.Contains(got.Missing, "127.0.0.1") || !strings.HasPrefix(got.Missing, "the canary") || len(got.Cursor) > 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestMetadataIsNotScraped(t *testing.T) {
	_, err := open(t, []string{"http://169.254.169.254/latest"}, []string{"http://169.254.169.254/latest"}).Windows(t.Context(), world{}.Query())
	if !errors.As(err, &bot.Permanent{}) {
		t.Errorf("%v", err)
	}
}
