package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
	"github.com/roundtrip-bot/roundtrip/bot/playground/memory"
)

func metersFor(t *testing.T) (*meters, *memory.Store) {
	db := memory.New(func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) })
	return newMeters(db, http.NotFoundHandler()), db
}

// TestMetricsAreDocumented: what docs/operating.md lists is what there is, and
// alerts know no other.
func TestMetricsAreDocumented(t *testing.T) {
	m, db := metersFor(t)
	names := regexp.MustCompile("roundtrip_[a-z_]+[a-z]")
	var have []string
	for _, c := range m.ours(db) {
		descs := make(chan *prometheus.Desc, 10)
		c.Describe(descs)
		close(descs)
		for d := range descs {
			have = append(have, names.FindString(d.String()))
		}
	}
	docs := must[[]byte](t)(os.ReadFile("../../docs/operating.md"))
	var told []string
	for _, row := range regexp.MustCompile("(?m)^  \\| `(roundtrip_[a-z_]+)").FindAllSubmatch(docs, -1) {
		told = append(told, string(row[1]))
	}
	slices.Sort(have)
	slices.Sort(told)
	if !slices.Equal(have, told) {
		t.Errorf("there are\n%q,\ndocs/operating.md tells of\n%q", have, told)
	}
	alerts := must[[]byte](t)(os.ReadFile("../../docs/alerts.yml"))
	for _, name := range names.FindAllString(string(alerts), -1) {
		if !slices.Contains(have, strings.TrimSuffix(name, "_count")) {
			t.Errorf("docs/alerts.yml asks for %s, which there is not", name)
		}
	}
}

// TestAlertRules: Prometheus takes them.
func TestAlertRules(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("SKIPPED, there is no promtool: Debian's package prometheus has it")
	}
	if out, err := exec.CommandContext(t.Context(), promtool, "check", "rules", "../../docs/alerts.yml").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestMeters: each is what it says it is.
func TestMeters(t *testing.T) {
	m, db := metersFor(t)
	now := must[time.Time](t)(db.Now(t.Context()))
	for _, id := range []string{"a", "b"} {
		_ = must[bool](t)(db.Hear(t.Context(), bot.Letter{ID: id, Source: "github", Name: "ping"}))
	}
	command := bot.Letter{Source: "slack", Kind: "command.given", At: now.Add(-3 * time.Second), Event: []byte(`{"at":"2026-03-02T08:59:50Z"}`)}
	for _, failed := range []string{"", "502"} {
		_, end := m.observe(t.Context(), engine.Work{What: engine.Handling, Letter: command, Now: now})
		end(engine.Work{Error: failed})
	}
	m.observe(t.Context(), engine.Work{What: engine.Losing})
	h := http.Header{}
	h.Set("X-Ratelimit-Limit", "5000")
	h.Set("X-Ratelimit-Remaining", "4990")
	h.Set("X-Ratelimit-Reset", "1772445600")
	h.Set("X-Ratelimit-Resource", "core")
	for i := range int64(mostInstallations + 1) {
		m.budgets.seen(i, h)
	}
	metrics := scraped(t, m.handler())
	for _, want := range []string{
		`roundtrip_inbox_deliveries{source="github",state="new"} 2`,
		`roundtrip_oldest_seconds{box="inbox"} 0`, `roundtrip_retrying{box="outbox"} 0`,
		`roundtrip_delivery_lag_seconds_bucket{source="slack",le="2.5"} 0`, `roundtrip_delivery_lag_seconds_bucket{source="slack",le="5"} 1`, `roundtrip_delivery_lag_seconds_count{source="slack"} 1`,
		`roundtrip_command_transit_seconds_bucket{source="slack",le="10"} 1`, `roundtrip_command_transit_seconds_sum{source="slack"} 7`,
		`roundtrip_leases_lost_total 1`,
		`roundtrip_github_remaining{installation="7",resource="core"} 4990`, `roundtrip_github_reset_timestamp_seconds{installation="7",resource="core"} 1.7724456e+09`,
	} {
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	if n := strings.Count(metrics, "roundtrip_github_limit{"); n != mostInstallations {
		t.Errorf("budgets of %d installations are told, want %d", n, mostInstallations)
	}
}

// TestRequestsAreMeasured: by host and by what became of them, and of
// addresses nothing else is told.
func TestRequestsAreMeasured(t *testing.T) {
	m, _ := metersFor(t)
	w := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/limited":
			w.WriteHeader(http.StatusTooManyRequests)
		case "/broken":
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	client := &http.Client{Transport: m.requests.watch(nil)}
	for _, path := range []string{"/", "/limited", "/broken?token=hunter2", "/gone"} {
		if path == "/gone" {
			w.Close()
		}
		if resp, err := client.Get(w.URL + path); err == nil {
			_ = resp.Body.Close()
		}
	}
	metrics := scraped(t, m.handler())
	for _, outcome := range []string{"2xx", "limited", "5xx", "none"} {
		want := `roundtrip_requests_seconds_count{host="` + strings.TrimPrefix(w.URL, "http://") + `",outcome="` + outcome + `"} 1`
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(metrics, "hunter2") {
		t.Error("an address is shown whole")
	}
}

// TestHostsThatRestAreTold: since when and until when, by the bot's clock, and of
// one that answers nothing.
func TestHostsThatRestAreTold(t *testing.T) {
	m, _ := metersFor(t)
	now, up := time.Unix(1_800_000_000, 0), false
	w := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !up {
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	t.Cleanup(w.Close)
	client := &http.Client{Transport: m.rests.before(nil, func() time.Time { return now }, false)}
	ask := func() {
		now = now.Add(10 * time.Second)
		if resp, err := client.Get(w.URL); err == nil {
			_ = resp.Body.Close()
		}
	}
	for range 6 {
		ask()
	}
	host := `{host="` + strings.TrimPrefix(w.URL, "http://") + `"} `
	metrics := scraped(t, m.handler())
	for _, want := range []string{"roundtrip_host_rests_since_timestamp_seconds" + host + "1.80000005e+09", "roundtrip_host_rests_until_timestamp_seconds" + host + "1.80000007e+09"} {
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	up = true
	if ask(); strings.Contains(scraped(t, m.handler()), "roundtrip_host_rests_since_timestamp_seconds{") {
		t.Error("it answered, and is told of")
	}
}

func scraped(t *testing.T, h http.Handler) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}
