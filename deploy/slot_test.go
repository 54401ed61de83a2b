package deploy

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func sha(n int) bot.SHA { return bot.SHA(fmt.Sprintf("%040x", n)) }

// ended makes the next rollout of a slot and lets it end.
func ended(s Slot, n int, state State, blamed bool) Slot {
	s, r, _ := Begin(s, Asking{Release: release(sha(n)), Stage: allAtOnce(), Kind: KindDeploy}, begin)
	r.State, r.Blamed, r.Why, r.EndedAt = state, blamed, "why", begin
	return s.Settle(r, begin)
}

func TestBegin(t *testing.T) {
	before := slotWith(older)
	slot, r, plan := Begin(before, Asking{Release: release(newer), Stage: canary(), Watch: watched(), Kind: KindDeploy, By: ann}, begin)
	if before.Running != "" || before.Fence != 3 {
		t.Error("the slot that was given is changed")
	}
	if slot.Running != r.ID || r.ID != slot.Key+"/4" || r.Number != 4 || slot.Fence != 4 || r.Fence != 4 {
		t.Errorf("slot %+v, rollout %s with fence %d", slot, r.ID, r.Fence)
	}
	if r.State != Starting || r.Stable != older || r.Before != slot.Key+"/3" || !slices.Equal(r.Claims(), []string{"slot/" + slot.Key}) {
		t.Errorf("began as %+v", r)
	}
	if len(plan.Answers) != 0 || len(plan.Effects) != 2 || len(plan.Timers) != 2 || plan.Facts[0].Kind != "rollout.begun" {
		t.Errorf("its plan is %+v", plan)
	}
	start := plan.Effects[1].(bot.StartStage)
	if start.OrderID() != r.ID || start.Order.Weight != 5 || start.Order.SHA != newer || start.Order.Slot() != slot.Key {
		t.Errorf("the order is %+v", start.Order)
	}
	if _, asked, plan := Begin(before, Asking{Release: release(newer), Stage: canary(), Kind: KindDeploy, By: ann, Asked: true}, begin); len(plan.Answers) != 2 || len(plan.Effects) != 0 || !asked.Asked {
		t.Error("what a person asked for is not an answer")
	}
	if _, first, _ := Begin(Slot{Key: "k"}, Asking{Release: release(newer), Stage: canary()}, begin); first.Stable != "" || first.ID != "k/1" {
		t.Errorf("the first of all is %+v", first)
	}
}

func TestSettle(t *testing.T) {
	live := ended(Slot{Key: "k"}, 1, Succeeded, false)
	if live.Live == nil || live.Live.Release.SHA != sha(1) || len(live.Good) != 1 || live.Running != "" {
		t.Errorf("after success: %+v", live)
	}
	if back := ended(live, 2, RolledBack, true); !back.IsBad(sha(2)) || back.Live.Release.SHA != sha(1) || back.Running != "" {
		t.Errorf("after production's no: %+v", back)
	}
	if back := ended(live, 2, RolledBack, false); back.IsBad(sha(2)) {
		t.Error("blamed for what production did not say")
	}
	if stopped := ended(live, 2, Aborted, false); stopped.IsBad(sha(2)) || stopped.Dirty != "" {
		t.Errorf("after a stop: %+v", stopped)
	}
	dirty := ended(live, 2, RollbackFailed, true)
	if dirty.Dirty == "" || !dirty.IsBad(sha(2)) {
		t.Errorf("after a failed way back: %+v", dirty)
	}
	if clean := ended(dirty, 3, Succeeded, false); clean.Dirty != "" || clean.Live.Release.SHA != sha(3) {
		t.Errorf("known again: %+v", clean)
	}
}

// What became of a rollout that does not hold the slot, or has not ended,
// says nothing of the slot.
func TestSettleOnlyItsOwn(t *testing.T) {
	slot, r, _ := Begin(slotWith(older), Asking{Release: release(newer), Stage: allAtOnce()}, begin)
	if after := slot.Settle(r, begin); after.Running != r.ID {
		t.Error("a rollout that goes on gave up its slot")
	}
	r.State = Succeeded
	if after := slotWith(older).Settle(r, begin); after.Live.Release.SHA != older {
		t.Error("a rollout that is not of this slot's moment is live")
	}
	once := slot.Settle(r, begin)
	if twice := once.Settle(r, begin); len(twice.Good) != len(once.Good) {
		t.Error("settled twice counts twice")
	}
}

