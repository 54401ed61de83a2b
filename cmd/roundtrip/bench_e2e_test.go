package main

import (
	"strings"
	"testing"
)

// A few changes at a pace, a few at once and a few checks: nobody waits in vain.
func TestWaitingIsMeasured(t *testing.T) {
	code, out, complaint := runWith(t, nil, "bench", "e2e", "--rate", "0", "--crowd", "-1", "--way", "-1s")
	if code != 2 || strings.Count(complaint, "\n") < 3 {
		t.Errorf("%d: %s%s", code, out, complaint)
	}
}
