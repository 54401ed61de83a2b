package words

import "fmt"

// isProbe reports whether the row is about tries of an address and not about
// what users did.
func (m Metric) isProbe() bool { return m.Allow > 0 }

// share of what failed. Where a probe has no address of the stable version,
// nothing was tried there.
func (m Metric) share(bad, total float64) string {
	switch {
	case m.isProbe() && total == 0:
		return "-"
	case m.isProbe():
		return fmt.Sprintf("%.0f of %.0f failed", bad, total)
	}
	return share(bad, total)
}

// spark of single tries would only show noise.
func (m Metric) spark() string {
	if m.isProbe() {
		return ""
	}
	return m.Spark
}

// probeDetail is how a probe was judged.
func (m Metric) probeDetail() string {
	s := fmt.Sprintf("- Evidence that more than %s fail at its highest: e = %s; it fails from %s, and on three bad answers at least.\n", plainShare(m.Allow), odds(m.Harm), odds(m.HarmAt))
	return s + fmt.Sprintf("- Evidence that less than %s fail: e = %s; it passes from %s.\n", plainShare(m.Limit), odds(m.Safe), odds(m.SafeAt))
}

// plainShare is a share that somebody chose: without digits nobody wrote.
func plainShare(share float64) string { return fmt.Sprintf("%.3g %%", 100*share) }
