package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/campaign"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// TestTheLoopOnRealProcesses: serve as it is, and a world in real time. A
// canary that fails every tenth request goes back by itself; its healthy twin
// goes to production.
func TestTheLoopOnRealProcesses(t *testing.T) {
	t.Parallel()
	w := live(t, strings.ReplaceAll(playground.LiveFile, "for: 10s", "for: 3s"))
	p := serveIn(t, w, t.TempDir())
	stable := w.GitHub.Branch(playground.Repo, "main")
	issue := w.GitHub.OpenIssue(playground.Repo, "grace", "Let people wrap gifts", "")
	bad := opened(t, w, p, fakegithub.NewChange{Author: "bob", Title: "Faster prices"})
	good := opened(t, w, p, fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping", Body: fmt.Sprintf("Closes #%d", issue)})
	w.Prod.Teach(look(t, w, bad).Head, fakeprod.Behaviour{FailEvery: 10})

	toCanary(t, w, p, bad, "bob")
	until(t, p, "the bad canary has gone back", func() bool { return statusOf(t, w, bad, "Rolled back") })
	shop := w.Prod.Shop(playground.Production)
	if shop.Weight() != 0 || shop.Canary() != nil || shop.Stable().SHA() != stable {
		t.Errorf("traffic is not back: %d %% on another, stable is %s", shop.Weight(), shop.Stable().SHA())
	}
	comment := statusComment(t, w, bad)
	for _, want := range []string{"errors", "times those of stable", "⛔ worse", "| stable | this change |", "Next:"} {
		if !strings.Contains(comment, want) {
			t.Errorf("the verdict lacks %q:\n%s", want, comment)
		}
	}
	until(t, p, "its deployment is inactive", func() bool { return last(states(w, playground.Production, look(t, w, bad).Head)) == "inactive" })
	inOrder(t, states(w, playground.Production, look(t, w, bad).Head), "queued", "in_progress", "failure", "inactive")
	threadOf(t, w, "Rolled back")

	toCanary(t, w, p, good, "alice")
	until(t, p, "the good canary waits for promotion", func() bool { return statusOf(t, w, good, "waits for promotion") })
	say(t, w, good, "alice", "/promote")
	until(t, p, "the good change is live", func() bool { return statusOf(t, w, good, "Live in production") })
	head := look(t, w, good).Head
	if shop.Stable().SHA() != head || shop.Canary() != nil {
		t.Errorf("%s runs, not %s", shop.Stable().SHA(), head)
	}
	until(t, p, "the issue hears of it", func() bool {
		i := must[fakegithub.IssueView](t)(w.GitHub.Issue(playground.Repo, issue))
		return len(i.Comments) == 1 && strings.Contains(i.Comments[0].Body, "Live in production")
	})
	until(t, p, "its deployment succeeded", func() bool { return last(states(w, playground.Production, head)) == "success" })
	inOrder(t, states(w, playground.Production, head), "queued", "in_progress", "success")
	until(t, p, "the one before is inactive", func() bool { return last(states(w, playground.Production, stable)) == "inactive" })
	if live := success(w, playground.Production); !slices.Equal(live, []string{head}) {
		t.Errorf("GitHub shows as live %v, want %s alone", live, head)
	}
	if status := p.Interrupt(); status != 0 {
		t.Errorf("Ctrl-C ended with status %d:\n%s", status, p.Said())
	}
}

// opened opens a change whose checks pass, and waits until the bot has judged it.
func opened(t *testing.T, w *playground.World, p *campaign.Process, c fakegithub.NewChange) int {
	t.Helper()
	n := must[int](t)(w.OpenChange(c, playground.Size{Added: 9, Deleted: 2}))
	for _, check := range []string{"build", "unit"} {
		if err := w.Report(check, fmt.Sprintf("#%d", n), "success"); err != nil {
			t.Fatal(err)
		}
	}
	until(t, p, "it is judged", func() bool {
		return slices.ContainsFunc(look(t, w, n).Checks, func(c fakegithub.CheckView) bool { return c.Name == "roundtrip / batch" })
	})
	return n
}

func toCanary(t *testing.T, w *playground.World, p *campaign.Process, n int, who string) {
	t.Helper()
	// A push in the very second of a comment cannot be told from one after it.
	pause := w.Now().Add(1100e6)
	until(t, p, "a second has passed", func() bool { return w.Now().After(pause) })
	say(t, w, n, who, "/deploy staging")
	until(t, p, "it is live in staging", func() bool { return statusOf(t, w, n, "Live in staging") })
	soaked := w.Now().Add(1500e6)
	until(t, p, "it has been there for a second", func() bool { return w.Now().After(soaked) })
	say(t, w, n, who, "/deploy canary")
}

func say(t *testing.T, w *playground.World, n int, who, text string) {
	t.Helper()
	must[int64](t)(w.GitHub.Comment(playground.Repo, n, who, text))
}

func look(t *testing.T, w *playground.World, n int) fakegithub.ChangeView {
	t.Helper()
	return must[fakegithub.ChangeView](t)(w.GitHub.Change(playground.Repo, n))
}

// statusComment is the one comment about the rollouts of a change.
func statusComment(t *testing.T, w *playground.World, n int) string {
	t.Helper()
	for _, c := range look(t, w, n).Comments {
		if c.Author == w.GitHub.BotLogin() && strings.HasPrefix(c.Body, "### ") && strings.Contains(c.Body, "asked by") {
			return c.Body
		}
	}
	return ""
}

func statusOf(t *testing.T, w *playground.World, n int, want string) bool {
	t.Helper()
	return strings.Contains(statusComment(t, w, n), want)
}

// states of the newest deployment of a commit to an environment.
func states(w *playground.World, environment, sha string) (list []string) {
	for _, d := range w.GitHub.Deployments(playground.Repo) {
		if d.Environment == environment && d.SHA == sha {
			list = nil
			for _, s := range d.Statuses {
				list = append(list, s.State)
			}
		}
	}
	return list
}

// success are the commits that GitHub shows as live in an environment.
func success(w *playground.World, environment string) (list []string) {
	for _, d := range w.GitHub.Deployments(playground.Repo) {
		if n := len(d.Statuses); d.Environment == environment && n > 0 && d.Statuses[n-1].State == "success" {
			list = append(list, d.SHA)
		}
	}
	return list
}

func last(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

// inOrder: the states come in this order; others may stand between.
func inOrder(t *testing.T, list []string, want ...string) {
	t.Helper()
	rest := list
	for _, w := range want {
		i := slices.Index(rest, w)
		if i < 0 {
			t.Errorf("states %v lack %v in order", list, want)
			return
		}
		rest = rest[i+1:]
	}
}

// threadOf: one message about the rollout stands in the channel, and its
// thread tells how it ended.
func threadOf(t *testing.T, w *playground.World, want string) {
	t.Helper()
	found := false
	wait(t, "the thread tells", func() bool {
		for _, m := range w.Slack.Messages("shop-deploys") {
			found = found || m.IsReply() && strings.Contains(m.Text, want)
		}
		return found
	})
}