func TestReported(t *testing.T) {
	first, news := Slot{Key: "k"}.Reported(Placed{Release: release(sha(1)), At: begin})
	if !news || first.Live.Release.SHA != sha(1) || len(first.Good) != 1 {
		t.Errorf("the first is %+v", first)
	}
	for name, p := range map[string]Placed{
		"told again":       {Release: release(sha(1)), At: begin.Add(time.Hour)},
		"told late":        {Release: release(sha(2)), At: begin.Add(-time.Hour)},
		"of the same time": {Release: release(sha(2)), At: begin},
	} {
		if after, news := first.Reported(p); news || after.Live.Release.SHA != sha(1) || len(after.Good) != 1 {
			t.Errorf("%s: %+v", name, after)
		}
	}
	slot := first
	for n := 2; n < 100; n++ {
		slot, _ = slot.Reported(Placed{Release: release(sha(n)), At: begin.Add(time.Duration(n) * time.Hour)})
	}
	if back, ok := slot.Back(); !ok || back.Release.SHA != sha(98) || len(slot.Good) != keepGood {
		t.Errorf("after many: %+v, %d are good", back, len(slot.Good))
	}
}

// What somebody else brought soaks as long as the slowest stage of the
// environment asks; a canary that goes on to the end does so in its last step.
func TestSoakIn(t *testing.T) {
	all := []WeightStep{{Weight: 100}}
	p := Pipeline{Stages: []Stage{
		{Environment: "staging", Steps: all},
		{Environment: "production", Steps: []WeightStep{{Weight: 5, For: time.Hour}}},
		{Environment: "production", Steps: all, Soak: 10 * time.Minute},
		{Environment: "eu", Steps: []WeightStep{{Weight: 5, For: time.Hour}, {Weight: 100, For: 3 * time.Minute}}},
	}}
	for environment, want := range map[string]time.Duration{"staging": 0, "production": 10 * time.Minute, "eu": 3 * time.Minute, "elsewhere": 0} {
		if got := p.SoakIn(environment); got != want {
			t.Errorf("in %s it soaks %v, want %v", environment, got, want)
		}
	}
}

func TestWhatARollbackBrings(t *testing.T) {
	three := ended(ended(ended(Slot{Key: "k"}, 1, Succeeded, false), 2, Succeeded, false), 3, Succeeded, false)
	bad := three
	bad.Bad = []bot.SHA{sha(2)}
	dirty := ended(three, 4, RollbackFailed, false)
	dirtyAndBad := dirty
	dirtyAndBad.Bad = []bot.SHA{sha(3)}
	for name, c := range map[string]struct {
		slot Slot
		want bot.SHA
	}{
		"nothing was ever live":           {Slot{}, ""},
		"one is live":                     {slotWith(older), ""},
		"the one before":                  {three, sha(2)},
		"not a bad one":                   {bad, sha(1)},
		"nobody knows what runs":          {dirty, sha(3)},
		"nor was what was live good":      {dirtyAndBad, sha(2)},
		"another is known to be live now": {ended(dirty, 5, Succeeded, false), sha(3)},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := c.slot.Back(); got.Release.SHA != c.want || ok != (c.want != "") {
				t.Errorf("it brings %q, %t; want %q", got.Release.SHA, ok, c.want)
			}
		})
	}
}

