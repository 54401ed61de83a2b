package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/campaign"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
	"github.com/roundtrip-bot/roundtrip/bot/store"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics/metricstest"
)

// TestProductionAnswersThroughAPrometheus: serve as it is, and a real
// Prometheus that collects the shop. One release after another goes to
// production, and each meets another fate there.
func TestProductionAnswersThroughAPrometheus(t *testing.T) {
	t.Parallel() // most of it is waiting
	c := newCollectedWorld(t)
	t.Run("three times the errors: it goes back by itself", c.worse)
	t.Run("no data: held", c.noData)
	t.Run("no number: held", c.noNumber)
	t.Run("a counter begins again: no false alarm", c.reset)
	t.Run("healthy: promoted, with the numbers that PromQL has", c.healthy)
	t.Run("the server dies in the middle: held", c.killed)
}

// watchedFile: releases go to the canary at once, and there is time to do
// something to them at its last weight.
var watchedFile = strings.NewReplacer(
	"    after: {staging: 1s}\n", "", "25%, for: 10s", "25%, for: 2s", "50%, for: 10s", "50%, for: 6s", "max_wait: 2m", "max_wait: 6s",
).Replace(playground.LiveFile)

// collectedWorld is a world with a bot that asks a Prometheus.
type collectedWorld struct {
	w         *playground.World
	p         *campaign.Process
	prom      *metricstest.Prometheus
	db        *store.Store
	noNumbers atomic.Bool // the canary's counters say NaN to who collects them
	opened    int
}

func newCollectedWorld(t *testing.T) *collectedWorld {
	c := &collectedWorld{w: live(t, watchedFile)}
	address := strings.TrimPrefix(c.lens(t), "http://")
	job := "  - {job_name: %[1]s, metrics_path: /shop/production/-/%[1]s/metrics, static_configs: [{targets: [%[2]q]}]}\n"
	c.prom = metricstest.StartPrometheus(t, "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n"+
		fmt.Sprintf(job, "stable", address)+fmt.Sprintf(job, "canary", address))
	dir := t.TempDir()
	scrape := regexp.MustCompile(`(?s)    type: scrape\n.*?    repositories`)
	settings := scrape.ReplaceAll(c.w.File(), []byte("    type: prometheus\n    url: "+c.prom.URL+"\n    repositories"))
	c.p = serveBy(t, c.w, dir, settings)
	db, err := store.OpenReader(t.Context(), databaseIn(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	c.db = db
	return c
}

// lens stands between the shop and who collects its metrics.
func (c *collectedWorld) lens(t *testing.T) string {
	value := regexp.MustCompile(`(?m)^(http_requests_total\{.*\}) .*$`)
	h := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		resp, err := http.Get(c.w.URL + r.URL.Path)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer func() { _ = resp.Body.Close() }()
		body, _ := io.ReadAll(resp.Body) // half a page is refused by who reads it
		if c.noNumbers.Load() && strings.Contains(r.URL.Path, "canary") {
			body = value.ReplaceAll(body, []byte("$1 NaN"))
		}
		rw.Header().Set("Content-Type", resp.Header.Get("Content-Type"))
		rw.WriteHeader(resp.StatusCode)
		_, _ = rw.Write(body)
	}))
	t.Cleanup(h.Close)
	return h.URL
}

// canary opens a change and asks for its canary.
func (c *collectedWorld) canary(t *testing.T, b fakeprod.Behaviour) (n int, sha string) {
	t.Helper()
	c.opened++
	n = opened(t, c.w, c.p, fakegithub.NewChange{Author: "bob", Title: fmt.Sprintf("Faster prices %d", c.opened)})
	sha = look(t, c.w, n).Head
	if b != (fakeprod.Behaviour{}) {
		c.w.Prod.Teach(sha, b)
	}
	// A push in the very second of a comment cannot be told from one after it.
	pause := c.w.Now().Add(1100e6)
	until(t, c.p, "a second has passed", func() bool { return c.w.Now().After(pause) })
	say(t, c.w, n, "bob", "/deploy canary")
	return n, sha
}

