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
}

// askedFor is how long a run that was asked for is believed to come.
const askedFor = 15 * time.Minute

// history of a check on the branch's line, as its runs are known.
func (b Build) history(check string, now time.Time) trunk.History {
	h := trunk.History{Commits: make([]trunk.Commit, len(b.Line))}
	at := map[bot.SHA]int{}
	for i, sha := range b.Line {
		at[sha], h.Commits[i].SHA = i, sha
	}
	for _, run := range b.Runs[check] {
		c := &h.Commits[at[run.SHA]]
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

// awaited notes the runs that were asked for and are not heard of yet, and the
// commits that cannot be run again.
func (b Build) awaited(check string, at map[bot.SHA]int, h *trunk.History, now time.Time) {
	for _, a := range b.Asked {
		i, on := at[a.SHA]
		if !on || a.Check != check {
			continue
		}
		c := &h.Commits[i]
		heard := slices.ContainsFunc(c.Runs, func(r trunk.Run) bool { return !r.Started.Before(a.At.Truncate(time.Second)) })
		switch {
		case a.Refused:
			c.Barred = true
		case !heard && c.Live.IsZero() && now.Sub(a.At) < askedFor:
			c.Live = a.At
		}
	}
}

// Ask notes that runs were asked for, and forgets those of long ago.
func (b Build) Ask(now time.Time, asked ...Asked) Build {
	b.Asked = slices.DeleteFunc(slices.Clone(b.Asked), func(a Asked) bool {
		return now.Sub(a.At) > time.Hour || slices.ContainsFunc(asked, func(n Asked) bool { return n.Check == a.Check && n.SHA == a.SHA })
	})
	b.Asked = append(b.Asked, asked...)
	return b
}

// evidence tells of each check that fails whether it is broken, a flake or the
// world; what was broken is so until it passes.
func (b Build) evidence(s trunk.Settings, now time.Time) (causes []Cause) {
	for check := range b.Runs {
		f := trunk.Judge(b.history(check, now), s, now)
		was := slices.IndexFunc(b.Causes, func(c Cause) bool { return c.Check == check && c.State == trunk.Red })
		if f.First < 0 {
			if lost := b.lost(check); lost != nil && f.State == trunk.Unknown {
				causes = append(causes, *lost)
			}
			continue
		}
		c := Cause{Check: check, SHA: b.Line[f.First], At: f.Since, URL: b.failed(check, b.Line[f.First]), State: f.State, Confidence: f.Confidence, Finding: f}
		if was >= 0 {
			c.State = trunk.Red
		}
		if lost := b.lost(check); lost != nil && f.Last < 0 {
			c.SHA, c.At, c.URL = lost.SHA, lost.At, lost.URL
		}
		causes = append(causes, c)
	}
	for _, c := range b.Causes {
		if _, known := b.Runs[c.Check]; !known {
			causes = append(causes, c)
		}
	}
	slices.SortFunc(causes, func(x, y Cause) int {
		return cmp.Or(rank(x.State)-rank(y.State), x.At.Compare(y.At), strings.Compare(x.Check, y.Check))
	})
	return causes
}

// failed is where the first failure of a check on a commit is shown.
func (b Build) failed(check string, sha bot.SHA) string {
	for _, run := range b.Runs[check] {
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
func (b Build) Due() (at time.Time) {
	for _, c := range b.Causes {
		if until := c.Finding.Until; !until.IsZero() && (at.IsZero() || until.Before(at)) {
			at = until
		}
	}
	return at
}

// Wanted are the runs that would tell more of what fails: each once more than
// the newest that is known. Where there is none to be repeated it cannot be had.
func (b Build) Wanted(now time.Time) (wanted []Asked) {
	for _, c := range b.Causes {
		for _, w := range c.Finding.Wants {
			a := Asked{Check: c.Check, SHA: b.Line[w.Commit], At: now, Refused: true}
			for _, run := range b.Runs[c.Check] {
				if run.SHA == a.SHA && run.App != 0 {
					a.App, a.Run, a.Refused = run.App, run.ID, false
				}
			}
			wanted = append(wanted, a)
		}
	}
	return wanted
}

// Refused notes that a run which was asked for cannot be had.
func (b Build) Refused(check string, sha bot.SHA) Build {
	b.Asked = slices.Clone(b.Asked)
	for i, a := range b.Asked {
		if a.Check == check && a.SHA == sha {
			b.Asked[i].Refused = true
		}
	}
	return b
}