// However rollouts end: fences grow, one rollout holds the slot at a time, and
// what we go back to was live and is neither live now nor bad.
func TestSlotModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		slot, was := Slot{Key: "k"}, map[bot.SHA]bool{}
		for range rapid.IntRange(0, 30).Draw(t, "rollouts") {
			n, fence := rapid.IntRange(1, 6).Draw(t, "sha"), slot.Fence
			state := rapid.SampledFrom([]State{Succeeded, Promoted, RolledBack, Aborted, Failed, RollbackFailed}).Draw(t, "state")
			slot = ended(slot, n, state, rapid.Bool().Draw(t, "blamed"))
			was[sha(n)] = was[sha(n)] || state == Succeeded
			if slot.Fence != fence+1 || slot.Running != "" || len(slot.Good) > keepGood {
				t.Fatalf("the slot is %+v", slot)
			}
			if p, ok := slot.Back(); ok && (!was[p.Release.SHA] || slot.IsBad(p.Release.SHA) || slot.Dirty == "" && p.Release.SHA == slot.Live.Release.SHA) {
				t.Fatalf("it would go back to %s: %+v", p.Release.SHA, slot)
			}
		}
	})
}

// Harm that comes late is seen, also after more windows than are kept.
func TestHarmAfterManyWindows(t *testing.T) {
	s := stage(WeightStep{Weight: 5})
	s.Timeouts.Rollout = 48 * time.Hour
	x := started(t, s, watched(), older).placed()
	for range 700 {
		x.look(healthy())
	}
	x.want(Resting)
	for range 60 {
		if x.r.State == Resting {
			x.look(bot.Window{CanaryBad: 1000, CanaryTotal: 2000, StableBad: 100, StableTotal: 20000})
		}
	}
	x.want(Returning)
}

func TestQueries(t *testing.T) {
	x := started(t, canary(), watched(), older).placed()
	x.r.Watch.Arms = Arms{Canary: `v="{{ .SHA }}"`, Stable: `v="{{.StableSHA}}"`}
	x.look(bot.Window{Cursor: []byte(`7`), CanaryTotal: 1, StableTotal: 1})
	if early := x.r.Queries(x.now.Add(time.Second)); len(early) != 0 {
		t.Errorf("it asks before its turn: %+v", early)
	}
	if back := x.now.Add(-time.Hour); !x.r.Queries(back)["errors"].From.Equal(back) {
		t.Errorf("by a clock that was set back it asks %+v", x.r.Queries(back))
	}
	q := x.r.Queries(x.now.Add(time.Minute))["errors"]
	if q.Ratio.CanaryBad != `bad{ v="`+string(newer)+`" }` || q.Ratio.StableTotal != `all{ v="`+string(older)+`" }` {
		t.Errorf("it asks %+v", q.Ratio)
	}
	if q.Source != "prom" || string(q.Cursor) != "7" || !q.From.Equal(x.now) || x.r.Watch.Windows["errors"][0].Cursor != nil {
		t.Errorf("it asks %+v", q)
	}
	if all := started(t, allAtOnce(), watched(), older).r.Queries(begin); len(all) != 0 {
		t.Errorf("nothing runs beside all of the traffic: %+v", all)
	}
}

// What is refused is refused until a person clears it, and no more commits are
// remembered so than the bound.
func TestMarkedAndCleared(t *testing.T) {
	var s Slot
	for n := range 3 * keepBad {
		before := s
		s = s.Marked(sha(n)).Marked(sha(n))
		if len(before.Bad) > 0 && before.IsBad(sha(n)) {
			t.Fatal("the slot that was given is changed")
		}
	}
	if len(s.Bad) != keepBad || !s.IsBad(sha(3*keepBad-1)) || s.IsBad(sha(0)) {
		t.Errorf("%d are refused, the last of them %s", len(s.Bad), s.Bad[len(s.Bad)-1])
	}
	cleared := s.Cleared(sha(3*keepBad - 5))
	if cleared.IsBad(sha(3*keepBad-5)) || len(cleared.Bad) != keepBad-1 || !s.IsBad(sha(3*keepBad-5)) {
		t.Errorf("cleared: %d are refused", len(cleared.Bad))
	}
}

