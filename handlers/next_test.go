package handlers

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// Where there is nothing to go back to no line says so, and no button: what
// may be done instead is said.
func TestNoRollbackIsOfferedWhereItIsRefused(t *testing.T) {
	bad := goodBefore.Marked(bot.SHA(strings.Repeat("b", 40)))
	bad.Good = nil
	full := strings.Repeat("b", 40)
	for name, c := range map[string]struct {
		state deploy.State
		kind  string
		slot  deploy.Slot
		says  string
		paste string
	}{
		"live, first":           {deploy.Succeeded, deploy.KindDeploy, deploy.Slot{}, "nothing to go back to here yet: if it is at fault, deploy a repair and name its commit in full, `/deploy production @…`", ""},
		"live":                  {deploy.Succeeded, deploy.KindDeploy, goodBefore, "`/rollback production` takes it back", ""},
		"stuck, first":          {deploy.RollbackFailed, deploy.KindDeploy, deploy.Slot{}, "nothing to go back to: deploy what you trust", "/deploy production @" + full},
		"stuck, first, refused": {deploy.RollbackFailed, deploy.KindDeploy, bad, "nothing to go back to: deploy a repair and name its commit in full, `/deploy production @…`", "/good production @bbbbbbb the fault was in …"},
		"stuck":                 {deploy.RollbackFailed, deploy.KindDeploy, goodBefore, "bring back what was good", "/rollback production"},
		"no rollback":           {deploy.Failed, deploy.KindRollback, goodBefore, "ask again", "/rollback production"},
		"no rollback, none":     {deploy.Failed, deploy.KindRollback, deploy.Slot{}, "ask again", "/deploy production"},
	} {
		r, p := teaCanary(c.state, "", func(r *deploy.Rollout) { r.Kind = c.kind })
		r.Stage = p.Stages[2]
		says, paste := next(r, p, c.slot, nil)
		if !strings.Contains(says, c.says) || strings.Join(paste, " ") != c.paste {
			t.Errorf("%s: %q, %q", name, says, paste)
		}
		if _, back := c.slot.Back(); (len(offers(r, c.slot)) > 0) != (back && c.state == deploy.Succeeded) {
			t.Errorf("%s has buttons %+v", name, offers(r, c.slot))
		}
	}
}

// Who is told from when on the next stage lets it in is let in then, and not
// sent there sooner.
func TestNextSaysFromWhenOn(t *testing.T) {
	for name, c := range map[string]struct {
		after []deploy.After
		ended time.Duration // after 16:00
		says  string
	}{
		"at once":                  {[]deploy.After{{Stage: "staging"}}, 0, "bring it to canary."},
		"an hour":                  {[]deploy.After{{Stage: "staging", For: time.Hour}}, 0, "bring it to canary, from 9 Mar 17:00 UTC on."},
		"within a minute":          {[]deploy.After{{Stage: "staging", For: time.Hour}}, 90 * time.Second, "bring it to canary, from 9 Mar 17:02 UTC on."},
		"of another stage":         {[]deploy.After{{Stage: "lab", For: time.Hour}, {Stage: "staging"}}, 0, "bring it to canary."},
		"and of another stage":     {[]deploy.After{{Stage: "lab", For: 5 * time.Hour}, {Stage: "staging", For: time.Hour}}, 0, "bring it to canary, from 9 Mar 17:00 UTC on."},
		"days":                     {[]deploy.After{{Stage: "staging", For: 48 * time.Hour}}, 0, "bring it to canary, from 11 Mar 16:00 UTC on."},
		"seconds":                  {[]deploy.After{{Stage: "staging", For: 59 * time.Second}}, 0, "bring it to canary."},
		"the minute has just gone": {[]deploy.After{{Stage: "staging", For: time.Minute}}, time.Nanosecond, "bring it to canary, from 9 Mar 16:02 UTC on."},
	} {
		r, p := teaCanary(deploy.Succeeded, "", nil)
		r.Stage, r.EndedAt, p.Stages[1].After = p.Stages[0], teaTime.Add(c.ended), c.after
		if says, paste := next(r, p, goodBefore, nil); says != c.says || strings.Join(paste, " ") != "/deploy canary" {
			t.Errorf("%s: %q, %q", name, says, paste)
		}
	}
}

// The gate agrees with what was said: refused just before, let in from then on.
func TestWhatNextSaysIsSoAtTheGate(t *testing.T) {
	x := newStreet()
	x.edit = func(p *deploy.Pipeline) {
		p.Stages = teaSettings().Pipeline.Stages
		p.Stages[1].After = []deploy.After{{Stage: "staging", For: time.Hour}}
	}
	x.says(t, 1, "/deploy staging")
	x.pass(t, 90*time.Second)
	told := ""
	for _, e := range x.done {
		if c, ok := e.(bot.KeepComment); ok && c.Place == "rollout/tea" && strings.Contains(c.Body, "Live in staging") {
			told = c.Body
		}
	}
	if !strings.Contains(told, "bring it to production, from 9 Mar 17:01 UTC on.\n") || !strings.Contains(told, "/deploy production") {
		t.Fatalf("it says:\n%s", told)
	}
	from := time.Date(2026, 3, 9, 17, 1, 0, 0, time.UTC)
	x.now = from.Add(-61 * time.Second)
	x.says(t, 1, "/deploy production")
	if text := x.answers(1); !strings.Contains(text, "has been in staging for") {
		t.Errorf("the minute before:\n%s", text)
	}
	x.now = from.Add(-time.Second)
	if plan := x.says(t, 1, "/deploy production"); !slices.ContainsFunc(plan.Answers, func(e bot.Effect) bool { _, starts := e.(bot.StartStage); return starts }) {
		t.Errorf("then: %+v", plan.Answers)
	}
}

