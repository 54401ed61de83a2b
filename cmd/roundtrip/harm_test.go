package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// harm is a bot that does not do what was decided. It answers the effects to
// perform in the place of one: none is one that is lost.
type harm func(bot.Effect) []bot.Effect

// lost lets effects of a kind vanish.
func lost[E bot.Effect](is func(E) bool) harm {
	return func(e bot.Effect) []bot.Effect {
		if mine, ok := e.(E); ok && is(mine) {
			return nil
		}
		return []bot.Effect{e}
	}
}

// also does another effect beside one of a kind.
func also[E bot.Effect](other func(E) bot.Effect) harm {
	return func(e bot.Effect) []bot.Effect {
		if mine, ok := e.(E); ok {
			if o := other(mine); o != nil {
				return []bot.Effect{e, o}
			}
		}
		return []bot.Effect{e}
	}
}

// harms that the scoreboard must see, each with the lines that are about it.
var harms = map[string]struct {
	does  harm
	lines []string
}{
	"each order begun twice": {also(func(e bot.StartStage) bot.Effect {
		e.Order.Key += "-again"
		e.Order.Fence++
		return e
	}), []string{"One rollout at a time in a slot"}},
	"a second summary": {also(func(e bot.KeepComment) bot.Effect {
		if !strings.HasPrefix(e.Place, "rollout/") {
			return nil
		}
		e.Place += "-2"
		return e
	}), []string{"No more comments than allowed"}},
	"a message told twice": {also(func(e bot.KeepMessage) bot.Effect {
		if e.Thread != "" {
			return nil
		}
		e.Place += "-2"
		return e
	}), []string{"One message for each rollout"}},
	"a rollout that the chat is not told of": {lost(func(e bot.KeepMessage) bool { return strings.HasPrefix(e.Place, "rollout/") && e.Thread == "" }), []string{"The chat tells each rollout"}},
	"an end that the chat is not told of":    {lost(func(e bot.KeepMessage) bool { return strings.Contains(e.Text, "Rolled back") && e.Thread == "" }), []string{"The chat tells each rollout"}},
	"a success that GitHub is not told of":   {lost(func(e bot.MirrorRollout) bool { return e.State == "success" }), []string{"GitHub shows what runs"}},
	"a failure that GitHub is not told of":   {lost(func(e bot.MirrorRollout) bool { return e.State == "failure" }), []string{"No more comments than allowed"}},
	"no word to GitHub after the start":      {lost(func(e bot.MirrorRollout) bool { return e.State != "queued" && e.State != "in_progress" }), []string{"GitHub shows what runs"}},
	"traffic left on a canary that failed":   {lost(func(bot.AbortStage) bool { return true }), []string{"GitHub shows what runs"}},
	"a command without an answer":            {lost(func(e bot.React) bool { return e.Reaction == bot.Rocket }), []string{"No deploy is lost"}},
	"a head that is not judged":              {lost(func(e bot.SetCheck) bool { return e.Name == "roundtrip / batch" }), []string{"Each head is judged"}},
	"nobody released by a green main":        {lost(func(e bot.SetCheck) bool { return e.Title == "main is green" }), []string{"Nobody waits for a green main"}},
}

// TestTheScoreboardSeesHarm: a quarter of an hour's work of a bot that does
// not do what was decided turns the lines red that are about it, and the work
// of a sound one turns none red.
func TestTheScoreboardSeesHarm(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("each harm takes a second or two")
	}
	if red := reds(t, func(e bot.Effect) []bot.Effect { return []bot.Effect{e} }); len(red) > 0 {
		t.Fatalf("a sound bot turns the board red: %v", red)
	}
	for what, c := range harms {
		t.Run(what, func(t *testing.T) {
			red := reds(t, c.does)
			for _, line := range c.lines {
				if !slices.ContainsFunc(red, func(why string) bool { return strings.HasPrefix(why, line+": ") }) {
					t.Errorf("%q stays green; red is: %v", line, red)
				}
			}
		})
	}
}

// reds is what the board says after the work of a bot with a harm.
func reds(t *testing.T, does harm) []string {
	t.Helper()
	h := newHourWith(t, 1, playground.StoryFile, func(lanes []engine.Lane) []engine.Lane {
		for i := range lanes {
			for j, p := range lanes[i].Performers {
				lanes[i].Performers[j] = harming{p, does}
			}
		}
		return lanes
	})
	h.settle(false)
	h.goodAndBad()
	h.redMain()
	red, quiet := h.holds()
	if !quiet {
		t.Fatalf("it does not come to rest: %s", h.unrest())
	}
	return red
}

// goodAndBad is one change that is promoted and one that goes back.
func (h *hour) goodAndBad() {
	good := h.opens("A good one")
	h.says(good, "/deploy staging", 5*time.Minute)
	h.says(good, "/deploy canary", 15*time.Minute)
	h.says(good, "/promote", 5*time.Minute)
	bad := h.opens("A bad one")
	h.w.Prod.Teach(must[fakegithub.ChangeView](h.t)(h.w.GitHub.Change(playground.Repo, bad)).Head, fakeprod.Behaviour{FailEvery: 5})
	h.says(bad, "/deploy staging", 5*time.Minute)
	h.says(bad, "/deploy canary", 15*time.Minute)
}

func (h *hour) opens(title string) int {
	n := must[int](h.t)(h.w.OpenChange(fakegithub.NewChange{Author: "alice", Title: title}, playground.Size{Added: 12}))
	for _, check := range []string{"build", "unit"} {
		h.pass(time.Minute, time.Minute, false)
		h.report(n, check, 0)
	}
	h.pass(time.Minute, time.Minute, false)
	return n
}

func (h *hour) says(n int, line string, then time.Duration) {
	h.say(n, line)
	h.pass(then, time.Minute, false)
}

// redMain breaks main and mends it again.
func (h *hour) redMain() {
	for _, unit := range []string{"success", "failure", "success"} {
		for check, outcome := range map[string]string{"build": "success", "unit": unit} {
			if err := h.w.Report(check, "main", outcome); err != nil {
				h.t.Fatal(err)
			}
		}
		h.pass(2*time.Minute, time.Minute, false)
	}
}

// harming performs what a harm makes of effects.
type harming struct {
	engine.Performer
	does harm
}

// Perform performs what the harm left of it.
func (p harming) Perform(ctx context.Context, job bot.Job) (r bot.Receipt, err error) {
	for i, e := range p.does(job.Effect) {
		job.Effect = e
		if i > 0 {
			job.Last = bot.Receipt{}
		}
		one, oneErr := p.Performer.Perform(ctx, job)
		if err = errors.Join(err, oneErr); i == 0 {
			r = one
		}
	}
	return r, err
}

// Confirm asks who performs, if they can tell.
func (p harming) Confirm(ctx context.Context, o bot.Order) (bot.Receipt, bool, error) {
	if c, ok := p.Performer.(engine.Confirmer); ok {
		return c.Confirm(ctx, o)
	}
	return bot.Receipt{}, false, bot.Doubtful{Err: fmt.Errorf("nobody can tell of %s", o.OrderID())}
}
