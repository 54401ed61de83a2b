package trunks

import (
	"math/rand/v2"
	"time"

	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// Kind of a trunk.
type Kind struct {
	Rates    []float64     // chance that a run of each check fails by itself
	Suite    time.Duration // how long a check takes
	Gap      time.Duration // between merges, on average
	Breaks   float64       // share of commits that break a check
	Batched  float64       // share of pushes that bring several commits
	Cancels  bool          // a push cancels what runs on the head before it
	Outages  float64       // of the world, in a day
	New      bool          // nothing is known yet of how flaky its checks are
	Settings trunk.Settings
}

// Rates are those that trunks are drawn from.
var Rates = []float64{0, 0.0005, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3}

// Draw the kind of a seed's trunk: suites of five minutes, a merge every twelve.
func Draw(seed uint64) Kind {
	chance := rand.New(rand.NewPCG(seed, 3))
	k := Kind{
		Suite: 5 * time.Minute, Gap: 12 * time.Minute, Breaks: 0.04, Settings: trunk.Defaults(),
		Cancels: chance.IntN(4) == 0, New: chance.IntN(30) == 0,
		Outages: []float64{0, 0.3, 1}[chance.IntN(3)], Batched: []float64{0, 0, 0.2}[chance.IntN(3)],
	}
	for range 1 + chance.IntN(3) {
		k.Rates = append(k.Rates, Rates[chance.IntN(len(Rates))])
	}
	return k
}

const workday = 10 * time.Hour

// Play a day of a trunk, and add what came of it.
func Play(kind Kind, seed uint64, tally *Tally) {
	w := &world{Kind: kind, chance: rand.New(rand.NewPCG(seed, 7)), now: dawn, open: make([]episode, len(kind.Rates)), tally: tally}
	tally.Trunks++
	w.before()
	w.somebody()
	w.play(dawn.Add(workday))
	w.close()
}

// before the day: a green head, what is known of two weeks, and the outages to come.
func (w *world) before() {
	first := &commit{reverts: nobody}
	for _, rate := range w.Rates {
		green := run{over: true}
		green.Started, green.Ended = dawn.Add(-time.Hour), dawn.Add(-time.Hour+w.Suite)
		first.faults, first.runs = append(first.faults, nil), append(first.runs, []run{green})
		w.past = append(w.past, w.lately(rate))
	}
	w.line = []*commit{first}
	if w.Outages == 0 {
		return
	}
	mean := time.Duration(float64(workday) / w.Outages)
	for at := dawn.Add(w.after(mean)); at.Before(dawn.Add(workday)); {
		o := outage{at, at.Add(w.after(20 * time.Minute))}
		w.outages = append(w.outages, o)
		at = o.until.Add(w.after(mean))
	}
}

// lately is how a check did in ten days of work, on main and four times as often on changes.
func (w *world) lately(rate float64) (c counted) {
	if w.New {
		return c
	}
	c.runs = 4 * 10 * int(workday/w.Gap)
	for range c.runs {
		if w.chance.Float64() < rate {
			c.flakes++
		}
	}
	return c
}
