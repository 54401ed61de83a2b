package words

import (
	"fmt"
	"math"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// details is the folded part: how this was judged, for whoever doubts it.
func (r Rollout) details() string {
	if len(r.Metrics) == 0 || r.Windows == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n<details><summary>How this was judged</summary>\n\n")
	b.WriteString("Each window counts the bad and all events of both sides exactly. What strikes both sides cancels; evidence may be looked at after every window. The newest 240 windows of a metric are kept; older ones go on counting as the evidence that they were.\n")
	for _, m := range r.Metrics {
		b.WriteString(m.detail())
	}
	if r.Source != "" {
		fmt.Fprintf(&b, "\nSource: %s.\n", Code(r.Source))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

func (m Metric) detail() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n**%s** - %s of %s\n\n", Code(m.Name), Code(m.Bad), Code(m.Total))
	switch {
	case m.Outcome == "":
		b.WriteString("- Observed only; it decides nothing.\n")
	case m.isProbe():
		b.WriteString(m.probeDetail())
	default:
		fmt.Fprintf(&b, "- Evidence of harm at its highest: e = %s; it fails from %s. A ratio up to %s is never a failure.\n", odds(m.Harm), odds(m.HarmAt), times(m.Floor))
		fmt.Fprintf(&b, "- Evidence that the ratio is below %s: e = %s; it passes from %s.\n", times(m.Margin), odds(m.Safe), odds(m.SafeAt))
		if !math.IsInf(m.Needs, 0) {
			fmt.Fprintf(&b, "- Bad events expected at stable's rate: %.0f; about %.0f show a ratio of %s.\n", math.Floor(m.Has), math.Ceil(m.Needs), times(m.Margin))
		}
	}
	b.WriteString("\n| last windows | stable | this change |\n|:--|--:|--:|\n")
	for _, w := range m.Recent {
		if w.Missing != "" {
			fmt.Fprintf(&b, "| %s | %s | |\n", span(w), cell(Code("missing: "+w.Missing)))
			continue
		}
		fmt.Fprintf(&b, "| %s | %.0f of %.0f | %.0f of %.0f |\n", span(w), w.StableBad, w.StableTotal, w.CanaryBad, w.CanaryTotal)
	}
	return b.String()
}

func span(w bot.Window) string {
	return w.From.UTC().Format("15:04:05") + " to " + w.To.UTC().Format("15:04:05 UTC")
}

// odds are how often a stake was multiplied, with no more digits than mean
// something.
func odds(e float64) string {
	switch {
	case e >= 1e6:
		return "over a million"
	case e >= 10:
		return fmt.Sprintf("%.0f", e)
	case e < 0.01:
		return "under 0.01"
	}
	return fmt.Sprintf("%.2g", e)
}
