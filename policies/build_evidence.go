package policies

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// Asked is a run that we asked for. It counts as one that runs until it is
// heard of, or for too long.
type Asked struct {
	Check   string    `json:"check"`
	SHA     bot.SHA   `json:"sha"`
	At      time.Time `json:"at"`
	App     int64     `json:"app,omitempty"`     // whose check it is
	Run     int64     `json:"run,omitempty"`     // the newest that was known; 0: there was none
	Refused bool      `json:"refused,omitempty"` // it cannot be had
	Why     string    `json:"why,omitempty"`     // it was refused
}

// history of a check on the branch's line, as its runs are known.
func (b Build) history(check string, now time.Time) trunk.History {
	h := trunk.History{Commits: make([]trunk.Commit, len(b.Line))}
	at, ran := map[bot.SHA]int{}, map[bot.SHA][]bot.CheckRun{}
	for _, on := range b.byCommit(check) {
		ran[on[0].SHA] = on
	}
	for i, sha := range b.Line {
		at[sha] = i
		h.Commits[i] = trunk.Commit{SHA: sha, Steps: b.Steps[sha], Barred: b.barred(check, sha, ran[sha]) != ""}
	}
	for _, run := range b.deciding(check) {
		i, on := at[run.SHA]
		if !on {
			continue
		}
		c := &h.Commits[i]
		switch {
		case run.Concluded():
			c.Runs = append(c.Runs, trunk.Run{Failed: run.Failed(), Started: begun(run), Ended: run.Completed})
		case run.Status != bot.Completed && begun(run).After(c.Live):
			c.Live = begun(run)
		}
	}
	for i := range h.Commits {
		c := &h.Commits[i]
		slices.SortStableFunc(c.Runs, func(x, y trunk.Run) int { return x.Started.Compare(y.Started) })
		if n := len(c.Runs); n > 0 && !c.Live.After(c.Runs[n-1].Started) {
			c.Live = time.Time{} // an older one, of which the end was lost
		}
	}
	b.awaited(check, at, &h, now)
	flakes, runs := h.Flaked()
	past := b.Past[check].within(now)
	h.Rate = trunk.Rate(past.Flakes+flakes, past.Runs+runs)
	return h
}

// begun is when a run began; of one that GitHub gives no beginning, its end.
func begun(run bot.CheckRun) time.Time {
	if run.Started.IsZero() {
		return run.Completed
	}
	return run.Started
}

// barred is why a check cannot be run again on a commit where it ran so; empty:
// it can, as far as is known.
func (b Build) barred(check string, sha bot.SHA, ran []bot.CheckRun) string {
	_, order := sources(ran)
	i := slices.IndexFunc(b.Asked, func(a Asked) bool { return a.Check == check && a.SHA == sha && a.Refused })
	switch {
	case len(order) == 0:
		return "it never ran there"
	case len(order) > 1:
		return "several workflows have a job of that name"
	case order[0].app == 0:
		return "it is a commit status, which nobody can be asked for"
	case i >= 0:
		return cmp.Or(b.Asked[i].Why, "GitHub refused")
	}
	return ""
}

// awaited notes the runs that were asked for and are not heard of yet.
func (b Build) awaited(check string, at map[bot.SHA]int, h *trunk.History, now time.Time) {
	for _, a := range b.Asked {
		i, on := at[a.SHA]
		if !on || a.Check != check || b.heardOf(a) {
			continue
		}
		c := &h.Commits[i]
		c.Asked = a.At
		if c.Live.IsZero() && now.Sub(a.At) < trunk.Believed {
			c.Live = a.At
		}
	}
}

// heardOf reports whether a run that was asked for was refused or has begun, or
// another that is newer than what was known.
func (b Build) heardOf(a Asked) bool {
	return a.Refused || slices.ContainsFunc(b.Runs[a.Check], func(r bot.CheckRun) bool {
		return r.SHA == a.SHA && (r.ID > a.Run && r.App == a.App || !begun(r).Before(a.At.Truncate(time.Second)))
	})
}

// Ask notes that runs were asked for, and forgets those of commits that are on
// the line no more.
func (b Build) Ask(asked ...Asked) Build {
	b.Asked = slices.DeleteFunc(slices.Clone(b.Asked), func(a Asked) bool {
		return !slices.Contains(b.Line, a.SHA) || slices.ContainsFunc(asked, func(n Asked) bool { return n.Check == a.Check && n.SHA == a.SHA })
	})
	b.Asked = append(b.Asked, asked...)
	return b
}

