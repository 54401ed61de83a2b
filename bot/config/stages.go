package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// stage is a step of the way to production.
type stage struct {
	Aliases     []name         `yaml:"aliases" jsonschema_description:"Other names that commands may use."`
	Environment name           `yaml:"environment" jsonschema_description:"Names the slot; stages of one environment share it. The stage's name unless given. Where the stages end is production, whatever it is called, unless its name says that something is still to come, as staging or eu-test do."`
	URL         address        `yaml:"url" jsonschema_description:"Where people find it."`
	After       map[name]delay `yaml:"after" jsonschema_description:"Stages in which the same release was before, healthy, and for how long."`
	Evidence    string         `yaml:"evidence" jsonschema:"enum=sha,enum=tree" jsonschema_description:"What after and approvals are bound to: the commit or its content."`
	Executor    executor       `yaml:"executor" jsonschema:"required" jsonschema_description:"Who puts it in place."`
	Start       string         `yaml:"start" jsonschema:"enum=command,enum=merge" jsonschema_description:"By command, or by every merge; command unless given."`
	Strategy    *strategy      `yaml:"strategy" jsonschema_description:"How it is put in place; all at once unless given."`
	Gates       gates          `yaml:"gates" jsonschema_description:"What must hold before it starts."`
	Approve     *approve       `yaml:"approve" jsonschema_description:"Who must agree."`
	May         may            `yaml:"may" jsonschema_description:"Who may do what."`
	Windows     *windows       `yaml:"windows" jsonschema_description:"When it may start."`
	Lock        *lock          `yaml:"lock" jsonschema_description:"How a slot is kept for one change."`
	Queue       *queue         `yaml:"queue" jsonschema_description:"What happens to those that must wait."`
	Verify      []name         `yaml:"verify" jsonschema_description:"Slower suites that must pass there."`
	Timeouts    timeouts       `yaml:"timeouts" jsonschema_description:"How long it may be in a state."`
	OnFail      string         `yaml:"on_fail" jsonschema:"enum=rollback,enum=pause,enum=freeze" jsonschema_description:"What follows a failure; rollback unless given."`
	Watch       []duration     `yaml:"watch" jsonschema_description:"When to look again after it is live."`
}

type timeouts struct {
	Approval duration `yaml:"approval" jsonschema_description:"Waiting for people to agree."`
	Queue    duration `yaml:"queue" jsonschema_description:"Waiting for the slot."`
	Step     duration `yaml:"step" jsonschema_description:"Putting one weight in place; 20m unless given."`
	Rollout  duration `yaml:"rollout" jsonschema_description:"From start to end; 4h unless given."`
	Unknown  duration `yaml:"unknown" jsonschema_description:"Not knowing what the executor did; 15m unless given."`
}

func (r *reader) stages() []deploy.Stage {
	r.names()
	r.cycles()
	var all []deploy.Stage
	for _, n := range r.order["stages"] {
		all = append(all, r.stage(n, r.shape.Stages[name(n)]))
	}
	all = deploy.MarkProduction(all)
	r.soaks(all)
	r.rests(all)
	return all
}

// rests says which canaries leave the rest of the traffic to a stage that is
// elsewhere. One that nothing comes after can only go back, and may be meant so.
func (r *reader) rests(all []deploy.Stage) {
	p := deploy.Pipeline{Stages: all}
	for _, s := range all {
		next, follows := p.Next(s.Name)
		if _, onward := p.Onward(s); onward || !follows || !s.Canary() || s.Steps[len(s.Steps)-1].Weight >= 100 {
			continue
		}
		r.wrong("stages."+string(s.Name)+".strategy.canary", fmt.Sprintf("leaves the rest of the traffic in %s to %s, which is in %s", s.Environment, next.Name, next.Environment),
			fmt.Sprintf("let a stage with `environment: %s` come after it, or end with weight 100", s.Environment))
	}
}

func (r *reader) stage(n string, s stage) deploy.Stage {
	path := "stages." + n
	r.windows(path, s.Windows)
	out := deploy.Stage{
		Name: bot.StageName(n), Aliases: texts(s.Aliases), Environment: or(string(s.Environment), n), URL: string(s.URL),
		Executor: s.Executor.ref(), After: r.after(path, n, s), Start: or(s.Start, "command"),
		Steps: r.steps(path, s.Strategy), Gates: s.Gates.compile(),
		Deploy: s.May.Deploy.compile(), Rollback: s.May.Rollback.compile(),
		Timeouts: s.Timeouts.compile(), OnFail: or(s.OnFail, "rollback"),
	}
	if t := out.Timeouts; t.Step > t.Rollout {
		r.wrong(path+".timeouts", "step is longer than rollout", "keep step <= rollout")
	}
	return out
}

func or[T ~string](given, otherwise T) T {
	if given == "" {
		return otherwise
	}
	return given
}

func (t timeouts) compile() deploy.Timeouts {
	out := deploy.Timeouts{Step: 20 * time.Minute, Rollout: 4 * time.Hour, Unknown: 15 * time.Minute}
	for _, v := range []struct {
		given duration
		into  *time.Duration
	}{{t.Step, &out.Step}, {t.Rollout, &out.Rollout}, {t.Unknown, &out.Unknown}} {
		if v.given > 0 {
			*v.into = time.Duration(v.given)
		}
	}
	return out
}

// names says which stages could not be told apart in a command, where case
// does not count.
func (r *reader) names() {
	owner := map[string]string{}
	for _, n := range r.order["stages"] {
		if o, taken := owner[strings.ToLower(n)]; taken {
			r.wrongKey("stages."+n, "cannot be told from "+o, "give it a name that differs in more than case")
		}
		owner[strings.ToLower(n)] = n
	}
	for _, n := range r.order["stages"] {
		for i, a := range r.shape.Stages[name(n)].Aliases {
			if o, taken := owner[strings.ToLower(string(a))]; taken && a != "" {
				r.wrong(item("stages."+n+".aliases", i), fmt.Sprintf("%q already names %s", a, o), "choose another alias")
			}
			owner[strings.ToLower(string(a))] = n
		}
	}
}

func (r *reader) after(path, self string, s stage) []deploy.After {
	var all []deploy.After
	for _, n := range r.order[path+".after"] {
		at := path + ".after." + n
		switch {
		case n == self:
			r.wrongKey(at, "a stage cannot come after itself", "name the stage before it")
		case !slices.Contains(r.order["stages"], n):
			r.wrongKey(at, "there is no such stage", words.DidYouMean(n, r.order["stages"]))
		}
		all = append(all, deploy.After{Stage: bot.StageName(n), For: time.Duration(s.After[name(n)])})
	}
	return all
}

// cycles says which stages wait for themselves by way of others. Each cycle
// is told once, at the stage of it that the file names first.
func (r *reader) cycles() {
	told := map[string]bool{}
	for _, n := range r.order["stages"] {
		if way := r.wayBack(n, n, map[string]bool{}); len(way) > 1 && !told[n] {
			for _, s := range way {
				told[s] = true
			}
			r.wrongKey("stages."+n+".after", "these stages wait for one another: "+strings.Join(append(way, n), " after "), "remove one of these after")
		}
	}
}

// wayBack follows after from a stage until it meets home again.
func (r *reader) wayBack(home, from string, seen map[string]bool) []string {
	for _, n := range r.order["stages."+from+".after"] {
		if n == home {
			return []string{from}
		}
		if seen[n] {
			continue
		}
		seen[n] = true
		if way := r.wayBack(home, n, seen); way != nil {
			return append([]string{from}, way...)
		}
	}
	return nil
}
