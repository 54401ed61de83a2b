package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// TestGoingBackGoesBeforeComments: with 40 of GitHub's requests left, of 200
// comments that are wanted none is written; a canary that is to go back is taken
// back at once, and GitHub shows it. The comments wait for the next hour, and
// say why.
func TestGoingBackGoesBeforeComments(t *testing.T) {
	t.Parallel()
	const wanted, left, hourly = 200, 40, 1000
	h := newHour(t, 1)
	n := h.canary()
	h.w.GitHub.SetBudget(hourly)
	h.w.GitHub.SetUsed(h.w.GitHub.AddRepo(playground.Repo, nil).Installation, hourly-left)
	h.want(n, wanted)
	h.settle(false) // the first tells how much is left
	before := len(h.w.GitHub.Writes())
	h.say(n, "/abort")
	h.settle(false)
	h.pass(time.Minute, 10*time.Second, false)
	shown := ""
	for _, w := range h.w.GitHub.Writes()[before:] {
		shown += fmt.Sprintf("%s %s %d\n", w.Method, w.Route, w.Status)
	}
	if before > 30 || !strings.Contains(shown, "/statuses 201") || strings.Contains(shown, "/comments 201") || strings.Contains(shown, fmt.Sprint(http.StatusForbidden)) {
		t.Errorf("%d writes before, and after going back was asked for\n%s", before, shown)
	}
	seen := must[playground.Seen](t)(h.w.Seen(t.Context()))
	if last := seen.Calls[len(seen.Calls)-1]; last.Op != fakeprod.OpAbort || !last.Changed {
		t.Errorf("what came last to production was %+v", last)
	}
	waits := must[[]bot.Task](t)(h.app.store.Tasks(t.Context(), bot.TaskWaiting, 2*wanted))
	for _, w := range waits {
		if w.Kind == "comment" && (!strings.Contains(w.Error, "requests left until 09:00 UTC, kept for rollbacks") || w.Tries != 0) {
			t.Errorf("%s %s, tried %d times, waits until %s: %s", w.Kind, w.Key, w.Tries, w.Due, w.Error)
		}
	}
	if len(waits) < wanted {
		t.Errorf("%d wait for the next hour", len(waits))
	}
}

// canary brings a change on its way to production, and answers its number.
func (h *hour) canary() int {
	h.settle(false)
	n := must[int](h.t)(h.w.OpenChange(fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"}, playground.Size{Added: 5}))
	for _, check := range []string{"build", "unit"} {
		if err := h.w.Report(check, fmt.Sprintf("#%d", n), "success"); err != nil {
			h.t.Fatal(err)
		}
	}
	h.pass(time.Minute, 10*time.Second, false)
	h.say(n, "/deploy staging")
	h.pass(2*time.Minute, 10*time.Second, false)
	h.say(n, "/deploy canary")
	h.pass(time.Minute, 10*time.Second, false)
	return n
}

// want asks for so many comments on a change.
func (h *hour) want(n, comments int) {
	h.t.Helper()
	repo := h.w.GitHub.AddRepo(playground.Repo, nil)
	ref := bot.ChangeRef{Repo: bot.RepoRef{Installation: repo.Installation, ID: repo.ID, Name: playground.Repo}, Number: n}
	var plan bot.Plan
	for i := range comments {
		plan.Do(bot.KeepComment{Ref: ref, Place: fmt.Sprint("wanted/", i), Body: fmt.Sprint("Comment ", i)})
	}
	h.plan(n, plan)
}

// plan saves one as if something about a change had been handled.
func (h *hour) plan(n int, plan bot.Plan) {
	h.t.Helper()
	ctx, db := h.t.Context(), h.app.store
	event := bot.JudgeDue{Ref: bot.ChangeRef{Number: n}, Why: "comments"}
	must[bool](h.t)(db.Hear(ctx, bot.Letter{ID: "comments", Source: "ours", Name: "change.judge", Body: must[[]byte](h.t)(json.Marshal(event))}))
	l, _, err := db.NextNew(ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	l.Kind, l.Subject, l.State = "change.judge", event.Subject(), bot.LetterReady
	if err := db.Sort(ctx, l); err != nil {
		h.t.Fatal(err)
	}
	l, _, err = db.ClaimLetter(ctx, "test", time.Minute)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := db.Save(ctx, l, plan, false); err != nil {
		h.t.Fatal(err)
	}
}