// A canary that rests says when the next stage lets it in, if that is later
// than when it began to rest: its time counts from its first traffic.
func TestARestingCanarySaysFromWhenOn(t *testing.T) {
	staging := map[bot.StageName]time.Time{"staging": teaTime.Add(-time.Hour)}
	for name, c := range map[string]struct {
		after []deploy.After
		been  map[bot.StageName]time.Time
		says  string
	}{
		"as long as its steps":     {[]deploy.After{{Stage: "canary", For: 5 * time.Minute}}, nil, "bring it to production. It"},
		"longer than its steps":    {[]deploy.After{{Stage: "canary", For: time.Hour}}, nil, "bring it to production, from 9 Mar 17:01 UTC on. It"},
		"another stage is longer":  {[]deploy.After{{Stage: "canary", For: time.Hour}, {Stage: "staging", For: 3 * time.Hour}}, staging, "bring it to production, from 9 Mar 18:00 UTC on. It"},
		"another stage is shorter": {[]deploy.After{{Stage: "staging", For: time.Hour}, {Stage: "canary"}}, staging, "bring it to production. It"},
		"a canary before":          {[]deploy.After{{Stage: "canary", For: time.Hour}}, map[bot.StageName]time.Time{"canary": teaTime.Add(-time.Hour)}, "bring it to production, from 9 Mar 17:01 UTC on. It"},
	} {
		r, p := teaCanary(deploy.Resting, "", nil)
		p.Stages[2].After = c.after
		if says, paste := next(r, p, goodBefore, c.been); !strings.HasPrefix(says, c.says) || strings.Join(paste, " ") != "/promote" {
			t.Errorf("%s: %q, %q", name, says, paste)
		}
	}
}

// The gate agrees with that too.
func TestWhatARestingCanarySaysIsSoAtTheGate(t *testing.T) {
	x := newCanaryOf(t, deploy.Resting, func(p *deploy.Pipeline) {
		p.Stages[1].After = []deploy.After{{Stage: "canary", For: 90 * time.Minute}}
	})
	told := regexp.MustCompile(`bring it to production, from (9 Mar \d\d:\d\d) UTC on\.`)
	var says []string
	for _, e := range x.done {
		if c, ok := e.(bot.KeepComment); ok && c.Place == "rollout/tea" {
			says = told.FindStringSubmatch(c.Body)
		}
	}
	if says == nil {
		t.Fatal("it does not say from when on")
	}
	from, err := time.Parse("2006 2 Jan 15:04", "2026 "+says[1])
	if err != nil {
		t.Fatal(err)
	}
	starts := func(e bot.Effect) bool { _, starts := e.(bot.StartStage); return starts }
	x.now = from.Add(-62 * time.Second)
	if plan := x.says(t, 1, "/promote"); slices.ContainsFunc(plan.Answers, starts) || !strings.Contains(x.answers(1), "has been in canary for") {
		t.Errorf("the minute before:\n%s", x.answers(1))
	}
	x.now = from.Add(-time.Second)
	if plan := x.says(t, 1, "/promote"); !slices.ContainsFunc(plan.Answers, starts) {
		t.Errorf("then: %s", x.answers(1))
	}
}

// What is offered, pasted as it is, is not refused: of the first release ever
// live, and of the one after it.
func TestAPastedRollbackIsNotRefused(t *testing.T) {
	x := newStreet()
	x.edit = func(p *deploy.Pipeline) { p.Stages[1].After = nil }
	live := func(number int) string {
		x.says(t, number, "/deploy production")
		x.pass(t, time.Hour)
		for i := len(x.done) - 1; i >= 0; i-- {
			if c, ok := x.done[i].(bot.KeepComment); ok && c.Ref.Number == number && c.Place == "rollout/tea" && strings.Contains(c.Body, "Live in production") {
				return c.Body
			}
		}
		t.Fatalf("#%d is not live: %+v", number, x.done)
		return ""
	}
	if text := live(1); strings.Contains(text, "/rollback") {
		t.Errorf("it has nothing to go back to:\n%s", text)
	}
	x.says(t, 1, "/abort")
	if text := x.answers(1); !strings.Contains(text, "already finished") || strings.Contains(text, "/rollback") {
		t.Errorf("nor has who would stop it:\n%s", text)
	}
	if text := live(2); !strings.Contains(text, "`/rollback production` takes it back") {
		t.Errorf("it has what was live before:\n%s", text)
	}
	x.says(t, 2, "/rollback production")
	if text := x.answers(2); !strings.Contains(text, "Going back") {
		t.Errorf("it is refused:\n%s", text)
	}
}

// answers is the newest answer on a change.
func (x *street) answers(number int) (text string) {
	for _, e := range x.done {
		if c, ok := e.(bot.KeepComment); ok && c.Ref.Number == number && strings.HasPrefix(c.Place, "answer/") {
			text = c.Body
		}
	}
	return text
}
