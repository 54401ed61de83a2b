package metrics_test

import (
	"fmt"
	"math"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics/metricstest"
)

func requests(sha, more string) string {
	return fmt.Sprintf(`http_requests_total{service="shop",version=%q%s}`, sha, more)
}

// rollout is a shop that a real Prometheus collects all the time, asked as a
// rollout asks.
type shopRollout struct {
	*testing.T
	server *server
	shop   *fakeprod.Shop
	load   *fakeprod.Load
	source metrics.Source
	query  bot.Query
	served map[string]float64 // by SHA, as its process counts
}

func newShopRollout(t *testing.T) *shopRollout {
	begun := 0
	s, err := fakeprod.NewShop(fakeprod.ShopOptions{Service: "shop", SHA: oldSHA, Now: func() time.Time {
		begun++ // what is two minutes apart in life is not here
		return time.Now().Add(time.Duration(begun) * 10 * time.Second)
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	job := "  - {job_name: %[1]s, metrics_path: /-/%[1]s/metrics, static_configs: [{targets: [%[2]q]}]}\n"
	address := strings.TrimPrefix(h.URL, "http://")
	config := "global: {scrape_interval: 250ms, scrape_timeout: 250ms}\nscrape_configs:\n" + fmt.Sprintf(job, "stable", address) + fmt.Sprintf(job, "canary", address)
	p := startPrometheus(t, config)
	bad := `,code=~"5.."`
	return &shopRollout{T: t, server: p, shop: s, load: fakeprod.NewLoad(s), source: openPrometheus(t, p.URL), served: map[string]float64{},
		query: bot.Query{Source: "prom", Repo: "acme/shop", From: time.Now(), Ratio: bot.RatioQuery{
			CanaryBad: requests(newSHA, bad), CanaryTotal: requests(newSHA, ""), StableBad: requests(oldSHA, bad), StableTotal: requests(oldSHA, ""),
		}}}
}

// serve lets a minute's requests be made, and waits until Prometheus knows.
func (r *shopRollout) serve(canary, stable float64) {
	r.Helper()
	r.load.Advance(nine, nine.Add(time.Minute), 10)
	r.served[newSHA] += canary
	r.served[oldSHA] += stable
	r.collected()
}

func (r *shopRollout) collected() {
	r.Helper()
	metricstest.Eventually(r.T, "prometheus has collected", func() bool {
		now := time.Now()
		return r.server.Sum(r.T, requests(newSHA, ""), now) == r.served[newSHA] && r.server.Sum(r.T, requests(oldSHA, ""), now) == r.served[oldSHA]
	})
}

// look expects exact counts, or the reason why there are none.
func (r *shopRollout) look(canaryBad, canaryTotal, stableBad, stableTotal float64, missing string) {
	r.Helper()
	r.query.To = time.Now()
	w := ask(r.T, r.source, r.query)
	got, want := [4]float64{w.CanaryBad, w.CanaryTotal, w.StableBad, w.StableTotal}, [4]float64{canaryBad, canaryTotal, stableBad, stableTotal}
	if got != want || !strings.Contains(w.Missing, missing) || (missing == "") != (w.Missing == "") {
		r.Errorf("%v, missing %q; want %v, %q", got, w.Missing, want, missing)
	}
	r.query.From, r.query.Cursor = r.query.To, w.Cursor
}

// TestARealPrometheusOfARealShop takes a release through good and bad days.
func TestARealPrometheusOfARealShop(t *testing.T) {
	r := newShopRollout(t)
	metricstest.Eventually(t, "prometheus collects", func() bool { return r.server.Sum(t, requests(oldSHA, ""), time.Now()) == 0 })
	r.look(0, 0, 0, 0, "has no http_requests_total that the expression of the canary matches") // there is none yet
	if err := r.shop.Place(newSHA, 50); err != nil {
		t.Fatal(err)
	}
	r.serve(300, 300)
	r.look(0, 0, 0, 0, "") // here counting begins
	r.serve(300, 300)
	r.look(0, 300, 0, 300, "") // a good one
	r.shop.Teach(oldSHA, fakeprod.Behaviour{FailEvery: 30})
	r.shop.Teach(newSHA, fakeprod.Behaviour{FailEvery: 10})
	r.serve(300, 300)
	r.look(30, 300, 10, 300, "") // three times the errors
	r.look(0, 0, 0, 0, "")       // nobody came: no trouble, no evidence
	r.shop.Abort()
	if err := r.shop.Place(newSHA, 50); err != nil { // a new process, its counters at 0
		t.Fatal(err)
	}
	r.served[newSHA] = 0
	r.serve(300, 300)
	r.look(30, 300, 10, 300, "")
	r.shop.Abort()
	metricstest.Eventually(t, "prometheus has lost the canary", func() bool { return math.IsNaN(r.server.Sum(t, requests(newSHA, ""), time.Now())) })
	r.look(0, 0, 0, 0, "has no http_requests_total that the expression of the canary matches")
	r.server.Kill()
	r.look(0, 0, 0, 0, "prometheus did not answer")
}

// TestWhatPrometheusItselfMakesOfIt: over samples with a reset our count is
// exact, and increase() is what it must be: the same, stretched by at most one
// step at each end.
func TestWhatPrometheusItselfMakesOfIt(t *testing.T) {
	s := startPrometheus(t, "global: {}\n", "--web.enable-remote-write-receiver")
	w := newCollected(t, s, "steady")
	q := w.Query()
	q.From, q.To = nine, nine
	q.Cursor = ask(t, w, q).Cursor
	const step, steps = 15, 40
	for i := 1; i <= steps; i++ {
		if i == 17 {
			w.Restart("canary", 0)
		}
		w.Serve("canary", 0, 7, 1)
		w.Serve("stable", 0, 70, 1)
		w.collect(nine.Add(time.Duration(i*step) * time.Second))
	}
	q.To = w.at
	got := ask(t, w, q)
	if got.Missing != "" || got.CanaryTotal != 8*steps || got.CanaryBad != steps || got.StableTotal != 71*steps || got.StableBad != steps {
		t.Errorf("%+v", got)
	}
	theirs := s.Sum(t, fmt.Sprintf("increase(%s[%ds])", q.Ratio.CanaryTotal, step*steps), w.at)
	if diff := math.Abs(theirs - got.CanaryTotal); diff > 2*8+1e-6 {
		t.Errorf("increase() says %v, we %v", theirs, got.CanaryTotal)
	}
	// What began in between is what it forgets.
	w.Rename("canary", 0)
	w.Serve("canary", 0, 50, 9)
	w.collect(w.at.Add(step * time.Second))
	q.From, q.To, q.Cursor = q.To, w.at, got.Cursor
	if got := ask(t, w, q); got.CanaryTotal != 59 || got.CanaryBad != 9 {
		t.Errorf("a series that began: %+v", got)
	}
	if theirs := s.Sum(t, fmt.Sprintf("increase(%s[%ds])", q.Ratio.CanaryBad, step), w.at); theirs > 0 {
		t.Errorf("increase() no longer forgets what a series counted before its first sample: %v", theirs)
	}
}

// TestPodsComeAndGo: one that Prometheus no longer asks is not missed for
// ever, and a new one has no past.
func TestPodsComeAndGo(t *testing.T) {
	s := startPrometheus(t, "global: {}\n", "--web.enable-remote-write-receiver")
	w := newCollected(t, s, "pods")
	q := w.Query()
	look := func(canaryTotal, stableTotal float64) {
		t.Helper()
		q.From, q.To = q.To, q.To.Add(time.Minute)
		got := ask(t, w, q)
		if got.Missing != "" || got.CanaryTotal != canaryTotal || got.StableTotal != stableTotal {
			t.Errorf("%+v, want %v and %v", got, canaryTotal, stableTotal)
		}
		q.Cursor = got.Cursor
	}
	q.To = nine
	look(0, 0)
	w.world["stable"] = append(w.world["stable"], &shop{good: 5000, bad: 5000}) // with a past
	w.Serve("stable", 0, 10, 0)
	look(0, 10)
	w.Serve("stable", 2, 20, 0)
	look(0, 20)
	w.world["stable"] = w.world["stable"][:1] // two were replaced
	w.Serve("stable", 0, 30, 0)
	look(0, 30)
}
