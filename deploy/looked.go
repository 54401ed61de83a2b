package deploy

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// looked takes what production did since the last look.
func (p *plan) looked(in Looked, now time.Time) {
	r := p.r
	if !r.judged() || !r.serves() {
		return
	}
	failed := r.Verdict().Fails()
	r.Watch = r.Watch.with(in)
	verdict := r.Verdict()
	switch {
	case verdict.Fails() && r.Stage.OnFail != onFailPause:
		p.back(verdict.Why(), true, now)
		return
	case verdict.Fails() && (r.Overruled || r.State == Starting || r.State == Waiting && failed):
	case verdict.Fails():
		p.pause(verdict.Why(), now) // the file leaves it to a person what follows
	case r.State == Watching && p.stepIsOver(now):
		p.stepOver(now)
	case r.State == Waiting && r.shown() && !r.Stage.Steps[r.Step].Ask:
		r.Why = ""
		p.advance(now)
	}
	if r.serves() {
		p.window(now)
	}
}

// serves reports whether it has traffic that is not on its way back; also
// while the next weight is put in place, which may take long.
func (r Rollout) serves() bool {
	switch r.State {
	case Watching, Waiting, Resting:
		return true
	case Starting:
		return !r.Placed.IsZero()
	}
	return false
}

// onFailPause is the file's word for "a person decides what a failure means".
const onFailPause = "pause"

func (p *plan) stepIsOver(now time.Time) bool {
	return now.Sub(p.r.StepAt) >= p.r.Stage.Steps[p.r.Step].For
}

// with adds a look. The watch that it was before stays as it is.
func (w Watch) with(in Looked) Watch {
	w.Troubles = maps.Clone(w.Troubles)
	if w.Troubles == nil {
		w.Troubles = map[string]string{}
	}
	w.Windows, w.Cursors, w.Past = clone(w.Windows), clone(w.Cursors), maps.Clone(w.Past)
	for _, name := range slices.Sorted(maps.Keys(in.Windows)) {
		delete(w.Troubles, name)
		if len(in.Windows[name]) == 0 {
			w.Troubles[name] = in.Err
		}
		for _, window := range in.Windows[name] {
			if len(window.Cursor) > 0 {
				w.Cursors[name] = window.Cursor
			}
			if window.Missing != "" {
				w.Troubles[name] = window.Missing
			}
			window.Cursor = nil
			w.Windows[name] = append(slices.Clone(w.Windows[name]), window)
		}
		w.forget(name)
	}
	w.Trouble = w.trouble(in)
	return w
}

// trouble is that of the first metric that has one; metrics are not all asked
// at every look, and what another one sees does not end it.
func (w Watch) trouble(in Looked) string {
	for _, name := range slices.Sorted(maps.Keys(w.Troubles)) {
		return w.Troubles[name]
	}
	if len(in.Windows) == 0 {
		return in.Err
	}
	return ""
}

// seen reports whether each metric that decides was seen on both sides at
// this weight. What was seen at a smaller one is evidence, but a source that
// has been silent since shows nothing of what this weight does.
func (r Rollout) seen() bool {
	for _, m := range r.blocking() {
		if !slices.ContainsFunc(r.Watch.Windows[m.Name], func(w bot.Window) bool {
			return w.Missing == "" && w.CanaryTotal > 0 && (w.StableTotal > 0 || m.Probe != nil) && w.To.After(r.StepAt)
		}) {
			return false
		}
	}
	return true
}

// shown reports whether nothing but its time keeps it at this weight.
func (r Rollout) shown() bool { return r.Verdict().Passes() && r.seen() }

func clone[V []bot.Window | json.RawMessage](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return maps.Clone(m)
}
