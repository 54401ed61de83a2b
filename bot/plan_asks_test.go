package bot_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// What a plan puts into the outbox: of a kind and key the last, in the place of
// the first; what nobody asked for is held where a server only observes, and
// whoever waits for how it ends is told so.
func TestWhatAPlanAsksFor(t *testing.T) {
	ref := bot.ChangeRef{Repo: bot.RepoRef{ID: 1, Name: "acme/shop"}, Number: 7}
	comment := func(body string) bot.Effect { return bot.KeepComment{Ref: ref, Place: "p", Body: body} }
	start := bot.StartStage{Order: bot.StageOrder{Key: "r1/1"}}
	p := bot.Plan{
		Effects: []bot.Effect{comment("one"), start, comment("two")},
		Held:    []bot.Effect{comment("held")},
		Answers: []bot.Effect{comment("asked")},
	}
	for observe, want := range map[bool][]string{
		false: {"waiting two", "waiting order", "held held", "waiting asked"},
		true:  {"held two", "held order told", "held held", "waiting asked"},
	} {
		asks, err := p.Asks("d", observe)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range asks {
			var body struct{ Body string }
			if err := json.Unmarshal(a.Body, &body); err != nil || a.Cause != "d" || a.Hash == "" {
				t.Errorf("%+v (%v)", a, err)
			}
			what := body.Body
			if a.Order {
				what = "order"
			}
			if a.Tell != nil {
				what += " told"
				if a.TellID != fmt.Sprintf("held/d/%s/%s", start.Kind(), start.Key()) {
					t.Errorf("it is told as %s", a.TellID)
				}
			}
			got = append(got, a.State+" "+what)
		}
		if !slices.Equal(got, want) {
			t.Errorf("observe %v: %q, want %q", observe, got, want)
		}
	}
}

func TestWithoutAGroupOfItsOwn(t *testing.T) {
	comment := bot.KeepComment{Place: "p"}
	if got := bot.GroupOf(comment); got != comment.Kind()+"/"+comment.Key() {
		t.Errorf("its group is %s", got)
	}
	if start := (bot.StartStage{Order: bot.StageOrder{Key: "r1/1"}}); bot.GroupOf(start) != start.Group() {
		t.Errorf("its group is %s", bot.GroupOf(start))
	}
}
