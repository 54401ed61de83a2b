package playground

import (
	"net/http"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// usual: a shop in which nothing ever fails could not show that a change makes
// nothing worse; the judge compares failures.
var usual = fakeprod.Behaviour{FailEvery: 25}

// OpenShop puts a version of the shop into each environment.
func (w *World) OpenShop(sha string, environments ...string) error {
	o := fakeprod.Options{Now: w.Now, Secret: targetSecret, StartUp: 2 * time.Second, Live: w.clock.Speed() > 0, Usual: usual}
	for _, name := range environments {
		o.Environments = append(o.Environments, fakeprod.Environment{Name: name, SHA: sha, URL: w.URL + shopPath + name + "/"})
	}
	t, err := fakeprod.NewTarget(o)
	if err != nil {
		return err
	}
	w.Prod, w.Load = t, fakeprod.NewLoad(http.HandlerFunc(t.Shop(Production).Visit))
	return nil
}

// SetTraffic says how many requests a second people make in production.
func (w *World) SetTraffic(rps float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rps = rps
}

// HideMetrics makes the canary's /metrics answer 503, or answer again.
func (w *World) HideMetrics(hide bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.blind = hide
}

func (w *World) hidden() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.blind
}

func (w *World) traffic() float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rps
}

// Advance lets time pass until a moment, with people in the shop all along.
func (w *World) Advance(to time.Time) {
	from := w.clock.Now()
	if w.Load != nil && w.traffic() > 0 {
		w.Load.Advance(from, to, w.traffic())
	}
	w.clock.Set(to)
}

func (w *World) shop(rw http.ResponseWriter, r *http.Request) {
	name := r.PathValue("environment")
	s := w.Prod.Shop(name)
	if s == nil {
		http.NotFound(rw, r)
		return
	}
	if path, ok := strings.CutPrefix(r.URL.Path, shopPath+name+straight); ok {
		toCanary(rw, r, s, path)
		return
	}
	if w.hidden() && strings.HasSuffix(r.URL.Path, "/-/canary/metrics") {
		http.Error(rw, "away", http.StatusServiceUnavailable)
		return
	}
	if w.isBroken("metrics") && strings.HasSuffix(r.URL.Path, "/metrics") {
		rw.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		return
	}
	http.StripPrefix(shopPath+name, s).ServeHTTP(rw, r)
}
