package deploy

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// model is a rollout in a world that may do anything: executors that lie, are
// late or say nothing, people who press everything, timers that ring twice.
type model struct {
	*run
	steps    []WeightStep
	returned bool // an abort was confirmed
}

func begun(t *rapid.T) *model {
	stages := []Stage{
		allAtOnce(), canary(),
		stage(WeightStep{Weight: 5, For: time.Minute, Ask: true}, WeightStep{Weight: 50, For: time.Minute}, WeightStep{Weight: 100, For: 2 * time.Minute}),
		stage(WeightStep{Weight: 1}),
	}
	s := rapid.SampledFrom(stages).Draw(t, "stage")
	s.OnFail = rapid.SampledFrom([]string{"rollback", "pause"}).Draw(t, "on_fail")
	asking := Asking{Release: release(newer), Stage: s, Kind: KindDeploy, By: ann, Asked: rapid.Bool().Draw(t, "asked")}
	if rapid.Bool().Draw(t, "judged") {
		asking.Watch = watched()
	}
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0, 1:
		asking.Kind, asking.Watch, asking.Stage = KindRollback, Watch{}, allAtOnce()
	case 2:
		asking.Over = "the canary before"
	}
	slot := slotWith(rapid.SampledFrom([]bot.SHA{older, ""}).Draw(t, "live"))
	_, r, plan := Begin(slot, asking, begin)
	m := &model{run: &run{now: begin}, steps: asking.Stage.Steps}
	m.take(r, plan)
	return m
}

func (m *model) input(t *rapid.T) Input {
	m.now = m.now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "seconds")) * time.Second)
	outcome := rapid.SampledFrom([]bot.Outcome{bot.Done, bot.Done, bot.Done, bot.Failed, bot.InDoubt, bot.HeldBack})
	switch rapid.SampledFrom([]string{"settled", "settled", "observed", "observed", "observed", "looked", "looked", "timer", "timer", "timer", "due", "promote", "over", "abort"}).Draw(t, "input") {
	case "settled":
		return Settled{Verb: rapid.SampledFrom([]string{"start", "weight", "finish", "abort"}).Draw(t, "verb"), Outcome: outcome.Draw(t, "outcome"), Detail: "so"}
	case "observed":
		if rapid.IntRange(0, 9).Draw(t, "down") == 0 {
			return Observed{Err: "it does not answer"}
		}
		return Observed{Observation: bot.Observation{
			State:  rapid.SampledFrom([]string{bot.StagePlaced, bot.StagePlaced, bot.StagePlaced, bot.StageFinished, bot.StageRunning, bot.StageAborted, bot.StageFailed}).Draw(t, "state"),
			SHA:    rapid.SampledFrom([]bot.SHA{newer, newer, newer, newer, older, ""}).Draw(t, "sha"),
			Weight: rapid.SampledFrom([]int{m.r.Weight(), m.r.Weight(), m.r.Weight(), 0, 100}).Draw(t, "weight"),
		}}
	case "looked":
		w := rapid.SampledFrom([]bot.Window{healthy(), healthy(), harmful(), {Missing: "no answer"}, {}}).Draw(t, "window")
		w.From, w.To = m.now.Add(-time.Minute), m.now
		return Looked{Windows: map[string][]bot.Window{"errors": {w}}, Err: w.Missing}
	case "timer":
		if len(m.timers) > 0 {
			timer := rapid.SampledFrom(m.timers).Draw(t, "timer")
			if timer.At.After(m.now) {
				m.now = timer.At
			}
			e := timer.Event.(bot.RolloutDue)
			return Due{What: e.What, Turn: e.Step}
		}
	case "promote":
		return Promote{By: ann}
	case "over":
		return TakenOver{By: "@ann"}
	case "abort":
		if rapid.IntRange(0, 3).Draw(t, "really") == 0 {
			return Abort{By: ann}
		}
	}
	return Due{What: rapid.SampledFrom([]string{DueObserve, DueStep, DueStuck, DueWindow, "?"}).Draw(t, "what"), Turn: rapid.IntRange(0, m.r.Turn+1).Draw(t, "turn")}
}

func frozen(r Rollout) string {
	b, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// Whatever happens, in whatever order, the promises of a rollout hold.
func TestRolloutModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := begun(t)
		for range rapid.IntRange(0, 40).Draw(t, "inputs") {
			before, was := m.r, frozen(m.r)
			in := m.input(t)
			r, plan := Step(m.r, in, m.now)
			if frozen(before) != was {
				t.Fatalf("%#v changed the rollout it was given", in)
			}
			m.check(t, before, r, in, plan)
			m.take(r, plan)
			m.alive(t)
		}
		m.endsBySilence(t)
	})
}

func (m *model) check(t *rapid.T, before, after Rollout, in Input, plan bot.Plan) {
	effects := append(slices.Clone(plan.Effects), plan.Answers...)
	if settled, ok := in.(Settled); ok && before.State == Returning && settled.Verb == "abort" && settled.Outcome == bot.Done {
		m.returned = true
	}
	if before.State.Ended() && (frozen(before) != frozen(after) || !reflect.DeepEqual(plan, bot.Plan{})) {
		t.Fatalf("%#v moved a rollout that was %s: %+v", in, before.State, plan)
	}
	if _, ok := in.(Abort); ok && !before.State.Ended() && after.State != Returning {
		t.Fatalf("an abort left it %s", after.State)
	}
	for _, e := range effects {
		m.checkEffect(t, before, after, e)
	}
	switch after.State {
	case Succeeded:
		if before.State != Succeeded && (before.State != Finishing || before.Weight() != 100) {
			t.Fatalf("succeeded from %s at %d %%", before.State, before.Weight())
		}
	case RolledBack, Aborted:
		if !m.returned {
			t.Fatalf("%s, and no abort was confirmed", after.State)
		}
		if (after.State == Aborted) != after.Stopped {
			t.Fatalf("%s, and stopped is %t", after.State, after.Stopped)
		}
	case Promoted:
		if before.State != Promoted && before.State != Resting {
			t.Fatalf("taken over while %s", before.State)
		}
	case Failed:
		if !after.Placed.IsZero() || after.Over != "" {
			t.Fatal("failed as if nothing had moved")
		}
	}
	if after.Blamed && !before.Blamed {
		if _, ok := in.(Looked); !ok {
			t.Fatalf("blamed by %#v", in)
		}
	}
	if after.Kind == KindRollback && after.State == Returning && !after.Stopped {
		t.Fatal("automation undoes a rollback")
	}
	if after.State.Ended() == after.EndedAt.IsZero() {
		t.Fatalf("%s, ended at %v", after.State, after.EndedAt)
	}
	m.unproven(t, before, after, in)
}

