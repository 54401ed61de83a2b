package words

import (
	"fmt"
	"math"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Outcomes of a metric, in the judge's words. An observed one has none.
const (
	passed = "pass"
	failed = "fail"
)

// Metric is one row of the table, stable first, and how it was judged.
type Metric struct {
	Name                   string
	StableBad, StableTotal float64
	CanaryBad, CanaryTotal float64
	Ratio, Low, High       float64
	Spark                  string
	Verdict                string // "✅ no worse", "✅ below ×2", "⛔ worse", "⏸ cannot tell yet", "👀 observed only"

	Outcome       string  // pass, fail, unknown; empty: it is observed only
	Floor, Margin float64 // a ratio up to Floor is never a failure; shown below Margin it passes
	Needs, Has    float64 // bad events expected of the canary at stable's rate
	Harm, HarmAt  float64 // evidence of harm so far, and from what on it fails
	Safe, SafeAt  float64 // evidence that the ratio is below Margin now, and from what on it passes
	Trouble       string  // why nothing can be told
	Bad, Total    string  // the expressions, as the file has them
	Recent        []bot.Window

	Allow, Limit float64 // of a probe: the share of bad answers that is never a failure, and below which it passes; else 0
}

// judged says in a sentence or two what production's numbers mean. A failure
// is said by the headline and the reason.
func (r Rollout) judged(name func(string) string) string {
	var passes, open []string
	floor, harmless := 0.0, true
	for _, m := range r.Metrics {
		switch m.Outcome {
		case "":
		case failed:
			return r.watched()
		case passed:
			passes = append(passes, m.passes(name))
			floor, harmless = max(floor, m.Floor), harmless && m.harmless()
		default:
			open = append(open, name(m.Name)+" "+m.lacks())
		}
	}
	switch {
	case r.Windows == 0:
		return ""
	case len(passes)+len(open) == 0:
		return r.watched()
	case len(open) > 0:
		return r.watched() + " Not enough to tell: " + strings.Join(open, "; ") + "."
	case floor == 0:
		return r.watched() + " It answers: " + strings.Join(passes, "; ") + "."
	}
	if !harmless {
		return r.watched() + " Enough to go on: " + strings.Join(passes, "; ") + "."
	}
	return fmt.Sprintf("%s Nothing got worse beyond the %.0f %% floor: %s.", r.watched(), 100*(floor-1), strings.Join(passes, "; "))
}

// watched says how long production was looked at, and where.
func (r Rollout) watched() string {
	if r.Windows == 0 {
		return ""
	}
	where := ""
	if r.Judged != "" {
		where = " in " + r.Judged
	}
	return fmt.Sprintf("Watched %s%s, %s.", For(r.Watched), where, Plural(r.Windows, "window"))
}

// lacks says what is missing for a verdict.
func (m Metric) lacks() string {
	switch {
	case m.Trouble != "":
		return "cannot be judged, " + plain(m.Trouble, 80)
	case m.isProbe():
		return fmt.Sprintf("is neither shown to fail more than %s nor less than %s", plainShare(m.Allow), plainShare(m.Limit))
	case math.IsInf(m.Needs, 0) || m.Has >= m.Needs:
		return "is neither shown to be worse nor to be below " + times(m.Margin)
	}
	return fmt.Sprintf("needs about %.0f expected bad events, has %.0f", math.Ceil(m.Needs), math.Floor(m.Has))
}

// worse names what got worse, for the first line.
func (r Rollout) worse(name func(string) string) string {
	var list []string
	for _, m := range r.Metrics {
		switch {
		case !r.Blamed || m.Outcome != failed:
		case m.isProbe():
			list = append(list, fmt.Sprintf("%s %.0f of %.0f failed", name(m.Name), m.CanaryBad, m.CanaryTotal))
		case m.StableBad == 0:
			list = append(list, fmt.Sprintf("%s %.0f of %.0f, none in stable", name(m.Name), m.CanaryBad, m.CanaryTotal))
		default:
			list = append(list, name(m.Name)+" "+m.interval())
		}
	}
	if len(list) == 0 {
		return ""
	}
	return " - " + strings.Join(list, ", ")
}

func (r Rollout) table() string {
	if len(r.Metrics) == 0 || r.Windows == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| metric | stable | this change | ratio (95 % interval) | last windows | verdict |\n|:--|--:|--:|:--|:--|:--|\n")
	for _, m := range r.Metrics {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", cell(Code(m.Name)),
			m.share(m.StableBad, m.StableTotal), m.share(m.CanaryBad, m.CanaryTotal), m.interval(), m.spark(), m.Verdict)
	}
	return b.String() + "\n"
}

func times(ratio float64) string { return "×" + fmt.Sprintf("%.3g", ratio) }

// cell keeps a bar from ending a cell, which it does even in a code span.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func share(bad, total float64) string {
	return fmt.Sprintf("%s (%.0f of %.0f)", Percent(bad, total), bad, total)
}

func (m Metric) interval() string {
	if m.isProbe() || m.StableBad == 0 || m.CanaryTotal == 0 || m.StableTotal == 0 {
		return "-"
	}
	return fmt.Sprintf("×%.1f (%.1f to %.1f)", m.Ratio, m.Low, m.High)
}
