package web

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// metricChart shows what each window held: the share of bad events of both
// sides, when the weight changed, and when it was decided. Before the first of
// them so many were counted that are no longer kept.
func metricChart(f deploy.Finding, windows []bot.Window, before int, facts []told, id string) lineChart {
	from, to := windows[0].From, windows[len(windows)-1].To
	c := lineChart{
		ID: id, Title: f.Metric.Name + ": stable and canary, window by window",
		From: seconds(from), To: seconds(to), FromLabel: from.UTC().Format("15:04:05"), ToLabel: to.UTC().Format("15:04:05 UTC"),
		Y: func(v float64) string { return fmt.Sprintf("%.3g %%", 100*v) },
	}
	stable, canary := line{Name: "stable"}, line{Name: "canary"}
	counted := before
	for _, w := range windows {
		at := seconds(w.From.Add(w.To.Sub(w.From) / 2))
		if w.Missing != "" {
			c.Holes = append(c.Holes, at)
			stable.Points, canary.Points = append(stable.Points, point{at, none}), append(canary.Points, point{at, none})
			continue
		}
		if counted++; counted == f.Verdict.FailedAt {
			c.Notes = append(c.Notes, note{X: seconds(w.To), Label: "worse", Class: "bad"})
		}
		stable.Points = append(stable.Points, point{at, rate(w.StableBad, w.StableTotal)})
		canary.Points = append(canary.Points, point{at, rate(w.CanaryBad, w.CanaryTotal)})
	}
	c.Lines = []line{stable, canary}
	c.Desc = fmt.Sprintf("%s: stable %s, canary %s; %s of which nothing is known.",
		words.Plural(len(windows), "window"), share(f.Verdict.StableBad, f.Verdict.StableTotal), share(f.Verdict.CanaryBad, f.Verdict.CanaryTotal), words.Plural(len(c.Holes), "window"))
	c.Notes = append(marks(facts, from, to), c.Notes...)
	return c
}

// marks are the moments of the rollout that lie in the chart.
func marks(facts []told, from, to time.Time) (notes []note) {
	for _, f := range facts {
		n := note{X: seconds(f.At)}
		switch f.Fact {
		case "rollout.step":
			n.Label, n.Class = fmt.Sprintf("%d %%", f.Weight), "weight"
		case "rollout.waiting":
			n.Label, n.Class = "holds", "wait"
		case "rollout.resting":
			n.Label, n.Class = "rests", "good"
		default:
			continue
		}
		if slack := to.Sub(from) / 20; !f.At.Before(from.Add(-slack)) && !f.At.After(to.Add(slack)) {
			notes = append(notes, n)
		}
	}
	return notes
}

// rate of bad events; a window without traffic has none.
func rate(bad, total float64) float64 {
	if total <= 0 {
		return none
	}
	return bad / total
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
