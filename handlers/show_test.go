package handlers

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

var update = flag.Bool("update", false, "write the golden files anew")

const statesFile = "../testdata/golden/words/states.txt"

// teaCanary is a rollout that has been on its way for a while, in a pipeline
// of three stages.
func teaCanary(s deploy.State, why string, change func(*deploy.Rollout)) (deploy.Rollout, deploy.Pipeline) {
	p := teaSettings().Pipeline
	canary := p.Stages[1]
	canary.Name, canary.After = "canary", []deploy.After{{Stage: "staging"}}
	canary.Steps = []deploy.WeightStep{{Weight: 25, For: 5 * time.Minute}}
	p.Stages[1].After = []deploy.After{{Stage: "canary"}}
	p.Stages = []deploy.Stage{p.Stages[0], canary, p.Stages[1]}
	r := deploy.Rollout{
		Kind: deploy.KindDeploy, Asked: true, By: bot.Person{Login: "ann"}, State: s, Why: why, Stage: canary, Stable: bot.SHA(strings.Repeat("a", 40)),
		Release: deploy.Release{Repo: tea, Service: "tea", SHA: bot.SHA(strings.Repeat("b", 40)), Title: "Hotter", Change: bot.ChangeRef{Repo: tea, Number: 12}},
		Began:   teaTime, Placed: teaTime.Add(time.Minute), StepAt: teaTime.Add(time.Minute),
	}
	if s.Ended() {
		r.EndedAt = teaTime.Add(4 * time.Minute)
	}
	if change != nil {
		change(&r)
	}
	return r, p
}

// goodBefore is a slot with something to go back to.
var goodBefore = deploy.Slot{Good: []deploy.Placed{{Release: deploy.Release{SHA: bot.SHA(strings.Repeat("a", 40))}}}}

