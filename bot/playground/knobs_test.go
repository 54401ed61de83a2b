package playground

import "testing"

// TestRates: what a slider says is what it shows again wherever every nth
// request can say it, and never further off than a version can do.
func TestRates(t *testing.T) {
	for percent, nth := range map[int]int{0: 0, 1: 100, 4: 25, 5: 20, 10: 10, 20: 5, 3: 33} {
		if got := everyNth(percent); got != nth {
			t.Errorf("%d %% is every %dth, not %d", percent, got, nth)
		}
		if got := rateOf(nth); got != percent {
			t.Errorf("every %dth is shown as %d %%, not %d", nth, got, percent)
		}
	}
}
