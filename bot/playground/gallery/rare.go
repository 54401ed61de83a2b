package gallery

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// The clock and the things of what is rare.
var (
	at     = time.Date(2026, 10, 5, 8, 30, 0, 0, time.UTC)
	change = bot.ChangeRef{Repo: bot.RepoRef{Name: "acme/shop"}, Number: 12}
	commit = bot.SHA("9f68062337d9799b194fc7990c524e01678842b1")
	alice  = bot.Person{Login: "alice"}
)

// Rare is what is said so seldom that no story tells of it: bot/words says it
// about samples.
func Rare() *Album {
	a := &Album{Story: "rare"}
	a.Saw("a file with 120 mistakes was never right", file())
	a.Saw("a commit that main has left is asked for again, its file is right", verdict(words.File{Path: ".github/roundtrip.yml", Old: true}, "success"))
	a.Saw("a commit that main has left is asked for again, its file is wrong", verdict(words.File{Path: ".github/roundtrip.yml", Old: true, Mistakes: []string{".github/roundtrip.yml:3:1: stagse: unknown key; did you mean stages?"}}, "failure"))
	a.incidents()
	a.counted()
	a.Saw("a rollout cannot go back", comment(words.Back{
		Author: "bob", Service: "shop", Stage: "canary", SHA: commit, Weight: 25, After: 62 * time.Second, Stuck: true,
		Why:  "errors are 5.0 times those of stable: 60 of 300, about 48 too many",
		Next: "look where the traffic is; `/abort` tries again.", Paste: []string{"/abort"},
	}.Comment()))
	a.Saw("a revert is opened", comment(words.RevertBody(change, "main", "unit fails since 9f68062", alice)))
	a.stuck()
	share := words.Metric{Name: "errors", CanaryBad: 60, CanaryTotal: 300, StableTotal: 1200, Outcome: "fail", Verdict: "⛔ worse", Harm: 120, HarmAt: 100, Margin: 1.1, Floor: 1.1}
	a.Saw("what never failed before fails", comment(words.Rollout{
		Service: "shop", Stage: "canary", SHA: commit, By: "@alice", Headline: "Rolled back: shop in canary at 25 %", Mood: "⛔", Blamed: true,
		Metrics: []words.Metric{share}, Windows: 4, Watched: 4 * time.Minute, Source: "shop-metrics", Next: "look at what fails, then push a repair.",
	}.Comment()))
	share.CanaryBad, share.CanaryTotal, share.StableBad, share.StableTotal, share.Outcome, share.Verdict = 1, 2e6, 1, 4e6, "unknown", "⏸ cannot tell yet"
	a.Saw("hardly anything fails", comment(words.Rollout{
		Service: "shop", Stage: "canary", SHA: commit, By: "@alice", Headline: "Watching shop in canary at 25 %", Mood: "▶",
		Metrics: []words.Metric{share}, Windows: 4, Watched: 4 * time.Minute, Source: "shop-metrics", Next: "nothing to do; `/abort` stops it.",
	}.Comment()))
	share.StableBad, share.StableTotal, share.CanaryBad, share.CanaryTotal = 2000, 4e5, 700, 1e5
	share.Ratio, share.Low, share.High, share.Margin, share.Outcome = 1.4, 1.2, 1.6, 2, "pass"
	share.Harm, share.Safe, share.SafeAt, share.Needs, share.Has, share.Verdict = 80, 31, 20, 22, 500, "✅ "+share.Shown()
	share.Bad, share.Total = "shop_errors_total", "shop_requests_total"
	a.Saw("a little more fails than before", comment(words.Rollout{
		Service: "shop", Stage: "canary", SHA: commit, By: "@alice", Headline: "Healthy: shop in canary at 25 % - waits for promotion", Mood: "✅",
		Metrics: []words.Metric{share}, Windows: 4, Watched: 4 * time.Minute, Source: "shop-metrics", Next: "bring it to production, or stop it.", Paste: []string{"/promote", "/abort"},
	}.Comment()))
	for _, m := range probes() {
		a.Saw("probes watch "+m.Verdict, comment(words.Rollout{
			Service: "shop", Stage: "canary", SHA: commit, By: "@alice", Headline: "Watching shop in canary at 25 %", Mood: "▶",
			Metrics: []words.Metric{m}, Windows: 4, Watched: 4 * time.Minute, Source: "shop-metrics", Next: "nothing to do; `/abort` stops it.",
		}.Comment()))
	}
	return a
}

func comment(body string) bot.KeepComment { return bot.KeepComment{Ref: change, Body: body} }

