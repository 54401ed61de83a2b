package words

import (
	"fmt"
	"strings"
)

// NoWorse is what a metric is called of which all of the interval lies below
// the floor: only then is it shown that nothing got worse.
const NoWorse = "no worse"

// little is what one is called that has all of its interval above the floor,
// where it counts, and passes all the same.
const little = "a little worse"

// Shown says what a metric that passed was shown to be, and no more than that.
// To pass it is enough to be below the margin; a ratio of 1.4 may be.
func (m Metric) Shown() string {
	switch below := "below " + times(m.Margin); {
	case m.isProbe():
		return "answers"
	case m.High > 0 && m.High <= m.Floor:
		return NoWorse
	case m.Low > m.Floor:
		return little + ", " + below
	default:
		return below
	}
}

// harmless reports whether nothing that people would call worse is left open.
func (m Metric) harmless() bool { return m.isProbe() || m.Shown() == NoWorse }

// passes says in a sentence what a metric that passed showed.
func (m Metric) passes(name func(string) string) string {
	if m.isProbe() {
		return fmt.Sprintf("%s %.0f of %.0f failed, shown to be below %s", name(m.Name), m.CanaryBad, m.CanaryTotal, plainShare(m.Limit))
	}
	what := strings.TrimSuffix(name(m.Name)+" "+m.interval(), " -")
	if strings.HasPrefix(m.Shown(), little) {
		what += ", " + little
	}
	return what + ", shown to be below " + times(m.Margin)
}

// Evidence says what the metrics that decide showed of a release that passed
// in a stage.
func Evidence(stage string, metrics []Metric) string {
	var shown []string
	harmless := true
	for _, m := range metrics {
		if m.Outcome == passed {
			shown, harmless = append(shown, Code(m.Name)+" "+m.Shown()), harmless && m.harmless()
		}
	}
	if harmless {
		return "production found nothing worse while it was in " + stage
	}
	return "while it was in " + stage + ", production showed against what ran before: " + strings.Join(shown, "; ")
}