// evidence tells of each check that fails whether it is broken, a flake or the
// world; what was broken is so until it passes.
func (b Build) evidence(s trunk.Settings, now time.Time) (causes []Cause) {
	for check := range b.Runs {
		f := trunk.Judge(b.history(check, now), s, now)
		lost := b.lost(check)
		switch {
		case f.First < 0 && lost != nil && f.State == trunk.Unknown:
			causes = append(causes, lost.judged())
		case f.First < 0:
		case lost != nil && f.Last < 0:
			c := b.cause(check, f)
			c.SHA, c.At, c.URL = lost.SHA, lost.At, lost.URL
			if lost.judged().State == trunk.Red {
				c.State = trunk.Red
			}
			causes = append(causes, c)
		default:
			causes = append(causes, b.cause(check, f))
		}
	}
	for _, c := range b.Causes {
		if _, known := b.Runs[c.Check]; !known {
			causes = append(causes, c.judged())
		}
	}
	slices.SortFunc(causes, func(x, y Cause) int {
		return cmp.Or(rank(x.State)-rank(y.State), x.At.Compare(y.At), strings.Compare(x.Check, y.Check))
	})
	return causes
}

// cause that was found.
func (b Build) cause(check string, f trunk.Finding) Cause {
	sha := b.Line[f.First]
	c := Cause{
		Check: check, SHA: sha, At: f.Since, URL: b.failed(check, sha), State: f.State, Confidence: f.Confidence,
		Failures: f.Failures, Silent: f.Silent, Finding: f,
	}
	for _, ran := range b.byCommit(check) {
		if ran[0].SHA == sha {
			c.Barred = b.barred(check, sha, ran)
		}
	}
	if f.Last >= 0 && f.Last < f.First {
		c.After = b.Line[f.Last]
		for _, on := range b.Line[f.Last+1 : f.First+1] {
			if b.Steps[on] == 0 {
				c.Steps = 0
				break
			}
			c.Steps += b.Steps[on]
		}
	}
	return c
}

// judged is a cause that is known from before evidence was asked for: it was red.
func (c Cause) judged() Cause {
	c.State = cmp.Or(c.State, trunk.Red)
	return c
}

// failed is where the first failure of a check on a commit is shown.
func (b Build) failed(check string, sha bot.SHA) string {
	for _, run := range b.deciding(check) {
		if run.SHA == sha && run.Failed() {
			return run.URL
		}
	}
	return ""
}

// rank of states, the most pressing first.
func rank(s trunk.State) int {
	return slices.Index([]trunk.State{trunk.Red, trunk.Suspect, trunk.Released, trunk.Environment}, s)
}

// Due is when the branch must be considered again though nothing ran; zero: never.
func (b Build) Due(now time.Time) (at time.Time) {
	for _, c := range b.Causes {
		at = soonest(at, c.Finding.Until)
		for _, a := range b.Asked {
			if until := a.At.Add(trunk.Believed); a.Check == c.Check && until.After(now) && !b.heardOf(a) {
				at = soonest(at, until)
			}
		}
	}
	return at
}

// soonest of two moments, of which one that is zero is none.
func soonest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Wanted are the runs that would tell more of what fails: each once more than
// the newest that is known.
func (b Build) Wanted(now time.Time) (wanted []Asked) {
	for _, c := range b.Causes {
		for _, w := range c.Finding.Wants {
			a := Asked{Check: c.Check, SHA: b.Line[w.Commit], At: now}
			for _, run := range b.deciding(c.Check) {
				if run.SHA == a.SHA {
					a.App, a.Run = run.App, max(a.Run, run.ID)
				}
			}
			wanted = append(wanted, a)
		}
	}
	return wanted
}

// Refused notes that a run which was asked for cannot be had, and why.
func (b Build) Refused(check string, sha bot.SHA, why string) Build {
	b.Asked = slices.Clone(b.Asked)
	for i, a := range b.Asked {
		if a.Check == check && a.SHA == sha {
			b.Asked[i].Refused, b.Asked[i].Why = true, why
		}
	}
	return b
}
