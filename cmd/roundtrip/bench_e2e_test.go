package main

import (
	"strings"
	"testing"
)

// What is no pace is said at once.
func TestWaitingIsMeasuredAtAPace(t *testing.T) {
	code, out, complaint := runWith(t, nil, "bench", "e2e", "--rate", "0", "--crowd", "-1", "--way", "-1s", "--verdict", "1s")
	if code != 2 || strings.Count(complaint, "\n") < 4 {
		t.Errorf("%d: %s%s", code, out, complaint)
	}
}
