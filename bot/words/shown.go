package words

import (
	"fmt"
	"strings"
)

// noWorse: all of the interval lies below the floor. Only then is it shown that
// nothing got worse.
func (m Metric) noWorse() bool { return m.High > 0 && m.High <= m.Floor }

// little puts "a little worse" before what else was shown of a metric that has
// all of its interval above the floor, where it counts, and passes all the same.
func (m Metric) little(shown string) string {
	if m.Low > m.Floor {
		return "a little worse, " + shown
	}
	return shown
}

// Shown says what a metric that passed was shown to be, and no more than that.
// To pass it is enough to be below the margin; a ratio of 1.4 may be.
func (m Metric) Shown() string {
	switch {
	case m.isProbe():
		return "answers"
	case m.noWorse():
		return "no worse"
	}
	return m.little("below " + times(m.Margin))
}

// harmless reports whether nothing that people would call worse is left open.
func (m Metric) harmless() bool { return m.isProbe() || m.noWorse() }

// passes says in a sentence what a metric that passed showed.
func (m Metric) passes(name func(string) string) string {
	if m.isProbe() {
		return fmt.Sprintf("%s %.0f of %.0f failed, shown to be below %s", name(m.Name), m.CanaryBad, m.CanaryTotal, plainShare(m.Limit))
	}
	return strings.TrimSuffix(name(m.Name)+" "+m.interval(), " -") + ", " + m.little("shown to be below "+times(m.Margin))
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
