package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var waits = regexp.MustCompile(`(?m)^> after (\S+)$`)

// TestTwoActsTakeAMinute: what a visitor has to wait for in the tour's first
// two acts. The story is played as it stands there, step by step of the coach
// and on the world's clock, so no machine is too slow for this; how long a real
// browser took stands in the log of testdata/browser.
func TestTwoActsTakeAMinute(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(storiesDir, "tour.txt"))
	if err != nil {
		t.Fatal(err)
	}
	two, _, found := strings.Cut(string(text), "\nAct three:")
	if !found || !strings.Contains(two, "> coach: act 1, all done") || !strings.Contains(two, "> coach: act 2, all done") {
		t.Fatal("the story has no two acts before its third")
	}
	var sum time.Duration
	for _, m := range waits.FindAllStringSubmatch(two, -1) {
		sum += must[time.Duration](t)(time.ParseDuration(m[1]))
	}
	if sum == 0 || sum > time.Minute {
		t.Errorf("two acts take %s, want at most a minute", sum)
	}
}
