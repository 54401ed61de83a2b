package main

import (
	"strings"
	"testing"
)

// A short storm on a real file is taken whole; a ratio that cannot be is an error.
func TestHooksAreMeasured(t *testing.T) {
	t.Parallel()
	code, out, complaint := runWith(t, nil, "bench", "hooks", "--rounds", "1", "--each", "200ms", "--least", "0")
	if code != 0 || !strings.Contains(out, "\n0 refused; median ratio ") {
		t.Errorf("%d: %s%s", code, out, complaint)
	}
	code, out, complaint = runWith(t, nil, "bench", "hooks", "--rounds", "1", "--each", "100ms", "--least", "9")
	if code != 1 || !strings.Contains(complaint, "below 9.00") {
		t.Errorf("%d: %s%s", code, out, complaint)
	}
	code, _, complaint = runWith(t, nil, "bench", "hooks", "--rounds", "0", "--each", "-1s", "--database", "mysql://x")
	if code != 2 || strings.Count(complaint, "\n") < 3 {
		t.Errorf("%d: %s", code, complaint)
	}
}
