package deploy

import (
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/judge"
)

// keepWindows bounds what a rollout remembers of a metric window by window:
// four hours of minutes.
const keepWindows = 240

// Past is what the windows of a metric said that are no longer kept. Nothing
// of a verdict is lost with them: each was weighed by its own split of the
// traffic. Windows are never added up instead, for those of two weights would
// make of a shared outage what looks like harm.
type Past struct {
	Evidence judge.Evidence `json:"evidence"`
	Stable   judge.Tries    `json:"stable"`         // of a probe
	Seen     time.Duration  `json:"seen,omitempty"` // how long production could be seen
}

// with takes windows in, oldest first.
func (p Past) with(m Metric, windows []bot.Window, s judge.Setting) Past {
	for _, w := range windows {
		if w.Missing == "" {
			p.Seen += w.To.Sub(w.From)
		}
	}
	if m.Probe != nil {
		tries, stable := m.Probe.tries(windows)
		p.Stable.Total, p.Stable.Bad = p.Stable.Total+stable.Total, p.Stable.Bad+stable.Bad
		p.Evidence = p.Evidence.WithTries(tries, m.Probe.setting(s))
		return p
	}
	p.Evidence = p.Evidence.With(counts(windows), s)
	return p
}

func (p Past) verdict(m Metric, s judge.Setting) judge.Verdict {
	if m.Probe == nil {
		return p.Evidence.Verdict(s)
	}
	v := p.Evidence.ShareVerdict(m.Probe.setting(s))
	v.StableTotal, v.StableBad = p.Stable.Total, p.Stable.Bad
	return v
}

// forget takes the oldest windows of a metric into its past when there are too
// many to keep.
func (w *Watch) forget(name string) {
	old := len(w.Windows[name]) - keepWindows
	if old <= 0 {
		return
	}
	for _, m := range w.Metrics {
		if m.Name != name {
			continue
		}
		if w.Past == nil {
			w.Past = map[string]Past{}
		}
		w.Past[name] = w.Past[name].with(m, w.Windows[name][:old], w.setting(m))
	}
	w.Windows[name] = slices.Clone(w.Windows[name][old:])
}

// all is the past of a metric with the windows that are kept.
func (w Watch) all(m Metric) Past { return w.Past[m.Name].with(m, w.Windows[m.Name], w.setting(m)) }

// Seen is how long production could be seen: of the metric that was seen
// longest.
func (w Watch) Seen() (seen time.Duration) {
	for _, m := range w.Metrics {
		seen = max(seen, w.all(m).Seen)
	}
	return seen
}
