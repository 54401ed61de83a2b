package handlers

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// slot is the state of the place a release wants to go to, and the rollout
// that works there now, if any.
func (h *Handlers) slot(ctx context.Context, r deploy.Release, stage deploy.Stage) (deploy.Slot, *deploy.Rollout, error) {
	return h.slotOf(ctx, deploy.SlotKey(r.Repo, r.Service, stage.Environment))
}

func (h *Handlers) slotOf(ctx context.Context, key string) (deploy.Slot, *deploy.Rollout, error) {
	slot := deploy.Slot{Key: key}
	if _, err := h.Store.Doc(ctx, slot.DocKey(), &slot); err != nil {
		return slot, nil, err
	}
	running, err := h.runningIn(ctx, slot)
	return slot, running, err
}

// runningIn is the rollout that holds a slot; nil: none does.
func (h *Handlers) runningIn(ctx context.Context, slot deploy.Slot) (*deploy.Rollout, error) {
	if slot.Running == "" {
		return nil, nil
	}
	r, found, err := h.rollout(ctx, slot.Running)
	if err != nil || !found {
		return nil, err
	}
	return &r, nil
}

// slotsOf are all slots of a repository.
func (h *Handlers) slotsOf(ctx context.Context, repo bot.RepoRef) (slots []deploy.Slot, err error) {
	keys, err := h.Store.Keys(ctx, "slot/"+repo.Key()+"/")
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		var slot deploy.Slot
		if _, err := h.Store.Doc(ctx, key, &slot); err != nil {
			return nil, err
		}
		slots = append(slots, slot)
	}
	return slots, nil
}

func (h *Handlers) rollout(ctx context.Context, id string) (deploy.Rollout, bool, error) {
	var r deploy.Rollout
	found, err := h.Store.Doc(ctx, deploy.Rollout{ID: id}.DocKey(), &r)
	return r, found, err
}

// stageSettled tells the rollout how something asked of the executor ended.
func (h *Handlers) stageSettled(ctx context.Context, d bot.Delivery[bot.StageSettled]) (bot.Plan, error) {
	e := d.Event
	return h.tell(ctx, e.Rollout, deploy.Settled{Verb: e.Verb, Outcome: e.Outcome, Detail: e.Detail}, d.At)
}

// rolloutDue looks at what the rollout wanted looked at, and tells it.
func (h *Handlers) rolloutDue(ctx context.Context, d bot.Delivery[bot.RolloutDue]) (bot.Plan, error) {
	r, found, err := h.rollout(ctx, d.Event.Rollout)
	if err != nil || !found || r.State.Ended() {
		return bot.Plan{}, err
	}
	stale := d.Event.Step != r.Turn
	switch {
	case d.Event.What != deploy.DueObserve && d.Event.What != deploy.DueWindow:
		return h.tell(ctx, r.ID, deploy.Due{What: d.Event.What, Turn: d.Event.Step}, d.At)
	case stale:
		return bot.Plan{}, nil
	}
	in, err := h.ask(ctx, r, d.Event.What, d.At)
	if err != nil {
		return bot.Plan{}, err
	}
	return h.tell(ctx, r.ID, in, d.At)
}

// ask outsiders how a rollout is, if not too many wait for them already.
func (h *Handlers) ask(ctx context.Context, r deploy.Rollout, what string, now time.Time) (deploy.Input, error) {
	if h.Places != nil {
		leave, err := h.Places.Enter(outsiders(r, what, now)...)
		if err != nil {
			return nil, err
		}
		defer leave()
	}
	if what == deploy.DueObserve {
		return h.observe(ctx, r), nil
	}
	return h.look(ctx, r, now), nil
}

// outsiders are those whom ask asks.
func outsiders(r deploy.Rollout, what string, now time.Time) []string {
	if what == deploy.DueObserve {
		return []string{r.Order().Executor.String()}
	}
	names := map[string]bool{}
	for _, q := range r.Queries(now) {
		if q.Probe != nil {
			names["what is probed"] = true
		} else {
			names["source "+q.Source] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func (h *Handlers) observe(ctx context.Context, r deploy.Rollout) deploy.Observed {
	o, err := h.Stages.Observe(ctx, r.Order())
	if err != nil {
		return deploy.Observed{Err: err.Error()}
	}
	return deploy.Observed{Observation: o}
}

// look asks production about each metric. A source that does not answer is
// said so; it never becomes evidence for or against.
func (h *Handlers) look(ctx context.Context, r deploy.Rollout, now time.Time) deploy.Looked {
	looked := deploy.Looked{Windows: map[string][]bot.Window{}}
	queries := r.Queries(now)
	for _, name := range slices.Sorted(maps.Keys(queries)) {
		windows, err := h.Production.Windows(ctx, queries[name])
		switch {
		case err != nil:
			looked.Err = err.Error()
		case len(windows) == 0:
			looked.Err = "production said nothing of " + name
		}
		looked.Windows[name] = windows
	}
	return looked
}

// counted reports whether a look asked for more than probes, which are asked
// far more often than people want to be told.
func counted(r deploy.Rollout, in deploy.Looked) bool {
	probes := 0
	for _, m := range r.Watch.Metrics {
		if _, asked := in.Windows[m.Name]; asked && m.Probe != nil {
			probes++
		}
	}
	return len(in.Windows) > probes || len(in.Windows) == 0
}

// tell lets a rollout take an input and saves what follows.
func (h *Handlers) tell(ctx context.Context, id string, in deploy.Input, now time.Time) (plan bot.Plan, err error) {
	before, found, err := h.rollout(ctx, id)
	if err != nil || !found {
		return plan, err
	}
	slot, _, err := h.slotOf(ctx, before.Slot)
	if err != nil {
		return plan, err
	}
	err = h.step(ctx, before, slot, in, now, &plan)
	return plan, err
}

// step is one transition with all that goes with it: the slot, what is where,
// the facts for reports, and what people see.
func (h *Handlers) step(ctx context.Context, before deploy.Rollout, slot deploy.Slot, in deploy.Input, now time.Time, plan *bot.Plan) error {
	after, made := deploy.Step(before, in, now)
	if after.Turn == before.Turn && len(made.Timers)+len(made.Facts)+len(made.Effects)+len(made.Answers) == 0 {
		return nil // it made no sense in this state
	}
	plan.Join(made)
	plan.Keep(after)
	settled := slot.Settle(after, now)
	if after.State.Ended() && !before.State.Ended() {
		plan.Keep(settled)
	}
	if err := h.follow(ctx, before, after, slot, now, plan); err != nil {
		return err
	}
	s, _, err := h.settings(ctx, after.Release.Repo, now, plan)
	if err != nil {
		return err
	}
	if after.Turn == before.Turn && !worthShowing(before, after, in) {
		return nil
	}
	return h.show(ctx, s, after, settled, plan)
}

// worthShowing: while a release is watched, people see each window. While it
// rests or waits, an edit a minute for hours would only cost; they see when a
// verdict turns or production can no longer be asked.
func worthShowing(before, after deploy.Rollout, in deploy.Input) bool {
	looked, ok := in.(deploy.Looked)
	if !ok {
		return false
	}
	if after.State == deploy.Watching && counted(after, looked) || (before.Watch.Trouble == "") != (after.Watch.Trouble == "") {
		return true
	}
	was, is := before.Verdict().Findings, after.Verdict().Findings
	for i := range is {
		if was[i].Verdict.Outcome != is[i].Verdict.Outcome {
			return true
		}
	}
	return false
}