func file() bot.SetCheck {
	f := words.File{Path: ".github/roundtrip.yml"}
	for i := range 120 {
		f.Mistakes = append(f.Mistakes, fmt.Sprintf("%s:%d:1: stagse: unknown key; did you mean stages?", f.Path, i+3))
	}
	return verdict(f, "failure")
}

func verdict(f words.File, conclusion string) bot.SetCheck {
	title, summary := f.Verdict()
	return bot.SetCheck{Name: "roundtrip / config", Status: "completed", Conclusion: conclusion, Title: title, Summary: summary}
}

func (a *Album) incidents() {
	i := words.Incident{Repo: "acme/shop", Branch: "main", Why: "unit fails since 9f68062", Change: change, Title: "Faster prices", Author: "bob", Since: at, Healed: at.Add(12 * time.Minute), Unproven: true}
	text, blocks := i.Over()
	a.Saw("what failed passes, and other checks are open", bot.KeepMessage{Text: text, Blocks: blocks})
	broke := func(why string, c words.Culprit) {
		i.Culprit = c
		text, blocks := i.Broke()
		a.Saw(why, bot.KeepMessage{Text: text, Blocks: blocks})
	}
	broke("it failed again, and the commit before could not be run", words.Culprit{Sure: words.Likely, After: "3def206", Failures: 2})
	broke("a push of several commits broke it", words.Culprit{Sure: words.Likely, After: "3def206", Failures: 4, Several: true})
	broke("the job that failed cannot be run alone", words.Culprit{Reason: words.Unheard("unit", "GitHub runs what needs it again as well: deploy", false)})
	broke("the run that was asked for never reported", words.Culprit{Reason: words.Unheard("unit", "", true)})
	i.Revert = words.TakeBack{By: alice, Opened: 13}
	a.Saw("a revert is open", bot.KeepMessage{Thread: "main", Text: i.Nudge(10*time.Minute, 10*time.Minute)})
	a.Saw("a revert is open for long", bot.KeepMessage{Thread: "main", Text: i.Escalated(20*time.Minute, "@sre")})
}

// stuck is what is said while something does not go on, and when it is given
// up, for each who may be at fault.
func (a *Album) stuck() {
	limit := words.Stuck{Who: "GitHub", Line: "/deploy canary", On: change, By: "@alice", At: at, Asked: at.Add(5 * time.Minute), Until: at.Add(15 * time.Minute)}
	a.Saw("GitHub asks us to wait", bot.KeepMessage{Text: limit.WaitsHere()})
	limit.Asked = at.Add(40 * time.Minute)
	a.Saw("GitHub asks us to wait for long", bot.KeepMessage{Text: limit.WaitsHere()})
	for _, who := range []string{"GitHub", ""} {
		s := words.Stuck{Who: who, Line: "/deploy canary", On: change, By: "@alice", At: at, Tries: 20, Took: 152 * time.Minute, Delivery: "72d3162e-cc78-11e3-81ab-4c9367dc0958"}
		a.Saw("a command waits", bot.Whisper{Text: s.Waits()})
		a.Saw("a command waits", bot.KeepMessage{Text: s.WaitsHere()})
		a.Saw("a command is given up", bot.KeepMessage{Thread: "it", Text: s.GivenUpHere()})
		a.Saw("a command is given up", comment(words.Refused(s.GivenUp())))
		for _, say := range []func(string) (string, string){s.Rollout, s.RolloutGivenUp} {
			next, line := say("/abort")
			a.Saw("a rollout cannot go on", bot.KeepMessage{Thread: "it", Text: line})
			a.Saw("a rollout cannot go on", comment(words.Rollout{Service: "shop", Stage: "canary", SHA: commit, By: "@alice", Headline: "Watching shop in canary at 25 %", Mood: "⏸", Next: next}.Comment()))
		}
		s.Line = ""
		a.Saw("a button waits", bot.Whisper{Text: s.Waits()})
		a.Saw("a button is given up", bot.Whisper{Text: words.ChatRefused(s.GivenUp())})
	}
}

// probes in each outcome, and what cannot be judged.
func probes() []words.Metric {
	m := words.Metric{Name: "probe home", CanaryTotal: 40, Allow: 0.05, Limit: 0.2, HarmAt: 100, SafeAt: 20, Safe: 31, Harm: 0.1, Bad: "bad answers", Total: "https://shop.example/health"}
	passes, open, observed, none := m, m, m, words.Metric{Name: "orders", Trouble: "its query answers nothing", Outcome: "unknown", Verdict: "⏸ cannot tell yet"}
	passes.Outcome, passes.Verdict = "pass", "✅ answers"
	open.Outcome, open.Verdict, open.CanaryBad, open.CanaryTotal = "unknown", "⏸ cannot tell yet", 1, 4
	observed.Verdict = "👀 observed only"
	return []words.Metric{passes, open, observed, none}
}
