package storetest

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// fetched: what is fetched is new, in its order; what was heard is known; and
// nothing is heard of a plan that is not saved.
func fetched(t *testing.T, b *bench) {
	b.hear("d1", 1)
	var plan bot.Plan
	for i := range 200 {
		id := fmt.Sprintf("f%03d", i)
		if i == 7 {
			id = "d1"
		}
		plan.Hear(bot.Letter{ID: id, Source: "test", Name: "x", Body: []byte("fetched")}, bot.Letter{ID: "f000", Source: "test", Name: "x", Body: []byte("again")})
	}
	l := b.take("me", "d1")
	wrong := l
	wrong.Owner = "you"
	b.conflicts("somebody else", map[string]error{"saves": b.Save(t.Context(), wrong, plan, false)})
	if _, ok, err := b.NextNew(t.Context()); ok || err != nil {
		t.Fatalf("something was heard of a plan that was not saved (%v)", err)
	}
	b.save(l, plan)
	known, err := b.Known(t.Context(), []string{"d1", "f000", "f199", "g"})
	b.must(err)
	if got := slices.Sorted(maps.Keys(known)); !slices.Equal(got, []string{"d1", "f000", "f199"}) {
		t.Errorf("known are %v", got)
	}
	if known, err := b.Known(t.Context(), nil); len(known) > 0 || err != nil {
		t.Errorf("of none, known are %v (%v)", known, err)
	}
	for i := range 200 {
		if i == 7 {
			continue
		}
		l, ok, err := b.NextNew(t.Context())
		if err != nil || !ok || l.ID != fmt.Sprintf("f%03d", i) || string(l.Body) != "fetched" || !l.At.Equal(b.clock.At) {
			t.Fatalf("at %d is %+v (%v)", i, l, err)
		}
		l.State = bot.LetterIgnored
		b.must(b.Sort(t.Context(), l))
	}
	if l, ok, _ := b.NextNew(t.Context()); ok {
		t.Errorf("%s was heard too", l.ID)
	}
}
