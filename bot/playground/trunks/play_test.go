package trunks

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// days of trunks that some seeds draw, changed by adapt.
func days(n uint64, adapt func(*Kind)) (t Tally) {
	for seed := range n {
		k := Draw(seed)
		adapt(&k)
		Play(k, seed, &t)
	}
	return t
}

// steady trunks have healthy checks of which much is known.
func steady(k *Kind) { k.Rates, k.New = []float64{0, 0.0005}, false }

func TestCulpritsAreRight(t *testing.T) {
	t.Parallel()
	d := days(150, steady)
	if d.Certain < 150 || d.CertainRight < d.Certain*995/1000 || d.Named < (d.Faults-d.Repaired-d.Unfinished)*9/10 {
		t.Errorf("%+v", d)
	}
	if d.Healed(0.5) > 7*time.Minute || d.Healed(0.9) > 10*time.Minute || len(d.Heals) < 100 {
		t.Errorf("it took %s, and %s, %d times", d.Healed(0.5), d.Healed(0.9), len(d.Heals))
	}
	if d.Outages < 20 || d.OutagesRed > d.Outages/20 || d.Blamed > d.Outages/10 {
		t.Errorf("of %d outages %d were taken for a break, and %d times somebody was named", d.Outages, d.OutagesRed, d.Blamed)
	}
}

func TestFlakesAreNoBreaks(t *testing.T) {
	t.Parallel()
	d := days(150, func(k *Kind) { k.Rates, k.New, k.Breaks = []float64{0.03, 0.1}, false, 0 })
	if d.Flakes < 500 || d.WronglyRed > max(1, d.Flakes/1000) || d.Certain > d.WronglyRed {
		t.Errorf("%+v", d)
	}
}

// TestLessEvidenceIsNoticed: a judgement that asks for less is wrong more often
// than is allowed, and the simulation shows it.
func TestLessEvidenceIsNoticed(t *testing.T) {
	t.Parallel()
	flaky := func(k *Kind) { k.Rates, k.New = []float64{0.1, 0.1}, false }
	once := days(60, func(k *Kind) { flaky(k); k.Settings.Repeats = 1 })
	if once.WronglyRed <= once.Flakes/1000 {
		t.Errorf("one repeat confirms %d of %d flakes, and that is not noticed", once.WronglyRed, once.Flakes)
	}
	alone := days(60, func(k *Kind) { steady(k); k.Outages, k.Settings.Control = 2, false })
	if alone.CertainRight >= alone.Certain*995/1000 {
		t.Errorf("without a control %d of %d are right, and nothing is noticed", alone.CertainRight, alone.Certain)
	}
}

func TestADayIsTheSameAgain(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(days(30, func(*Kind) {}), days(30, func(*Kind) {})); diff != "" {
		t.Error(diff)
	}
}