// Where nobody knows what runs, whoever brings something there successfully
// afterwards makes it known; what is told late of the time before does not.
func TestSomebodyElseMakesItKnown(t *testing.T) {
	dirty := ended(ended(Slot{Key: "k"}, 1, Succeeded, false), 2, RollbackFailed, false)
	dirty.Live.At = begin.Add(-time.Hour)
	for name, c := range map[string]struct {
		placed Placed
		clean  bool
	}{
		"another release, after": {Placed{Release: release(sha(3)), At: begin.Add(time.Second)}, true},
		"the same, again, after": {Placed{Release: release(sha(1)), At: begin.Add(time.Second)}, true},
		"before it was so":       {Placed{Release: release(sha(3)), At: begin.Add(-time.Minute)}, false},
		"at that very moment":    {Placed{Release: release(sha(3)), At: begin}, false},
		"before what was live":   {Placed{Release: release(sha(3)), At: begin.Add(-2 * time.Hour)}, false},
	} {
		after, news := dirty.Reported(c.placed)
		if got := after.Dirty == ""; got != c.clean || c.clean && (!news || !after.DirtyAt.IsZero() || after.Live.Release.SHA != c.placed.Release.SHA) {
			t.Errorf("%s: %+v, %t", name, after, news)
		}
	}
}

// Of two merges into one branch the later contains the earlier; of anything
// else nobody can say so.
func TestMergedBefore(t *testing.T) {
	at := time.Date(2026, 3, 9, 16, 0, 0, 0, time.UTC)
	merged := func(base string, merged bool, at time.Time) Release {
		return Release{Base: base, Merged: merged, MergedAt: at}
	}
	later := merged("main", true, at.Add(time.Second))
	for name, c := range map[string]struct {
		r    Release
		want bool
	}{
		"a second before":           {merged("main", true, at), true},
		"in the same second":        {later, false},
		"after it":                  {merged("main", true, at.Add(time.Minute)), false},
		"into another branch":       {merged("next", true, at), false},
		"not merged":                {merged("main", false, time.Time{}), false},
		"from before times we kept": {merged("main", true, time.Time{}), false},
	} {
		if got := c.r.MergedBefore(later); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// soaking makes releases live one after the other, each so long after the one
// before; each soaks for ten minutes.
func soaking(after ...time.Duration) (Slot, time.Time) {
	slot, now := slotWith(older), begin
	for n, d := range after {
		now = now.Add(d)
		slot = lives(slot, n, KindDeploy, now)
	}
	return slot, now
}

func lives(s Slot, n int, kind string, now time.Time) Slot {
	stage := allAtOnce()
	stage.Soak = 10 * time.Minute
	s, r, _ := Begin(s, Asking{Release: release(sha(n)), Stage: stage, Kind: kind}, now)
	r.State = Succeeded
	return s.Settle(r, now)
}

// Only what was live for as long as it has to soak is what we go back to; what
// was replaced before never is, also later.
func TestOnlyWhatSoakedIsKnownGood(t *testing.T) {
	slot, now := soaking(0)
	if back, _ := slot.Back(); back.Release.SHA != older || slot.Live.Release.SHA != sha(0) {
		t.Errorf("while it soaks a rollback brings %s", back.Release.SHA)
	}
	if back, _ := lives(slot, 1, KindDeploy, now.Add(9*time.Minute)).Back(); back.Release.SHA != older {
		t.Errorf("replaced too early, and a rollback brings %s", back.Release.SHA)
	}
	if back, _ := lives(slot, 1, KindDeploy, now.Add(10*time.Minute)).Back(); back.Release.SHA != sha(0) {
		t.Errorf("it soaked, and a rollback brings %s", back.Release.SHA)
	}
	slot, _ = soaking(0, time.Minute, time.Hour)
	if back, _ := slot.Back(); back.Release.SHA != sha(1) || len(slot.Good) != 2 {
		t.Errorf("known good are %+v", slot.Good)
	}
	slot, now = soaking(0)
	back := lives(slot, 7, KindRollback, now.Add(time.Minute)) // what was good is so at once
	if n := len(back.Good); n != 2 || back.Good[n-1].Release.SHA != sha(7) {
		t.Errorf("after a rollback known good are %+v", back.Good)
	}
	slot.Dirty, slot.DirtyAt = "nobody knows", now.Add(time.Minute)
	if back, _ := slot.Back(); back.Release.SHA != older {
		t.Errorf("nobody knows what runs, and %s did not soak", back.Release.SHA)
	}
}
