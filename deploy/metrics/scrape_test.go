package metrics_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics/metricstest"
)

// shop is one instance with a /metrics page.
type shop struct {
	mu        sync.Mutex
	good, bad int
	says      string // instead of good
	pod       int
	absent    bool
	down      bool
	asked     int
}

func (s *shop) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.down {
		panic(http.ErrAbortHandler)
	}
	_, _ = fmt.Fprintf(w, "# HELP up It is.\n# TYPE up gauge\nup 1\n# TYPE http_requests_total counter\n")
	if s.absent {
		return
	}
	good := strconv.Itoa(s.good)
	if s.says != "" {
		good = s.says
	}
	const series = "http_requests_total{service=\"shop\",pod=\"p%d\",code=\"%d\"} %s\n"
	_, _ = fmt.Fprintf(w, series, s.pod, 200, good)
	_, _ = fmt.Fprintf(w, series, s.pod, 500, strconv.Itoa(s.bad))
	_, _ = fmt.Fprintf(w, "http_requests_total{service=\"other\",code=\"500\"} 99\n")
}

// world is three of them.
type world map[metricstest.Arm][]*shop

func (world) Query() bot.Query {
	const total, bad = `http_requests_total{ service="shop" }`, `http_requests_total{ service="shop",code=~"5.." }`
	return bot.Query{Source: "shop", Repo: "acme/shop", Ratio: bot.RatioQuery{CanaryBad: bad, CanaryTotal: total, StableBad: bad, StableTotal: total}}
}

func (w world) with(arm metricstest.Arm, i int, f func(*shop)) {
	s := w[arm][i]
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s)
}

func (w world) Serve(arm metricstest.Arm, i, good, bad int) {
	w.with(arm, i, func(s *shop) { s.good, s.bad, s.says = s.good+good, s.bad+bad, "" })
}

func (w world) Restart(arm metricstest.Arm, i int) {
	w.with(arm, i, func(s *shop) { s.good, s.bad = 0, 0 })
}

func (w world) Say(arm metricstest.Arm, i int, v float64) {
	w.with(arm, i, func(s *shop) { s.says = strconv.FormatFloat(v, 'g', -1, 64) })
}

func (w world) Forget(arm metricstest.Arm, i int, absent bool) {
	w.with(arm, i, func(s *shop) { s.absent = absent })
}

func (w world) Rename(arm metricstest.Arm, i int) {
	w.with(arm, i, func(s *shop) { s.pod++; s.good, s.bad = 0, 0 })
}

func (w world) Down(arm metricstest.Arm, i int, down bool) {
	w.with(arm, i, func(s *shop) { s.down = down })
}

func open(t *testing.T, canary, stable []string) metrics.Source {
	t.Helper()
	for _, k := range metrics.Kinds() {
		if k.Name == "scrape" {
			s, err := k.New(metrics.Endpoint{Canary: canary, Stable: stable, Timeout: 2 * time.Second}, metrics.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	}
	t.Fatal("there is no scrape")
	return nil
}

func newWorld(t *testing.T) (metrics.Source, world) {
	w, urls := world{}, map[metricstest.Arm][]string{}
	for _, arm := range []metricstest.Arm{metricstest.Canary, metricstest.Stable, metricstest.Stable} {
		s := &shop{good: metricstest.Begun, bad: metricstest.Begun}
		h := httptest.NewServer(s)
		t.Cleanup(h.Close)
		w[arm], urls[arm] = append(w[arm], s), append(urls[arm], h.URL+"/metrics?token=hunter2")
	}
	return open(t, urls[metricstest.Canary], urls[metricstest.Stable]), w
}

func TestScrapeDoesWhatASourceMust(t *testing.T) {
	metricstest.Exercise(t, func(t *testing.T) (metrics.Source, metricstest.World) { return newWorld(t) })
}