// rollout is the newest one of a commit in the canary stage.
func (c *collectedWorld) rollout(t *testing.T, sha string) (r deploy.Rollout) {
	t.Helper()
	for _, key := range must[[]string](t)(c.db.Keys(t.Context(), "rollout/")) {
		var d deploy.Rollout
		if _, err := c.db.Doc(t.Context(), key, &d); err != nil {
			t.Fatal(err)
		}
		if d.Release.SHA == bot.SHA(sha) && d.Stage.Name == "canary" {
			r = d
		}
	}
	return r
}

// evidence are the windows of a rollout in which both arms were seen.
func (c *collectedWorld) evidence(t *testing.T, sha string) []bot.Window {
	t.Helper()
	return slices.DeleteFunc(c.rollout(t, sha).Watch.Windows["errors"], func(w bot.Window) bool { return w.Missing != "" })
}

// seen waits until so many windows had visitors of the canary.
func (c *collectedWorld) seen(t *testing.T, sha string, windows int) {
	t.Helper()
	until(t, c.p, "the canary is seen", func() bool {
		n := 0
		for _, w := range c.evidence(t, sha) {
			if w.CanaryTotal > 0 {
				n++
			}
		}
		return n >= windows
	})
}

// held expects that a release waits for a person where it is, and why.
func (c *collectedWorld) held(t *testing.T, n int, why string) {
	t.Helper()
	until(t, c.p, "it is held, since "+why, func() bool {
		return statusOf(t, c.w, n, "Holding shop in canary") && statusOf(t, c.w, n, "Production could not be asked") &&
			strings.Contains(c.rollout(t, look(t, c.w, n).Head).Watch.Trouble, why)
	})
	shop := c.w.Prod.Shop(playground.Production)
	if shop.Canary() == nil || shop.Canary().SHA() != look(t, c.w, n).Head || shop.Weight() == 0 {
		t.Errorf("it does not stay where it is: %d %%", shop.Weight())
	}
	if comment := statusComment(t, c.w, n); strings.Contains(comment, "⛔") || strings.Contains(comment, "| ✅") {
		t.Errorf("something was concluded:\n%s", comment)
	}
}

func (c *collectedWorld) abort(t *testing.T, n int) {
	t.Helper()
	say(t, c.w, n, "bob", "/abort")
	until(t, c.p, "it is stopped", func() bool { return statusOf(t, c.w, n, "Stopped: shop in canary") })
}

func (c *collectedWorld) worse(t *testing.T) {
	n, _ := c.canary(t, fakeprod.Behaviour{FailEvery: 8}) // of 25 as is usual
	until(t, c.p, "it has gone back", func() bool { return statusOf(t, c.w, n, "Rolled back: shop in canary") })
	if comment := statusComment(t, c.w, n); !strings.Contains(comment, "times those of stable") || !strings.Contains(comment, "⛔ worse") {
		t.Errorf("it is not said why:\n%s", comment)
	}
	if shop := c.w.Prod.Shop(playground.Production); shop.Weight() != 0 || shop.Canary() != nil {
		t.Errorf("traffic is not back: %d %%", shop.Weight())
	}
}

func (c *collectedWorld) noData(t *testing.T) {
	c.w.HideMetrics(true)
	n, _ := c.canary(t, fakeprod.Behaviour{})
	c.held(t, n, "prometheus has no http_requests_total that the expression of the canary matches")
	c.w.HideMetrics(false)
	c.abort(t, n)
}

func (c *collectedWorld) noNumber(t *testing.T) {
	c.noNumbers.Store(true)
	n, _ := c.canary(t, fakeprod.Behaviour{})
	c.held(t, n, "the canary: http_requests_total is NaN")
	c.noNumbers.Store(false)
	c.abort(t, n)
}

// reset: the canary's process dies and another takes its place.
func (c *collectedWorld) reset(t *testing.T) {
	n, sha := c.canary(t, fakeprod.Behaviour{})
	c.seen(t, sha, 2)
	shop := c.w.Prod.Shop(playground.Production)
	weight := shop.Weight()
	before := c.prom.Sum(t, requestsOf(sha), time.Now())
	shop.Abort()
	if err := shop.Place(sha, weight); err != nil {
		t.Fatal(err)
	}
	until(t, c.p, "it waits for promotion", func() bool { return statusOf(t, c.w, n, "waits for promotion") })
	if r := c.rollout(t, sha); r.Blamed || r.Verdict().Findings[0].Verdict.CanaryTotal <= before {
		t.Errorf("blamed: %v; of both processes together %v were counted, the first had %v", r.Blamed, r.Verdict().Findings[0].Verdict.CanaryTotal, before)
	}
	c.abort(t, n)
}

