package main

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var commented = regexp.MustCompile(`(?s)issue_comment created</b>.*?name="redeliver" value="([^"]+)"`)

var folded = regexp.MustCompile(`href="([^"]+)" data-body>`)

// unfolded is a page of the inspector with all the bodies that it leads to.
func unfolded(t *testing.T, base, path string) string {
	t.Helper()
	all := get(t, base+path)
	for _, m := range folded.FindAllStringSubmatch(all, -1) {
		all += get(t, base+html.UnescapeString(m[1]))
	}
	return all
}

// inspect sees what the loop left behind, and delivers the command once more:
// the bot takes it, and does nothing twice.
func inspect(t *testing.T, base string) {
	t.Helper()
	gift := regexp.MustCompile(`change=(\d+)[^>]*>#\d+ Add gift`).FindStringSubmatch(get(t, base+"/"))[1]
	tab := func(name string) string { return get(t, base+"/inspector"+name+"?about="+gift) }
	for name, want := range map[string][]string{
		"":         {"issue_comment created", `<b class="good">202</b>`},
		"/calls":   {"/issues/" + gift + "/comments", "Slack", "Deploy target"},
		"/effects": {"done", "because of github/"},
		"/audit":   {"@alice", "because of github/"},
	} {
		page := unfolded(t, base, "/inspector"+name+"?about="+gift)
		for _, s := range want {
			if !strings.Contains(page, s) {
				t.Errorf("the inspector%s lacks %q", name, s)
			}
		}
		for _, never := range []string{"ghs_", "xoxb-", "eyJ"} {
			if strings.Contains(page, never) {
				t.Errorf("the inspector%s shows a token", name)
			}
		}
	}
	command := commented.FindStringSubmatch(tab(""))
	if command == nil {
		t.Fatal("no comment may be redelivered")
	}
	rest(t, base)
	effects, facts := strings.Count(tab("/effects"), "<tbody>"), strings.Count(tab("/audit"), "<tbody>")
	if answer := post(t, base+"/inspector", url.Values{"at": {"/inspector"}, "about": {gift}, "redeliver": {command[1]}}); !strings.Contains(answer, "sent 2 times") {
		t.Error("the comment was not sent again")
	}
	rest(t, base)
	if e, f := strings.Count(tab("/effects"), "<tbody>"), strings.Count(tab("/audit"), "<tbody>"); e != effects || f != facts {
		t.Errorf("sent again, it had %d effects and %d facts, not %d and %d", e, f, effects, facts)
	}
}

func rest(t *testing.T, base string) {
	t.Helper()
	wait(t, "rest", func() bool { return strings.Contains(get(t, base+"/break-it"), "is at rest") })
}
