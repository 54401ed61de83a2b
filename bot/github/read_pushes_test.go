package github_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func activity(branch string, steps ...string) string {
	var list []string
	for i := len(steps) - 1; i > 0; i-- {
		list = append(list, fmt.Sprintf(`{"ref":"refs/heads/%s","before":%q,"after":%q,"activity_type":"push","actor":{"login":"ann","type":"User"}}`, branch, steps[i-1], steps[i]))
	}
	return "[" + strings.Join(list, ",") + "]"
}

func shaOf(n int) string { return fmt.Sprintf("%040x", n) }

// TestPushesAreTold one by one from what is known, with what they brought.
func TestPushesAreTold(t *testing.T) {
	for what, c := range map[string]struct {
		known    int
		activity string
		want     string
	}{
		"nothing new":             {3, activity("main", shaOf(1), shaOf(2), shaOf(3)), ""},
		"two":                     {1, activity("main", shaOf(1), shaOf(2), shaOf(3)), "1-2:ann 2-3:ann"},
		"further back than known": {9, activity("main", shaOf(1), shaOf(2), shaOf(3)), "9-1: 1-2:ann 2-3:ann"},
		"nothing is remembered":   {1, `[]`, "1-3:"},
		"the list lags":           {1, activity("main", shaOf(1), shaOf(2)), "1-3:"},
		"of another branch":       {1, activity("main2", shaOf(1), shaOf(2), shaOf(3)), "1-3:"},
	} {
		t.Run(what, func(t *testing.T) {
			w := newWorld(t)
			w.on("GET /repos/acme/shop/branches/main", 200, `{"commit":{"sha":"`+shaOf(3)+`"}}`)
			w.on("GET /repos/acme/shop/activity", 200, c.activity)
			w.on("GET /repos/acme/shop/compare/{basehead}", 200, `{"status":"ahead","total_commits":1,"commits":[{"sha":"`+shaA+`","commit":{"tree":{"sha":"`+shaB+`"}}}],"files":[{"filename":"a.go"}]}`)
			pushes, err := w.client(t).Pushes(t.Context(), shop, "main", bot.SHA(shaOf(c.known)), "x")
			noErr(t, err)
			var got []string
			for _, p := range pushes {
				got = append(got, fmt.Sprintf("%s-%s:%s", strings.TrimLeft(string(p.Before), "0"), strings.TrimLeft(string(p.After), "0"), p.By.Login))
				if p.Forced || strings.Join(p.Paths, " ") != "a.go" || len(p.Commits) != 1 || p.Commits[0].Tree != shaB {
					t.Errorf("%+v", p)
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%v, not %s", got, c.want)
			}
		})
	}
}

// TestAPushThatIsNotKnownWell may have touched anything; one that took commits
// off was forced.
func TestAPushThatIsNotKnownWell(t *testing.T) {
	for answer, want := range map[string]string{
		`{"status":"diverged","files":[]}`:                                                              "true []",
		`{"status":"ahead","total_commits":2,"commits":[],"files":[]}`:                                  "false [x]",
		`{"status":"ahead","files":[` + strings.Repeat(`{"filename":"a"},`, 299) + `{"filename":"a"}]}`: "false [a a",
		`404`: "true [x]",
	} {
		w := newWorld(t)
		w.on("GET /repos/acme/shop/branches/main", 200, `{"commit":{"sha":"`+shaA+`"}}`)
		w.on("GET /repos/acme/shop/activity", 404, `{}`)
		status := 200
		if answer == "404" {
			status, answer = 404, `{}`
		}
		w.on("GET /repos/acme/shop/compare/{basehead}", status, answer)
		pushes, err := w.client(t).Pushes(t.Context(), shop, "main", shaB, "x")
		noErr(t, err)
		if got := fmt.Sprint(pushes[0].Forced, " ", pushes[0].Paths); len(pushes) != 1 || !strings.HasPrefix(got, want) || want == "false [a a" && !strings.HasSuffix(got, " x]") {
			t.Errorf("%.40s: %.60s, not %s", answer, got, want)
		}
	}
}

// TestClosedChanges: those that were touched last, and one that is malformed
// hides no other.
func TestClosedChanges(t *testing.T) {
	w := newWorld(t)
	pull := `{"number":%d,"state":"closed","merged_at":"2026-03-09T09:00:00Z","merge_commit_sha":"` + shaB + `","head":{"sha":%q},"base":{"sha":"` + shaB + `"}}`
	w.on("GET /repos/acme/shop/pulls", 200, "["+fmt.Sprintf(pull, 7, "x")+","+fmt.Sprintf(pull, 8, shaA)+"]")
	closed, err := w.client(t).Closed(t.Context(), shop)
	noErr(t, err)
	if len(closed) != 1 || closed[0].Ref.Number != 8 || closed[0].Open || !closed[0].Merged || closed[0].MergeSHA != shaB || closed[0].HasTotals {
		t.Errorf("%+v", closed)
	}
	if q := w.calls[0].Query; q["state"][0] != "closed" || q["sort"][0] != "updated" || q["direction"][0] != "desc" {
		t.Errorf("asked for %v", q)
	}
}
