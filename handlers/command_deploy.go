package handlers

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// deploy binds the commit, asks every gate, and begins a rollout.
func (h *Handlers) deploy(ctx context.Context, a *asked) error {
	w, err := a.wish()
	if err != nil {
		return err
	}
	c, heads, err := h.target(ctx, a)
	if err != nil {
		return err
	}
	r, err := h.release(ctx, a, c, heads, w)
	if err != nil {
		return err
	}
	stage, err := h.whichStage(ctx, a, w, r)
	if err != nil {
		return err
	}
	if err := h.authorize(ctx, a.by, "deploy", target{repo: a.repo, stage: stage}); err != nil {
		return err
	}
	slot, running, err := h.slot(ctx, r, stage)
	if err != nil {
		return err
	}
	if running != nil {
		return h.besides(ctx, a, *running, r, stage, slot)
	}
	return h.begin(ctx, beginning{settings: a.settings, slot: slot, release: r, stage: stage, by: a.by, asked: true, now: a.d.At, plan: a.plan})
}

// besides: the slot is taken. The same release's finished canary is meant to
// go on; anything else waits.
func (h *Handlers) besides(ctx context.Context, a *asked, running deploy.Rollout, r deploy.Release, stage deploy.Stage, slot deploy.Slot) error {
	if running.State == deploy.Resting && running.Release.Same(r) && running.Stage.Name != stage.Name {
		return h.takeOver(ctx, a, running, stage, slot)
	}
	return bot.Refusal{
		Message: fmt.Sprintf("%s is taken: %s of #%d is in %s (%s)", stage.Environment, running.Release.SHA.Short(),
			running.Release.Change.Number, running.Stage.Name, running.State),
		Advice: "Wait until it is through, or write /abort on that change.",
	}
}

// wish is what the words of a deploy command say.
type wish struct {
	service, stage, commit string
	params                 map[string]string
}

var paramName = regexp.MustCompile(`^([a-z][a-z0-9_-]{0,63})=(.{0,256})$`)

func (a *asked) wish() (w wish, err error) {
	for _, arg := range a.args {
		param := paramName.FindStringSubmatch(arg)
		switch {
		case commitName.MatchString(arg) && w.commit == "":
			w.commit = arg[1:]
		case param != nil:
			if w.params == nil {
				w.params = map[string]string{}
			}
			if _, twice := w.params[param[1]]; twice {
				return w, bot.Refusal{Message: fmt.Sprintf("parameter %s is given twice", param[1]), Advice: a.cmd.Usage}
			}
			w.params[param[1]] = param[2]
		case arg == "to" || arg == "in" || arg == "on":
		case w.stage == "" && !strings.ContainsAny(arg, "@="):
			w.stage = arg
		default:
			return w, bot.Refusal{Message: "I do not understand " + words.Code(clip(arg, 40)), Advice: a.cmd.Usage}
		}
	}
	if service, stage, ok := strings.Cut(w.stage, ":"); ok {
		w.service, w.stage = service, stage
	}
	return w, nil
}

// release binds what is asked for to one commit, for ever.
func (h *Handlers) release(ctx context.Context, a *asked, c bot.Change, heads []headSeen, w wish) (deploy.Release, error) {
	pipeline, err := a.pipeline()
	if err != nil {
		return deploy.Release{}, err
	}
	service, ok := pipeline.Service(w.service)
	if !ok {
		var names []string
		for _, s := range pipeline.Services {
			names = append(names, s.Name)
		}
		return deploy.Release{}, bot.Refusal{Message: "say which service you mean: " + strings.Join(names, ", "), Advice: "/deploy " + names[0] + ":" + w.stage}
	}
	if err := checkParams(service, w.params); err != nil {
		return deploy.Release{}, err
	}
	r := newRelease(c, service, pipeline.Hash)
	r.Params = w.params
	r.Merged = c.Merged
	r.SHA, err = h.bind(ctx, c, heads, a.d.Event.At, w.commit)
	return r, err
}

func newRelease(c bot.Change, s deploy.Service, config string) deploy.Release {
	name := s.Name
	if name == "" {
		name = c.Ref.Repo.Name.Name()
	}
	return deploy.Release{
		Repo: c.Ref.Repo, SHA: c.Head, Service: name, Config: config, Change: c.Ref,
		Title: c.Title, Author: c.Author, Issues: issuesOf(c),
	}
}

// checkParams: data only, declared in the file, from its list of values.
func checkParams(s deploy.Service, params map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(params)) {
		value := params[name]
		allowed, ok := s.Parameters[name]
		if !ok {
			return bot.Refusal{Message: fmt.Sprintf("the file declares no parameter %s for %s", name, s.Name), Advice: "Leave it out, or declare it under services.…parameters."}
		}
		if !slices.Contains(allowed, value) {
			return bot.Refusal{Message: fmt.Sprintf("%s may be %s", name, strings.Join(allowed, " or ")), Advice: fmt.Sprintf("/deploy %s=%s", name, allowed[0])}
		}
	}
	return nil
}

// pipeline refuses to deploy by a file that is wrong or missing: the last
// good version is for policies, not for what changes production.
func (a *asked) pipeline() (deploy.Pipeline, error) {
	switch {
	case len(a.mistakes) > 0:
		return deploy.Pipeline{}, bot.Refusal{
			Message: fmt.Sprintf("%s has %d mistakes, so nothing new is deployed by it. The first is at %s", ConfigPath, len(a.mistakes), a.mistakes[0]),
			Advice:  "Correct the file on the default branch, then ask again. /rollback works meanwhile.",
		}
	case len(a.settings.Pipeline.Stages) == 0:
		return deploy.Pipeline{}, bot.Refusal{
			Message: fmt.Sprintf("%s of the default branch names no stages, so I do not know where to deploy", ConfigPath),
			Advice:  "Add a stages: section; docs/configuration.md has one to begin with.",
		}
	}
	return a.settings.Pipeline, nil
}