// TestEveryStateIsSaid: what a person reads of a rollout in every state, on
// the change and in chat.
func TestEveryStateIsSaid(t *testing.T) {
	const worse = "errors are 5.0 times those of stable: 60 of 300, about 48 too many"
	staging := func(r *deploy.Rollout) { r.Stage = teaSettings().Pipeline.Stages[0] }
	production := func(r *deploy.Rollout) { r.Stage = teaSettings().Pipeline.Stages[1] }
	var b strings.Builder
	for _, c := range []struct {
		when   string
		state  deploy.State
		why    string
		change func(*deploy.Rollout)
		must   []string
	}{
		{"it begins", deploy.Starting, "", nil, []string{"tea to canary", "25 %", "asked by @ann", "/abort"}},
		{"it began with a merge", deploy.Starting, "", func(r *deploy.Rollout) { staging(r); r.Asked = false }, []string{"merged by @ann"}},
		{"it is watched", deploy.Watching, "", nil, []string{"tea in canary at 25 %"}},
		{"it is watched, and nobody can see", deploy.Watching, "", func(r *deploy.Rollout) { r.Watch.Trouble = "the source answered 503" }, []string{"`the source answered 503`"}},
		{"it is held for want of evidence", deploy.Waiting, "after 45 min there is still not enough evidence to tell whether it is worse", nil, []string{"somebody must decide", "45 min", "/promote", "/abort", "9 Mar 20:00 UTC"}},
		{"it is held because it is worse", deploy.Waiting, worse, nil, []string{"somebody must decide", "60 of 300"}},
		{"it is healthy", deploy.Resting, "waits for promotion", nil, []string{"waits for promotion", "bring it to production", "9 Mar 20:00 UTC"}},
		{"the rest of the traffic moves", deploy.Finishing, "", staging, []string{"the rest of the traffic"}},
		{"it goes back", deploy.Returning, worse, nil, []string{"tea", "canary", "25 %", "60 of 300", "`aaaaaaa`"}},
		{"it goes back, to nobody knows what", deploy.Returning, worse, func(r *deploy.Rollout) { r.Stable = "" }, []string{"what ran before"}},
		{"it went back, production said so", deploy.RolledBack, worse, func(r *deploy.Rollout) { r.Blamed = true }, []string{"4 min", "60 of 300", "`aaaaaaa`", "refused here"}},
		{"it went back, nobody promoted it", deploy.RolledBack, "nobody promoted it in time", nil, []string{"in time", "`aaaaaaa`", "/deploy canary"}},
		{"a person stopped it", deploy.Aborted, "stopped by @bob: it is <late> @everyone", nil, []string{"Stopped: tea in canary", "/deploy canary"}},
		{"it was not started", deploy.Failed, "the executor answered 401", nil, []string{"Not started: tea in canary", "401", "/deploy canary"}},
		{"it could not go back", deploy.RollbackFailed, worse + "; and the traffic did not go back: no answer within 20 min", nil, []string{"somebody must look", "20 min", "/rollback canary"}},
		{"it is live in staging", deploy.Succeeded, "", staging, []string{"Live in staging", "bbbbbbb", "9 Mar 16:04 UTC", "/deploy canary"}},
		{"it is live in production", deploy.Succeeded, "", production, []string{"Live in production", "/rollback"}},
		{"the next stage took over", deploy.Promoted, "the next stage took over", nil, []string{"Promoted tea from canary"}},
		{"it is brought back", deploy.Starting, "", func(r *deploy.Rollout) { production(r); r.Kind = deploy.KindRollback }, []string{"tea back to bbbbbbb"}},
		{"it is back", deploy.Succeeded, "", func(r *deploy.Rollout) { production(r); r.Kind, r.Undoes = deploy.KindRollback, "r0" }, []string{"⏪ Back in production - tea bbbbbbb runs again since 9 Mar 16:04 UTC", "`aaaaaaa` is refused here"}},
		{"it is back, and nobody knows instead of what", deploy.Succeeded, "", func(r *deploy.Rollout) { staging(r); r.Kind = deploy.KindRollback }, []string{"Back in staging", "look at what went wrong"}},
		{"it could not be brought back", deploy.Failed, "the executor answered 401", func(r *deploy.Rollout) { production(r); r.Kind = deploy.KindRollback }, []string{"/rollback production"}},
	} {
		r, p := teaCanary(c.state, c.why, c.change)
		view := viewOf(r, p, map[bot.StageName]time.Time{"staging": teaTime.Add(-time.Hour)}, goodBefore)
		said := view.Comment()
		fmt.Fprintf(&b, "==== %s\n%s---- in the thread\n%s\n", c.when, said, threadLine(r, view))
		for _, must := range c.must {
			if !strings.Contains(said, must) {
				t.Errorf("%s: does not say %q:\n%s", c.when, must, said)
			}
		}
		if r.Kind == deploy.KindRollback && strings.Contains(said, "canary") || r.State == deploy.Succeeded && r.Kind == deploy.KindRollback && strings.Contains(said, "/rollback") {
			t.Errorf("%s: it speaks of a rollback as of a new release:\n%s", c.when, said)
		}
		if n := len(strings.Fields(said)); n > 80 {
			t.Errorf("%s: %d words:\n%s", c.when, n, said)
		}
		if text, blocks := view.Message(); !strings.Contains(text, words.Slack(view.Headline)) || !strings.Contains(blocks[0].Text, words.Slack(view.Headline)) {
			t.Errorf("%s: chat does not say what happened: %s", c.when, text)
		}
	}
	if *update {
		if err := os.WriteFile(statesFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(statesFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (look, then go test ./handlers -run EveryState -update): %s", statesFile, diff)
	}
}

// shown are the comments of a rollout as it is shown, by place, and what is
// said in chat.
func shown(t *testing.T, k *desk, r deploy.Rollout, p deploy.Pipeline) (comments map[string]string, chat string) {
	t.Helper()
	var plan bot.Plan
	s := Settings{Pipeline: p, Notify: bot.Notify{Channel: "#tea"}}
	if err := k.handlers().show(t.Context(), s, r, goodBefore, &plan); err != nil {
		t.Fatal(err)
	}
	comments = map[string]string{}
	for _, e := range append(plan.Effects, plan.Answers...) {
		switch e := e.(type) {
		case bot.KeepComment:
			comments[e.Place] = e.Body
		case bot.KeepMessage:
			if e.Thread == "" {
				chat = e.Blocks[0].Text
			}
		}
	}
	return comments, chat
}

// TestWhoWroteItHearsThatItWentBack: one comment of its own, for what went
// back and nobody asked for; a person who stops it knows.
func TestWhoWroteItHearsThatItWentBack(t *testing.T) {
	for state, want := range map[deploy.State]string{
		deploy.RolledBack: "⛔ @alice: tea `bbbbbbb` went back", deploy.RollbackFailed: "🆘 @alice: tea `bbbbbbb` could not go back",
		deploy.Returning: "", deploy.Aborted: "", deploy.Failed: "", deploy.Succeeded: "", deploy.Watching: "", deploy.Waiting: "",
	} {
		r, p := teaCanary(state, "nobody promoted it in time", func(r *deploy.Rollout) { r.ID, r.Release.Author = "42/9/tea/production/3", "alice" })
		comments, _ := shown(t, newDesk(), r, p)
		own, mentioned := comments["back/42/9/tea/production/3"]
		if mentioned != (want != "") || !strings.HasPrefix(own, want) || comments["rollout/tea"] == "" {
			t.Errorf("%s: %q", state, comments)
		}
	}
	r, p := teaCanary(deploy.RollbackFailed, "no answer", func(r *deploy.Rollout) { r.Kind, r.Release.Author = deploy.KindRollback, "alice" })
	if comments, _ := shown(t, newDesk(), r, p); len(comments) != 1 {
		t.Errorf("whoever wrote what was good is told of it: %q", comments)
	}
}

// TestARollbackTellsWhatItTookAway: the commit and its change.
func TestARollbackTellsWhatItTookAway(t *testing.T) {
	k := newDesk()
	undone, p := teaCanary(deploy.Succeeded, "", func(r *deploy.Rollout) { r.ID = "r7" })
	k.keep(t, bot.Plan{Docs: []bot.Doc{undone}})
	r, _ := teaCanary(deploy.Succeeded, "", func(r *deploy.Rollout) {
		r.Kind, r.Undoes, r.Stage = deploy.KindRollback, "r7", p.Stages[2]
		r.Release.SHA, r.Stable, r.Release.Change.Number = teaSHA(1), undone.Release.SHA, 4
	})
	comments, chat := shown(t, k, r, p)
	for _, said := range []string{comments["rollout/tea"], chat} {
		if !strings.Contains(said, "It took the place of `bbbbbbb` (#12), which is taken away.") || strings.Contains(said, "Live") {
			t.Errorf("%s", said)
		}
	}
}

// TestALineToPasteNamesTheService where there are several: a bare one would
// be refused.
func TestALineToPasteNamesTheService(t *testing.T) {
	for state, want := range map[deploy.State]string{
		deploy.Waiting: "/promote tea:canary /abort tea:canary", deploy.Resting: "/promote tea:canary", deploy.RolledBack: "/deploy tea:canary",
		deploy.Aborted: "/deploy tea:canary", deploy.RollbackFailed: "/rollback tea:canary", deploy.Succeeded: "/deploy tea:production",
	} {
		r, p := teaCanary(state, "", nil)
		p.Services = []deploy.Service{{Name: "tea"}, {Name: "pot"}}
		if _, paste := next(r, p, goodBefore, nil); strings.Join(paste, " ") != want {
			t.Errorf("%s: %q, want %s", state, paste, want)
		}
	}
}

// People are told how long production was seen, not how long ago it began.
func TestWatchedIsWhatWasSeen(t *testing.T) {
	r, p := teaCanary(deploy.Succeeded, "", nil)
	r.EndedAt = teaTime.Add(3 * time.Hour)
	r.Watch.Metrics = []deploy.Metric{{Name: "errors", Floor: 1.1, Margin: 2}}
	r.Watch.Judge = deploy.Judge{FalseBlame: 0.01, FalsePromote: 0.05, MinWindows: 3}
	w := bot.Window{From: teaTime, To: teaTime.Add(time.Minute), CanaryBad: 10, CanaryTotal: 2000, StableBad: 100, StableTotal: 20000}
	r.Watch.Windows = map[string][]bot.Window{"errors": {w, {From: w.To, To: w.To.Add(time.Hour), Missing: "away"}, w}}
	if view := viewOf(r, p, nil, goodBefore); view.Watched != 2*time.Minute || view.Windows != 2 {
		t.Errorf("watched %v in %d windows", view.Watched, view.Windows)
	}
}

// TestWhatTakesItBackNamesThePlace: a bare /rollback means the last stage,
// which need not be the one that the comment is about.
func TestWhatTakesItBackNamesThePlace(t *testing.T) {
	r, p := teaCanary(deploy.Succeeded, "", nil)
	p.Stages = []deploy.Stage{{Name: "staging"}, {Name: "eu", After: []deploy.After{{Stage: "staging"}}}, {Name: "us", After: []deploy.After{{Stage: "staging"}}}}
	r.Stage = p.Stages[1]
	if says, _ := next(r, p, goodBefore, nil); !strings.Contains(says, "`/rollback eu` takes it back") {
		t.Error(says)
	}
}
