package main

import (
	"strings"
	"testing"
)

// What is no soak is said at once.
func TestASoakIsMeasured(t *testing.T) {
	code, out, complaint := runWith(t, nil, "bench", "soak", "--changes", "0", "--rate", "-1", "--events", "0", "--queued", "0", "--each", "0s", "--database", "sqlite:x")
	if code != 2 || strings.Count(complaint, "\n") < 6 {
		t.Errorf("%d: %s%s", code, out, complaint)
	}
}