// whichStage is the one that was named, else the first in which the release
// has not been. A bare command never means production.
func (h *Handlers) whichStage(ctx context.Context, a *asked, w wish, r deploy.Release) (deploy.Stage, error) {
	pipeline := a.settings.Pipeline
	if w.stage != "" {
		if s, ok := pipeline.Stage(w.stage); ok {
			return s, nil
		}
		refusal := bot.Refusal{Message: fmt.Sprintf("there is no stage %s; there are %s", words.Code(clip(w.stage, 40)), strings.Join(pipeline.Names(), ", "))}
		if near, ok := Nearest(w.stage, pipeline.Names()); ok {
			refusal.Advice = "/deploy " + near
		}
		return deploy.Stage{}, refusal
	}
	been, err := h.been(ctx, r, pipeline)
	if err != nil {
		return deploy.Stage{}, err
	}
	for _, s := range pipeline.Stages {
		if _, ok := been[s.Name]; ok {
			continue
		}
		if s.Environment == "production" && !s.Canary() {
			return s, bot.Refusal{Message: fmt.Sprintf("the next stage is %s, and a bare /deploy never means that", s.Name), Advice: "/deploy " + string(s.Name)}
		}
		return s, nil
	}
	return deploy.Stage{}, bot.Refusal{Message: fmt.Sprintf("%s has been in every stage", r.SHA.Short()), Advice: "/status"}
}

// beginning is what it takes to begin a rollout.
type beginning struct {
	settings Settings
	slot     deploy.Slot
	release  deploy.Release
	stage    deploy.Stage
	by       bot.Person
	asked    bool
	now      time.Time
	plan     *bot.Plan
}

// begin asks every gate and, if none stands in the way, begins.
func (h *Handlers) begin(ctx context.Context, b beginning) error {
	answers, err := h.askGates(ctx, b)
	if err != nil {
		return err
	}
	if blocking := deploy.Blocking(answers); len(blocking) > 0 {
		return words.GatesRefused(string(b.stage.Name), b.release.SHA, blocking2words(blocking))
	}
	slot, rollout, plan := deploy.Begin(b.slot, deploy.Asking{
		Release: b.release, Stage: b.stage, Watch: watch(b.settings.Pipeline), Kind: deploy.KindDeploy, By: b.by, Asked: b.asked,
	}, b.now)
	b.plan.Join(plan)
	b.plan.Keep(slot, rollout)
	return h.show(ctx, b.settings, rollout, slot, b.now, b.plan)
}

func watch(p deploy.Pipeline) deploy.Watch {
	return deploy.Watch{Sources: p.Sources, Arms: p.Arms, Metrics: p.Metrics, Judge: p.Judge}
}

// askGates reads only what the stage's gates need.
func (h *Handlers) askGates(ctx context.Context, b beginning) ([]deploy.Answer, error) {
	been, err := h.been(ctx, b.release, b.settings.Pipeline)
	if err != nil {
		return nil, err
	}
	ask := deploy.Ask{Release: b.release, Stage: b.stage, Pipeline: b.settings.Pipeline, Slot: b.slot, Now: b.now, Been: been}
	if b.stage.Gates.MainOK {
		if ask.MainRed, err = h.mainRed(ctx, b); err != nil {
			return nil, err
		}
	}
	if len(b.stage.Gates.Checks) > 0 || b.stage.Gates.Required {
		h.readChecks(ctx, b, &ask)
	}
	return ask.Judge(), nil
}

// readChecks: what GitHub does not say is said so, and blocks.
func (h *Handlers) readChecks(ctx context.Context, b beginning, ask *deploy.Ask) {
	var err error
	if b.stage.Gates.Required {
		doc, _, cerr := h.change(ctx, b.release.Change)
		if ask.Required, err = h.GitHub.RequiredChecks(ctx, b.release.Repo, orMain(doc.Change.BaseRef)); err == nil {
			err = cerr
		}
	}
	if err == nil {
		ask.Checks, err = h.GitHub.Checks(ctx, b.release.Repo, b.release.SHA)
	}
	if err != nil {
		ask.ReadErr = "it did not answer"
	}
}

func orMain(branch string) string {
	if branch == "" {
		return "main"
	}
	return branch
}

func (h *Handlers) mainRed(ctx context.Context, b beginning) (string, error) {
	doc, _, err := h.change(ctx, b.release.Change)
	if err != nil {
		return "", err
	}
	build, err := h.build(ctx, b.release.Repo, orMain(doc.Change.BaseRef))
	if err != nil || build.Health != "red" {
		return "", err
	}
	return build.Why(), nil
}

func blocking2words(answers []deploy.Answer) (rows []words.GateRow) {
	for _, a := range answers {
		rows = append(rows, words.GateRow{Gate: a.Gate, Result: string(a.Result), Says: a.Says, Advice: a.Advice})
	}
	return rows
}

// closing are GitHub's own words by which a change says what it is for.
var closing = regexp.MustCompile(`(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)[: ]+#([0-9]{1,9})\b`)

func issuesOf(c bot.Change) (numbers []int) {
	for _, m := range closing.FindAllStringSubmatch(c.Body, 10) {
		var n int
		if _, err := fmt.Sscan(m[1], &n); err == nil && n > 0 && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	return numbers
}