// unproven: nobody but a person gives more traffic to what was not shown to
// be harmless.
func (m *model) unproven(t *rapid.T, before, after Rollout, in Input) {
	more := after.Step > before.Step || after.State == Resting && before.State != Resting || after.State == Finishing && before.State != Finishing
	if _, person := in.(Promote); !more || person || before.Weight() == 100 {
		return
	}
	fresh := slices.ContainsFunc(after.Watch.Windows["errors"], func(w bot.Window) bool { return w.CanaryTotal > 0 && w.To.After(before.StepAt) })
	if !after.Verdict().Passes() || !fresh {
		t.Fatalf("%#v gave more traffic without evidence: %s at %d became %s at %d", in, before.State, before.Weight(), after.State, after.Weight())
	}
	if before.Stage.Steps[before.Step].Ask {
		t.Fatalf("%#v went past a step that asks for a person", in)
	}
}

func (m *model) checkEffect(t *rapid.T, before, after Rollout, e bot.Effect) {
	allowed := []string{"error", "failure", "inactive", "in_progress", "queued", "pending", "success"}
	var order bot.StageOrder
	switch e := e.(type) {
	case bot.MirrorRollout:
		if !slices.Contains(allowed, e.State) || len([]rune(e.Description)) > 140 {
			t.Fatalf("GitHub knows no deployment status %+v", e)
		}
		return
	case bot.AbortStage:
		order = e.Order
	case bot.SetWeight:
		order = e.Order
	case bot.FinishStage:
		order = e.Order
	}
	if before.State == Returning {
		t.Fatalf("%s was asked for while going back", e.Kind())
	}
	if order.SHA != newer || order.Fence != 4 || order.Key != after.ID || order.Over != after.Over {
		t.Fatalf("%s for another order: %+v", e.Kind(), order)
	}
	if !slices.ContainsFunc(m.steps, func(s WeightStep) bool { return s.Weight == order.Weight }) {
		t.Fatalf("%s asks for %d %%, which the file does not name", e.Kind(), order.Weight)
	}
}

// alive: what has not ended waits for the executor or for a timer that means
// something in its state.
func (m *model) alive(t *rapid.T) {
	r := m.r
	if r.State.Ended() {
		return
	}
	if !slices.Equal(r.Claims(), []string{"slot/" + r.Slot}) {
		t.Fatalf("a rollout that is %s does not hold its slot", r.State)
	}
	means := map[State]string{Starting: DueStuck, Finishing: DueStuck, Returning: DueStuck, Waiting: DueDeadline, Resting: DueDeadline, Watching: DueDeadline}[r.State]
	for _, timer := range m.timers {
		if e := timer.Event.(bot.RolloutDue); e.What == means && (e.Step == r.Turn || means == DueDeadline) {
			return
		}
	}
	t.Fatalf("nothing wakes a rollout that is %s", r.State)
}

// endsBySilence: when nobody answers any more, not even those who are asked
// what they see, deadlines alone bring it to its end, and in time.
func (m *model) endsBySilence(t *rapid.T) {
	slices.SortStableFunc(m.timers, func(a, b bot.Timer) int { return a.At.Compare(b.At) })
	limit := later(m.now, begin.Add(m.r.Stage.Timeouts.Rollout)).Add(m.r.Stage.Timeouts.Step)
	for len(m.timers) > 0 && !m.r.State.Ended() {
		timer := m.timers[0]
		m.timers = m.timers[1:]
		if e := timer.Event.(bot.RolloutDue); e.What != DueObserve && e.What != DueWindow {
			m.now = later(m.now, timer.At)
			m.tell(Due{What: e.What, Turn: e.Step})
			slices.SortStableFunc(m.timers, func(a, b bot.Timer) int { return a.At.Compare(b.At) })
		}
	}
	if !m.r.State.Ended() || m.r.EndedAt.After(limit) {
		t.Fatalf("it is %s after %v when nobody answers", m.r.State, m.now.Sub(begin))
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// What is told twice ends the same as what is told once.
func TestToldTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := begun(t)
		for range rapid.IntRange(0, 20).Draw(t, "inputs") {
			in := m.input(t)
			m.tell(in)
			if _, looked := in.(Looked); looked {
				continue // the handler tells a window only to the turn that asked
			}
			if _, person := in.(Promote); person {
				continue
			}
			state, step, turn, kinds := m.r.State, m.r.Step, m.r.Turn, fmt.Sprint(m.effects)
			m.tell(in)
			if due, ok := in.(Due); ok && due.What == DueDeadline {
				continue
			}
			if m.r.State != state || m.r.Step != step || m.r.Turn != turn || fmt.Sprint(m.effects) != kinds {
				t.Fatalf("%#v told twice: %s/%d became %s/%d", in, state, step, m.r.State, m.r.Step)
			}
		}
	})
}
