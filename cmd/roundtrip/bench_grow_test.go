package main

import (
	"strings"
	"testing"
)

// Two small files are filled and compared; where less is allowed than they
// can keep, that is an error, and sizes that do not grow are none.
func TestGrowthIsMeasured(t *testing.T) {
	t.Parallel()
	few := []string{"bench", "grow", "--sizes", "100,300", "--open", "20", "--rounds", "1", "--each", "20"}
	code, out, complaint := runWith(t, nil, append(few, "--most", "99,99")...)
	if code != 0 || !strings.Contains(out, "\n300 stored cost ") {
		t.Errorf("%d: %s%s", code, out, complaint)
	}
	if code, out, complaint = runWith(t, nil, append(few, "--most", "0.01,0.01")...); code != 1 {
		t.Errorf("%d: %s%s", code, out, complaint)
	}
	if code, _, complaint = runWith(t, nil, "bench", "grow", "--sizes", "9,3", "--each", "0", "--most", "1"); code != 2 || strings.Count(complaint, "\n") < 3 {
		t.Errorf("%d: %s", code, complaint)
	}
}
