package policies

import (
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Past is how a check did on commits that are remembered no more, by day.
type Past []Day

// Day of a Past.
type Day struct {
	Date   string `json:"date"` // 2026-03-09, UTC
	Flakes int    `json:"flakes,omitempty"`
	Runs   int    `json:"runs"`
}

// pastFor is how long what a check did is held against it.
const pastFor = 14 * 24 * time.Hour

// within are the flakes and runs of the days that still count.
func (p Past) within(now time.Time) (sum Day) {
	from := now.Add(-pastFor).UTC().Format(time.DateOnly)
	for _, d := range p {
		if d.Date >= from {
			sum.Flakes, sum.Runs = sum.Flakes+d.Flakes, sum.Runs+d.Runs
		}
	}
	return sum
}

// with what was counted on a day.
func (p Past) with(d Day) Past {
	p = slices.Clone(p)
	if i := slices.IndexFunc(p, func(o Day) bool { return o.Date == d.Date }); i >= 0 {
		p[i].Flakes, p[i].Runs = p[i].Flakes+d.Flakes, p[i].Runs+d.Runs
	} else {
		p = append(p, d)
	}
	return p[max(0, len(p)-int(pastFor.Hours()/24)-1):]
}

// forget the oldest commits of the line, but not how flaky its checks were on them.
func (b Build) forget() Build {
	gone := len(b.Line) - keepLine
	if gone <= 0 {
		return b
	}
	past := map[string]Past{}
	for check, p := range b.Past {
		past[check] = p
	}
	for check, runs := range b.Runs {
		h := b.history(check, time.Time{})
		h.Commits = h.Commits[:gone]
		if flakes, n := h.Flaked(); n > 0 {
			past[check] = past[check].with(Day{Date: last(runs, b.Line[:gone]).UTC().Format(time.DateOnly), Flakes: flakes, Runs: n})
		}
	}
	if len(past) > 0 {
		b.Past = past
	}
	b.Line = b.Line[gone:]
	return b
}

// last is when the newest run on some commits ended.
func last(runs []bot.CheckRun, on []bot.SHA) (at time.Time) {
	for _, run := range runs {
		if run.Completed.After(at) && slices.Contains(on, run.SHA) {
			at = run.Completed
		}
	}
	return at
}
