package words

import (
	"strings"
	"testing"
	"time"
)

// TestAProbeIsARow: tries, not shares; and a sentence that says what was shown.
func TestAProbeIsARow(t *testing.T) {
	home := Metric{Name: "probe home", CanaryTotal: 40, Allow: 0.05, Limit: 0.2, Verdict: "✅ answers", Outcome: passed, HarmAt: 100, SafeAt: 20, Spark: "▁", Bad: "bad answers", Total: "https://shop.example.com/health"}
	r := Rollout{Metrics: []Metric{home}, Windows: 40, Watched: 7 * time.Minute}
	for _, want := range []string{"| `probe home` | - | 0 of 40 failed | - |  | ✅ answers |", "It answers: `probe home` 0 of 40 failed, shown to be below 20 %.", "three bad answers at least", "`https://shop.example.com/health`"} {
		if got := r.Comment(); !strings.Contains(got, want) {
			t.Errorf("it lacks %q:\n%s", want, got)
		}
	}
	home.StableTotal, home.CanaryBad, home.CanaryTotal, home.Outcome = 3, 3, 3, failed
	r.Metrics, r.Blamed = []Metric{home}, true
	if got := r.Comment(); !strings.Contains(got, "- `probe home` 3 of 3 failed\n") || !strings.Contains(got, "| 0 of 3 failed | 3 of 3 failed |") {
		t.Errorf("%s", got)
	}
	home.Outcome = "unknown"
	r.Metrics, r.Blamed = []Metric{home}, false
	if got := r.Comment(); !strings.Contains(got, "neither shown to fail more than 5 % nor less than 20 %") {
		t.Errorf("%s", got)
	}
}
