package playground

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// straight is the way to the canary that the router has no say in.
const straight = "/straight"

// Ranges of the sliders.
const (
	mostErrors  = 20  // percent
	mostDelay   = 500 // milliseconds
	mostTraffic = 300 // requests a second
)

// knobs are how one version in production behaves, and how many ask it.
type knobs struct {
	Arm     string // stable or canary
	SHA     string // empty: there is none
	Errors  int    // percent
	Delay   int    // milliseconds
	Traffic int    // requests a second
}

// knobs as they stand. Traffic of stable is that of the whole shop, which the
// router shares by weight; traffic of the canary comes on top, straight to it.
func (w *World) knobs() []knobs {
	stable, canary := knobs{Arm: "stable", Traffic: int(w.traffic())}, knobs{Arm: "canary", Traffic: int(w.extra())}
	if s := w.shopOf(Production); s != nil {
		stable.read(s.Stable())
		canary.read(s.Canary())
	}
	return []knobs{stable, canary}
}

func (k *knobs) read(v *fakeprod.Version) {
	if v == nil {
		return
	}
	b := v.Behaviour()
	k.SHA, k.Errors, k.Delay = short(v.SHA()), rateOf(b.FailEvery), int(b.Delay.Milliseconds())
}

// everyNth is the nearest that a version can do to a rate in percent: it fails
// every nth request, 0 for none.
func everyNth(percent int) int {
	if percent <= 0 {
		return 0
	}
	return int(math.Round(100 / float64(percent)))
}

// rateOf is everyNth the other way.
func rateOf(nth int) int {
	if nth <= 0 {
		return 0
	}
	return int(math.Round(100 / float64(nth)))
}

// formKnobs sets one version's behaviour. It lasts until the version ends;
// one that is promoted keeps it.
func (w *World) formKnobs(r *http.Request) error {
	failing, err1 := within(r, "errors", mostErrors)
	delay, err2 := within(r, "delay", mostDelay)
	rps, err3 := within(r, "traffic", mostTraffic)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	arm := r.FormValue("arm")
	if arm != "stable" && arm != "canary" {
		return fmt.Errorf("arm must be stable or canary, not %q", arm)
	}
	shop := w.shopOf(Production)
	if shop == nil {
		return errors.New("there is no shop yet")
	}
	v := shop.Stable()
	if arm == "canary" {
		v = shop.Canary()
	}
	if v == nil {
		return errors.New("there is no canary now: write /deploy canary on a change")
	}
	v.Behave(fakeprod.Behaviour{FailEvery: everyNth(failing), Delay: time.Duration(delay) * time.Millisecond})
	w.mu.Lock()
	defer w.mu.Unlock()
	if arm == "canary" {
		w.more = float64(rps)
	} else {
		w.rps = float64(rps)
	}
	return nil
}

func within(r *http.Request, name string, most int) (int, error) {
	n, err := strconv.Atoi(r.FormValue(name))
	if err != nil || n < 0 || n > most {
		return 0, fmt.Errorf("%s must be a whole number from 0 to %d, not %q", name, most, r.FormValue(name))
	}
	return n, nil
}

// extra is how many requests a second go straight to the canary; none while
// there is none.
func (w *World) extra() float64 {
	if s := w.shopOf(Production); s == nil || s.Canary() == nil {
		return 0
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.more
}

func toCanary(rw http.ResponseWriter, r *http.Request, s *fakeprod.Shop, path string) {
	v := s.Canary()
	if v == nil || path != "/" && path != "/checkout" {
		http.NotFound(rw, r)
		return
	}
	to := r.Clone(r.Context())
	to.URL.Path, to.URL.RawPath = path, ""
	v.ServeHTTP(rw, to)
}
