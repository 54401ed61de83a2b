package metrics_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics/metricstest"
)

func openPrometheus(t *testing.T, url string) metrics.Source {
	t.Helper()
	for _, k := range metrics.Kinds() {
		if k.Name == "prometheus" {
			s, err := k.New(metrics.Endpoint{URL: url, Timeout: 5 * time.Second}, metrics.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	}
	t.Fatal("there is no prometheus")
	return nil
}

// collected is a world whose instances a real Prometheus knows: whenever the
// source is asked about a moment, they are collected at that moment first.
type collected struct {
	world
	metrics.Source
	t     *testing.T
	push  func(t *testing.T, at time.Time, all []pushedSeries)
	job   string
	known map[string]pushedSeries // that did not end
	at    time.Time
	only  metricstest.Arm // the one that is collected; empty for both
}

func newCollected(t *testing.T, s *server, job string) *collected {
	return newCollectedBy(t, s.URL, s.push, job)
}

func newCollectedBy(t *testing.T, url string, push func(*testing.T, time.Time, []pushedSeries), job string) *collected {
	w := &collected{world: world{}, Source: openPrometheus(t, url), t: t, push: push, job: job, known: map[string]pushedSeries{}}
	for _, arm := range []metricstest.Arm{metricstest.Canary, metricstest.Stable, metricstest.Stable} {
		w.world[arm] = append(w.world[arm], &shop{good: metricstest.Begun, bad: metricstest.Begun})
	}
	return w
}

func (w *collected) Query() bot.Query {
	expr := func(arm metricstest.Arm, more string) string {
		return fmt.Sprintf(`http_requests_total{job=%q,arm=%q%s}`, w.job, arm, more)
	}
	const bad = `,code=~"5.."`
	return bot.Query{Source: "prom", Repo: "acme/shop", Ratio: bot.RatioQuery{
		CanaryBad: expr(metricstest.Canary, bad), CanaryTotal: expr(metricstest.Canary, ""),
		StableBad: expr(metricstest.Stable, bad), StableTotal: expr(metricstest.Stable, ""),
	}}
}

// Windows collects and asks.
func (w *collected) Windows(ctx context.Context, q bot.Query) ([]bot.Window, error) {
	if ctx.Err() == nil && q.To.After(w.at) {
		w.collect(q.To)
	}
	return w.Source.Windows(ctx, q)
}

// collect is what Prometheus does every so often: what is gone is said to have
// ended, and up says who answered.
func (w *collected) collect(at time.Time) {
	now := map[string]pushedSeries{}
	for _, arm := range []metricstest.Arm{metricstest.Canary, metricstest.Stable} {
		if w.only != "" && w.only != arm {
			continue
		}
		for i, s := range w.world[arm] {
			for _, p := range w.page(arm, i, s) {
				now[fmt.Sprint(p.labels)] = p
			}
		}
	}
	all := slices.Collect(maps.Values(now))
	for k, p := range w.known {
		switch _, here := now[k]; {
		case here:
		case w.only != "" && !p.of(w.only):
			now[k] = p
		default:
			p.value = stale
			all = append(all, p)
		}
	}
	w.push(w.t, at, all)
	w.known, w.at = now, at
}

func (w *collected) page(arm metricstest.Arm, i int, s *shop) (list []pushedSeries) {
	s.mu.Lock()
	defer s.mu.Unlock()
	instance := fmt.Sprintf("%s-%d.example:8080", arm, i)
	up := pushedSeries{labels: [][2]string{{"__name__", "up"}, {"instance", instance}, {"job", w.job}}, value: 1}
	if s.down {
		up.value = 0
		return []pushedSeries{up}
	}
	list = append(list, up)
	if s.absent {
		return list
	}
	good := float64(s.good)
	if s.says != "" {
		good, _ = strconv.ParseFloat(s.says, 64)
	}
	for code, value := range map[string]float64{"200": good, "500": float64(s.bad)} {
		list = append(list, pushedSeries{value: value, labels: [][2]string{
			{"__name__", "http_requests_total"}, {"arm", string(arm)}, {"code", code}, {"instance", instance}, {"job", w.job}, {"pod", strconv.Itoa(s.pod)},
		}})
	}
	return list
}

// TestPrometheusDoesWhatASourceMust asks a real one.
func TestPrometheusDoesWhatASourceMust(t *testing.T) {
	s := startPrometheus(t, "global: {}\n", "--web.enable-remote-write-receiver")
	n := 0
	metricstest.Exercise(t, func(t *testing.T) (metrics.Source, metricstest.World) {
		n++
		w := newCollected(t, s, fmt.Sprintf("shop%d", n))
		return w, w
	})
}
