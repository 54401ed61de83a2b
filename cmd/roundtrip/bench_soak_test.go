package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/campaign"
)

// A short life with a short queue is measured on real processes, from rest to
// the next one's end; where less memory is allowed than it has, that is an error.
func TestASoakIsRun(t *testing.T) {
	t.Parallel()
	o := soakBench{changes: 2, rate: 40, events: 20, queued: 20, each: 250 * time.Millisecond, slower: 1e6, grown: 99, full: 0.01, end: time.Minute}
	var out bytes.Buffer
	err := o.soak(t.Context(), &out, starts(t, live(t, campaign.File(playground.LiveFile)), t.TempDir()))
	if err == nil || strings.Count(err.Error(), "memory with a queue") != 2 || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("not exactly the memory is too much: %v", err)
	}
	for _, want := range []string{
		"at rest, with 2 open changes: ", "\n20 webhooks worked on, ", " wait for a GitHub that does not answer: at most ",
		" wait after it was started again: at most ", "\ninterrupted with the queue, started again, it ended within ",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not said in\n%s", want, &out)
		}
	}
}

// What is no soak is said at once.
func TestASoakIsMeasured(t *testing.T) {
	code, out, complaint := runWith(t, nil, "bench", "soak", "--changes", "0", "--rate", "-1", "--events", "0", "--queued", "0", "--each", "0s", "--database", "sqlite:x")
	if code != 2 || strings.Count(complaint, "\n") < 6 {
		t.Errorf("%d: %s%s", code, out, complaint)
	}
}
