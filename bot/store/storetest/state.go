package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func conflict(t *testing.T, b *bench) {
	b.plan("p1", bot.Plan{Docs: []bot.Doc{note{Key: "n", Text: "one"}}})
	mine, yours := b.note("n"), b.note("n")
	mine.Text, yours.Text = "mine", "yours"
	b.plan("p2", bot.Plan{Docs: []bot.Doc{mine}})
	b.hear("p3", 3)
	l := b.take("me", "p3")
	err := b.Save(t.Context(), l, bot.Plan{Docs: []bot.Doc{note{Key: "other"}, yours}, Facts: []bot.Fact{bot.NewFact("k", repo, "s", b.clock.At, nil)}}, false)
	if !errors.Is(err, bot.ErrConflict) {
		t.Fatalf("both saved: %v", err)
	}
	if b.note("n").Text != "mine" || b.note("other").V != 0 {
		t.Error("half of the plan was saved")
	}
	if facts, _ := b.Facts(t.Context(), bot.FactQuery{}); len(facts) != 0 {
		t.Error("a fact of a plan that failed was learned")
	}
	b.save(l, bot.Plan{}) // and it can be tried again
}

// restsOn: what a plan has seen is compared and left as it is.
func restsOn(t *testing.T, b *bench) {
	b.plan("p1", bot.Plan{Docs: []bot.Doc{note{Key: "n", Text: "one"}}})
	two := b.note("n")
	two.Text = "two"
	b.plan("p2", bot.Plan{Docs: []bot.Doc{two}})
	b.hear("p3", 3)
	l := b.take("me", "p3")
	for name, stale := range map[string]bot.Seen{
		"an older version":       {Key: "n", Version: 1},
		"a version to come":      {Key: "n", Version: 3},
		"none, and there is one": {Key: "n"},
		"one, and there is none": {Key: "none", Version: 1},
	} {
		plan := bot.Plan{Docs: []bot.Doc{note{Key: "other"}}}
		plan.See(stale.Key, stale.Version)
		if err := b.Save(t.Context(), l, plan, false); !errors.Is(err, bot.ErrConflict) || b.note("other").V != 0 {
			t.Errorf("%s was seen, and the plan is saved: %v", name, err)
		}
	}
	var plan bot.Plan
	plan.See("n", 2)
	plan.See("none", 0)
	three := b.note("n")
	three.Text = "three"
	plan.Join(bot.Plan{Seen: []bot.Seen{{Key: "n", Version: 2}}, Docs: []bot.Doc{three, note{Key: "none"}}}) // seen, and kept besides
	b.save(l, plan)
	if n := b.note("n"); n.V != 3 || b.note("none").V != 1 {
		t.Errorf("what was seen and kept has version %d", n.V)
	}
	b.plan("p4", bot.Plan{Seen: []bot.Seen{{Key: "n", Version: 3}}})
	if n := b.note("n"); n.V != 3 {
		t.Errorf("what was only seen has version %d", n.V)
	}
}

func claims(t *testing.T, b *bench) {
	b.plan("p1", bot.Plan{Docs: []bot.Doc{note{Key: "canary", Own: []string{"slot"}}}})
	b.hear("p2", 2)
	l := b.take("me", "p2")
	if err := b.Save(t.Context(), l, bot.Plan{Docs: []bot.Doc{note{Key: "rival", Own: []string{"slot"}}}}, false); !errors.Is(err, bot.ErrConflict) {
		t.Fatalf("two hold the slot: %v", err)
	}
	canary := b.note("canary")
	canary.Own = nil
	b.save(l, bot.Plan{Docs: []bot.Doc{note{Key: "production", Own: []string{"slot"}}, canary}})
	if holder, err := b.Holder(t.Context(), "slot"); err != nil || holder != "production" {
		t.Errorf("the slot is held by %q (%v)", holder, err)
	}
}

// held: who let go, or never held one, is not read.
func held(t *testing.T, b *bench) {
	b.plan("p1", bot.Plan{Docs: []bot.Doc{
		note{Key: "a", Own: []string{"open/42#2"}}, note{Key: "b", Own: []string{"open/42#1", "slot"}}, note{Key: "c", Own: []string{"open/42#3"}},
		note{Key: "d", Own: []string{"open/421#1"}}, note{Key: "open/42#4"},
	}})
	c := b.note("c")
	c.Own = nil
	b.plan("p2", bot.Plan{Docs: []bot.Doc{c, note{Key: "e", Own: []string{"open/42#é"}}}})
	var notes []*note
	b.must(b.Held(t.Context(), "open/42#", func() interface{ SetVersion(int) } {
		notes = append(notes, &note{})
		return notes[len(notes)-1]
	}))
	var keys string
	for _, n := range notes {
		keys += n.Key
	}
	if keys != "bae" || notes[0].V != 1 {
		t.Errorf("read are %q", keys)
	}
	b.must(b.Held(t.Context(), "none/", func() interface{ SetVersion(int) } { t.Error("nothing is held there"); return &note{} }))
}

func ledger(t *testing.T, b *bench) {
	other := bot.RepoRef{Installation: 7, ID: 43, Name: "acme/web"}
	b.plan("p1", bot.Plan{Facts: []bot.Fact{
		bot.NewFact("main.broke", repo, "main", b.clock.At, map[string]int{"n": 1}),
		bot.NewFact("main.broke", other, "main", b.clock.At, nil),
	}})
	b.plan("p2", bot.Plan{Facts: []bot.Fact{bot.NewFact("main.healed", repo, "main", b.clock.At.Add(time.Minute), nil).Asked(bot.Person{Login: "amy"})}})
	facts, err := b.Facts(t.Context(), bot.FactQuery{Repo: repo, Kinds: []string{"main.broke", "main.healed"}, From: b.clock.At.Add(-time.Hour), To: b.clock.At.Add(time.Hour)})
	b.must(err)
	if len(facts) != 2 || facts[0].Cause != "p1" || facts[1].By != "@amy" || facts[1].Repo != repo {
		t.Errorf("facts = %+v", facts)
	}
	last, err := b.Facts(t.Context(), bot.FactQuery{Repo: repo, Last: 1})
	b.must(err)
	if len(last) != 1 || last[0].Kind != "main.healed" {
		t.Errorf("the newest = %+v", last)
	}
	if both, err := b.Facts(t.Context(), bot.FactQuery{Last: 2}); err != nil || len(both) != 2 || both[1].Kind != "main.healed" {
		t.Errorf("the newest two = %+v (%v)", both, err)
	}
	b.must(b.VerifyLedger(t.Context()))
}
