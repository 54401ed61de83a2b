package playground

import (
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// The bot's own checks, as people see them.
const (
	batch     = "roundtrip / batch"
	mainCheck = "roundtrip / main"
)

// shown is a change of the tour; its Number is 0 until it is opened.
type shown struct{ fakegithub.ChangeView }

// outcome of one check; empty when there is none.
func (c shown) outcome(check string) string {
	for _, r := range c.Checks {
		if r.Name == check {
			return outcomeOf(r)
		}
	}
	return ""
}

// green reports whether CI and both checks of the bot's stand in nobody's way.
func (c shown) green() bool {
	return c.outcome(batch) == "success" && c.outcome(mainCheck) != "" && c.outcome("build") == "success" && c.outcome("unit") == "success"
}

// scene is the world as far as the tour is concerned.
type scene struct {
	good, bad, big, part, repair shown
	back                         shown     // the newest revert that the bot opened
	staging, stable, canary      string    // SHA
	promote, revert              bool      // a message offers it
	waiting                      int       // open changes that wait for main
	red                          time.Time // since when main is red; zero: it is not
	healed                       bool      // it was red, and is no more, whatever repaired it
}

// mended reports whether what repairs main is on it, the tour's repair or what
// the bot's button opened.
func (s scene) mended() bool { return s.repair.Merged || s.back.Merged || s.healed }

func (w *World) scene() scene {
	w.heal()
	w.mu.Lock()
	t := w.tour
	w.mu.Unlock()
	s := scene{red: t.red, healed: t.healed}
	for _, c := range w.GitHub.Changes(Repo) {
		one := shown{c}
		for n, to := range map[int]*shown{t.good: &s.good, t.bad: &s.bad, t.big: &s.big, t.part: &s.part, t.repair: &s.repair} {
			if n == c.Number {
				*to = one
			}
		}
		if c.Author == w.GitHub.BotLogin() && c.Number > s.back.Number {
			s.back = one
		}
		if c.State == "open" && one.outcome(mainCheck) == "in_progress" {
			s.waiting++
		}
	}
	if p := w.shopOf(Production); p != nil {
		is := live(p)
		s.staging, s.stable, s.canary = w.ready(Staging), is.Stable, is.Canary
	}
	s.promote, s.revert = w.offered("shop-deploys", "promote"), w.offered("shop", "revert")
	return s
}

// offered reports whether a message of a channel has a button.
func (w *World) offered(channel, verb string) bool {
	return slices.ContainsFunc(w.Slack.Messages(channel), func(m fakeslack.Message) bool { return slices.Contains(verbsOf(m.Blocks), verb) })
}

// ready is the commit that GitHub shows as live in an environment, once it has
// been there for as long as the next stage asks.
func (w *World) ready(environment string) (sha string) {
	for _, d := range w.GitHub.Deployments(Repo) {
		if n := len(d.Statuses); d.Environment == environment && n > 0 {
			if last := d.Statuses[n-1]; last.State == "success" && w.Now().Sub(last.Time) > soaked {
				sha = d.SHA
			}
		}
	}
	return sha
}

// soaked is the second that the file asks of staging, where people look on, and
// another one: GitHub tells the time in whole seconds, and leaves off the rest.
const soaked = 2 * time.Second

// heal ends the clock of a red main, once its newest commit passed.
func (w *World) heal() {
	w.mu.Lock()
	broken := w.tour.broken
	w.mu.Unlock()
	head := w.GitHub.Branch(Repo, "main")
	if broken == "" || head == broken {
		return
	}
	for _, c := range w.GitHub.Checks(Repo, head) {
		if c.Name == "unit" && c.Conclusion == "success" {
			w.mu.Lock()
			w.tour.broken, w.tour.red, w.tour.healed = "", time.Time{}, true
			w.mu.Unlock()
		}
	}
}

// notice goes on to the next step of each act whose step is done.
func (w *World) notice() scene {
	s := w.scene()
	if s.good.Number == 0 {
		return s // the changes of the tour are not there yet
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, a := range acts(s) {
		for w.tour.done[i] < len(a.Steps) && a.Steps[w.tour.done[i]].done(s) {
			w.tour.done[i]++
		}
	}
	return s
}
