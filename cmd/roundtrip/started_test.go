package main

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// startedTwice looks at what went over the wire, for the target itself would
// hide a repetition: it knows each key again. An order may be sent again only
// when the target has said since that it does not know it; and no commit may
// go to an environment under two keys.
func startedTwice(calls []fakeprod.Call, began *int) (wrong []string) {
	sent, unknown, keys := map[string]bool{}, map[string]bool{}, map[string]string{}
	for _, c := range calls {
		switch c.Op {
		case fakeprod.OpFind:
			unknown[c.Key] = c.Status == http.StatusNotFound
		case fakeprod.OpStart:
			if sent[c.Key] && !unknown[c.Key] {
				wrong = append(wrong, fmt.Sprintf("order %s was sent again, and nobody had said that it was unknown", c.Key))
			}
			sent[c.Key], unknown[c.Key] = true, false
			if other := keys[c.What]; c.Changed && other != "" && other != c.Key {
				wrong = append(wrong, fmt.Sprintf("%s was begun as %s and as %s", c.What, other, c.Key))
			}
			if c.Changed {
				keys[c.What] = c.Key
				*began++
			}
		}
	}
	return wrong
}

func TestStartsThatAreOneTooMuchAreSeen(t *testing.T) {
	start := fakeprod.Call{Op: fakeprod.OpStart, Key: "s/1", What: "staging abc", Status: 202, Changed: true}
	again := start
	again.Status, again.Changed = 200, false
	other := start
	other.Key = "s/2"
	missing := fakeprod.Call{Op: fakeprod.OpFind, Key: "s/1", Status: 404}
	there := fakeprod.Call{Op: fakeprod.OpFind, Key: "s/1", Status: 200}
	for name, tc := range map[string]struct {
		calls []fakeprod.Call
		wrong int
	}{
		"once":                        {[]fakeprod.Call{start, there, there}, 0},
		"again, as it was unknown":    {[]fakeprod.Call{missing, start}, 0},
		"again, unasked":              {[]fakeprod.Call{start, again}, 1},
		"again, though it was known":  {[]fakeprod.Call{start, there, again}, 1},
		"under another key":           {[]fakeprod.Call{start, other}, 1},
		"again, asked before it sent": {[]fakeprod.Call{missing, start, again}, 1},
	} {
		began := 0
		if wrong := startedTwice(tc.calls, &began); len(wrong) != tc.wrong || began == 0 {
			t.Errorf("%s: %q", name, wrong)
		}
	}
}
