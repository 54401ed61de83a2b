package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestMainTakenBack goes through the fourth act by what the bot offers in the
// chat, not by the coach's repair. On the way somebody presses what is there no
// more, and hears it from the bot.
func TestMainTakenBack(t *testing.T) {
	t.Parallel()
	base, _ := begin(t)
	shows := func(at, want string) {
		t.Helper()
		wait(t, want, func() bool { return strings.Contains(get(t, base+at), want) })
	}
	good := find(t, base+"/", `change=(\d+)[^>]*>#\d+ Add gift`)
	wait(t, "ci, and that main is green: else nobody can tell who broke it", func() bool { return strings.Count(get(t, base+"/?change="+good), `data-mark="✓"`) >= 4 })
	post(t, base+"/merge", url.Values{"change": {good}, "as": {"grace"}})
	post(t, base+"/tour", url.Values{"do": {"break"}})
	shows("/?act=4", "press Open revert")
	shows("/?act=4", "Open a repair of 6 lines</button>")
	press := func(as, ts, verb string) {
		t.Helper()
		wait(t, "the press is taken: on a busy machine Slack may give up first, and people press again", func() bool {
			resp, err := http.PostForm(base+"/press", url.Values{"as": {as}, "channel": {"shop"}, "ts": {ts}, "verb": {verb}})
			bodyOf(t, resp, err)
			return resp.StatusCode == http.StatusOK
		})
	}
	claim := find(t, base+"/?channel=shop", `id="press-([\d.]+)-claim"`)
	press("alice", claim, "claim")
	wait(t, "the button gone", func() bool { return !strings.Contains(get(t, base+"/?channel=shop"), "-claim") })
	press("grace", claim, "claim")
	shows("/?channel=shop&as=grace", "only you see this")
	shows("/?channel=shop&as=grace", "alice takes care of main since")
	press("alice", find(t, base+"/?channel=shop", `id="yes-([\d.]+)-revert"`), "revert")
	revert := find(t, base+"/", `change=(\d+)[^>]*>#\d+ Revert`)
	shows("/?act=4", "#"+revert+" takes it back and may merge")
	shows("/?change="+revert, "it repairs main")
	post(t, base+"/merge", url.Values{"change": {revert}, "as": {"grace"}})
	shows("/?act=4", "all who waited may merge again")
}

// find waits for what a page has.
func find(t *testing.T, address, pattern string) (found string) {
	t.Helper()
	wait(t, pattern, func() bool {
		m := regexp.MustCompile(pattern).FindStringSubmatch(get(t, address))
		if m != nil {
			found = m[1]
		}
		return m != nil
	})
	return found
}
