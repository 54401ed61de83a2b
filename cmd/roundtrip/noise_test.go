package main

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// How much happens to the one change of TestNoise.
const (
	noisyPushes   = 200
	noisyChecks   = 50
	noisyRollouts = 3 // of which the last alone passes
)

// noisyFile lets a change go to the canary without staging, so that a rollout
// is one rollout.
var noisyFile = strings.Replace(playground.StoryFile, "    after: {staging: 1m}\n", "", 1)

// TestNoise: 200 pushes, 50 check runs and three rollouts on one change, of
// which two fail: one comment about its rollouts and one for each that failed,
// one message in Slack for each rollout, and no write after which all was as
// it had been. Then all of it comes again, with the ids that it had and with
// others: nothing is written.
func TestNoise(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("so many pushes take half a minute")
	}
	h := newHourWith(t, 1, noisyFile, nil)
	h.settle(false)
	n := must[int](t)(h.w.OpenChange(fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"}, playground.Size{Added: 14, Deleted: 3}))
	h.open = append(h.open, n)
	h.noise(n)
	h.quietEnough(n)
	before := h.written()
	for _, d := range h.w.GitHub.Deliveries() {
		if err := h.w.GitHub.Redeliver(t.Context(), d.ID); err != nil {
			t.Fatal(err)
		}
	}
	h.settle(false)
	h.nothingSince(before, "delivered again")
	h.deliverAnew()
	h.nothingSince(before, "delivered again by another id")
}

// noise is all that happens to the change, in three parts: pushes alone and in
// bursts, CI on every few of them, and at the end of each part a rollout.
func (h *hour) noise(n int) {
	pushes, checks := 0, 0
	for part := 1; part <= noisyRollouts; part++ {
		for ; pushes < noisyPushes*part/noisyRollouts; pushes++ {
			h.push(n)
			if checks < noisyChecks*part/noisyRollouts {
				h.report(n, []string{"build", "unit"}[checks%2], checks/2%3)
				checks++
			}
			if pushes%7 < 5 { // else it is one of a burst
				h.pass(time.Second, time.Second, false)
			}
		}
		h.rollout(n, part < noisyRollouts)
	}
	if pushes != noisyPushes || checks != noisyChecks {
		h.t.Fatalf("%d pushes and %d check runs", pushes, checks)
	}
}

// report tells of a check run: it passes, fails, or has only begun.
func (h *hour) report(n int, check string, how int) {
	if err := h.w.Report(check, fmt.Sprintf("#%d", n), []string{"success", "failure", "in_progress"}[how]); err != nil {
		h.t.Fatal(err)
	}
}

// rollout of the change's head to the canary, until it failed or passed.
func (h *hour) rollout(n int, bad bool) {
	head := must[fakegithub.ChangeView](h.t)(h.w.GitHub.Change(playground.Repo, n)).Head
	if bad {
		h.w.Prod.Teach(head, fakeprod.Behaviour{FailEvery: 5})
	}
	for _, check := range []string{"build", "unit"} {
		h.report(n, check, 0)
	}
	h.pass(time.Minute, 10*time.Second, false)
	h.say(n, "/deploy canary @"+head)
	h.pass(15*time.Minute, time.Minute, false)
}

// quietEnough counts what people have to read, and what was written in vain.
func (h *hour) quietEnough(n int) {
	h.t.Helper()
	c := must[fakegithub.ChangeView](h.t)(h.w.GitHub.Change(playground.Repo, n))
	started := map[string]int{"about rollouts": 0, "about one that failed": 0}
	for _, m := range c.Comments {
		switch {
		case m.Author != h.w.GitHub.BotLogin():
		case strings.Contains(m.Body, "went back from canary by itself"):
			started["about one that failed"]++
		default:
			started["about rollouts"]++
		}
	}
	if started["about rollouts"] != 1 || started["about one that failed"] != noisyRollouts-1 {
		h.t.Errorf("comments: %v; want 1, and %d: %s", started, noisyRollouts-1, bodies(c.Comments))
	}
	if got := stateNow(h.w); !slices.Equal(got, []string{"inactive", "inactive", "in_progress"}) {
		h.t.Errorf("the rollouts ended as %v: two were to go back and the last to stay", got)
	}
	parents := count(h.w.Slack.Messages("shop-deploys"), func(m fakeslack.Message) bool { return !m.IsReply() })
	if all := len(h.w.Slack.Messages("shop")); parents != noisyRollouts || all != 0 {
		h.t.Errorf("%d messages in #shop-deploys that are in no thread, not %d; and %d in #shop", parents, noisyRollouts, all)
	}
	h.nothingInVain()
}

// nothingInVain: no write of the bot's left all as it had been, and none was
// refused.
func (h *hour) nothingInVain() {
	h.t.Helper()
	checks := 0
	for _, w := range h.w.GitHub.Writes() {
		if w.Idle || w.Status >= 300 {
			h.t.Errorf("in vain, answered %d: %s %s", w.Status, w.Route, w.Body)
		}
		if strings.HasSuffix(w.Route, "/check-runs") {
			checks++
		}
	}
	for _, what := range h.w.Slack.Idle() {
		h.t.Errorf("in vain: %s", what)
	}
	for _, c := range h.w.Prod.Calls() {
		if c.Op != fakeprod.OpFind && !c.Changed {
			h.t.Errorf("in vain: %s of %s", c.Op, c.Key)
		}
	}
	// Two checks on each of the heads, and fewer than that where pushes came in bursts.
	if most := 2 * (noisyPushes + 1); checks == 0 || checks > most {
		h.t.Errorf("%d checks were made; at most %d", checks, most)
	}
}

// written counts the writes that each stand-in saw.
func (h *hour) written() [3]int {
	moved := count(h.w.Prod.Calls(), func(c fakeprod.Call) bool { return c.Op != fakeprod.OpFind })
	return [3]int{len(h.w.GitHub.Writes()), len(h.w.Slack.Posted()), moved}
}

func (h *hour) nothingSince(before [3]int, when string) {
	h.t.Helper()
	if after := h.written(); after != before {
		h.t.Errorf("%s, it wrote to GitHub, Slack and the deploy target: %v writes became %v: %v", when, before, after, newest(h.w.GitHub.Writes(), after[0]-before[0]))
	}
}

// deliverAnew sends every webhook again as if it were another one.
func (h *hour) deliverAnew() {
	for i, d := range h.w.GitHub.Deliveries() {
		req := must[*http.Request](h.t)(http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.w.URL+"/hooks/github", bytes.NewReader(d.Body)))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Github-Event", d.Event)
		req.Header.Set("X-Github-Delivery", fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
		req.Header.Set("X-Hub-Signature-256", fakegithub.Sign(h.w.Settings("")["ROUNDTRIP_GITHUB_WEBHOOK_SECRET"], d.Body))
		res := must[*http.Response](h.t)(http.DefaultClient.Do(req))
		if err := res.Body.Close(); err != nil || res.StatusCode/100 != 2 {
			h.t.Fatalf("%s was answered %d (%v)", d.Event, res.StatusCode, err)
		}
	}
	h.settle(false)
}

// stateNow is the newest state of each of the bot's deployments.
func stateNow(w *playground.World) (states []string) {
	for _, d := range w.GitHub.Deployments(playground.Repo) {
		if d.Payload != nil && len(d.Statuses) > 0 && strings.Contains(fmt.Sprint(d.Payload), "roundtrip") {
			states = append(states, d.Statuses[len(d.Statuses)-1].State)
		}
	}
	return states
}

func bodies(list []fakegithub.CommentView) (all string) {
	for _, m := range list {
		all += "\n--- " + m.Author + ": " + m.Body
	}
	return all
}

// newest of the writes, in short.
func newest(list []fakegithub.Write, n int) (all []string) {
	for _, w := range list[max(0, len(list)-n):] {
		all = append(all, w.Route+" "+string(w.Body))
	}
	return all
}