func requestsOf(sha string) string { return fmt.Sprintf("http_requests_total{version=%q}", sha) }

func failuresOf(sha string) string {
	return fmt.Sprintf("http_requests_total{version=%q,code=~\"5..\"}", sha)
}

// quiet stops the visitors and waits until Prometheus knows of all of them.
func (c *collectedWorld) quiet(t *testing.T, arms map[string]string) {
	t.Helper()
	c.w.SetTraffic(0)
	until(t, c.p, "prometheus has collected all", func() bool {
		for arm, sha := range arms {
			if c.prom.Sum(t, requestsOf(sha), time.Now()) != c.counts(t, arm) {
				return false
			}
		}
		return true
	})
}

// counts is what an arm itself says that it served.
func (c *collectedWorld) counts(t *testing.T, arm string) (sum float64) {
	t.Helper()
	page := get(t, c.w.URL+"/shop/production/-/"+arm+"/metrics")
	for _, m := range regexp.MustCompile(`(?m)^http_requests_total\{.*\} (\S+)$`).FindAllStringSubmatch(page, -1) {
		sum += must[float64](t)(strconv.ParseFloat(m[1], 64))
	}
	return sum
}

// healthy: nobody comes while counting begins and while it ends, so that what
// PromQL says at both moments is exactly what lies between them.
func (c *collectedWorld) healthy(t *testing.T) {
	stable := c.w.Prod.Shop(playground.Production).Stable().SHA()
	c.quiet(t, map[string]string{"stable": stable})
	n, sha := c.canary(t, fakeprod.Behaviour{})
	until(t, c.p, "counting has begun", func() bool { return len(c.evidence(t, sha)) > 0 })
	begun := c.answers(t, sha, stable)
	c.w.SetTraffic(300)
	until(t, c.p, "it waits for promotion", func() bool { return statusOf(t, c.w, n, "waits for promotion") })
	c.quiet(t, map[string]string{"stable": stable, "canary": sha})
	var want [4]float64
	until(t, c.p, "the last look has counted all", func() bool {
		want = c.answers(t, sha, stable) // who was on the way may have come in meanwhile
		for i := range want {
			want[i] -= begun[i]
		}
		return countedIn(c.evidence(t, sha), func(bot.Window) bool { return true }) == want
	})
	// Of these people are shown what stood against something of the other arm.
	want = countedIn(c.evidence(t, sha), func(w bot.Window) bool { return w.CanaryTotal > 0 && w.StableTotal > 0 })
	say(t, c.w, n, "bob", "/promote")
	until(t, c.p, "it is live", func() bool { return statusOf(t, c.w, n, "Live in production") })
	shown := regexp.MustCompile(fmt.Sprintf(`\(%.0f of %.0f\) \| [0-9.]+ %% \(%.0f of %.0f\) \|`, want[2], want[3], want[0], want[1]))
	if comment := statusComment(t, c.w, n); want[1] == 0 || !shown.MatchString(comment) {
		t.Errorf("PromQL says %v (canary bad, total; stable bad, total); shown is\n%s", want, comment)
	}
	c.w.SetTraffic(300)
}

// countedIn is the sum of those windows that count: canary bad, total; stable
// bad, total.
func countedIn(windows []bot.Window, counts func(bot.Window) bool) (sum [4]float64) {
	for _, w := range windows {
		if counts(w) {
			for i, n := range []float64{w.CanaryBad, w.CanaryTotal, w.StableBad, w.StableTotal} {
				sum[i] += n
			}
		}
	}
	return sum
}

// answers are PromQL's: canary bad, total; stable bad, total.
func (c *collectedWorld) answers(t *testing.T, canary, stable string) (all [4]float64) {
	t.Helper()
	for i, expr := range []string{failuresOf(canary), requestsOf(canary), failuresOf(stable), requestsOf(stable)} {
		all[i] = c.prom.Sum(t, expr, time.Now())
	}
	return all
}

func (c *collectedWorld) killed(t *testing.T) {
	n, sha := c.canary(t, fakeprod.Behaviour{})
	c.seen(t, sha, 1)
	c.prom.Kill()
	c.held(t, n, "prometheus did not answer")
}
