package words_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

var (
	shop  = bot.RepoRef{Installation: 42, ID: 7, Name: "acme/shop"}
	gifts = bot.ChangeRef{Repo: shop, Number: 12}
	newer = bot.SHA(strings.Repeat("b", 40))
	older = bot.SHA(strings.Repeat("a", 40))
	begin = time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
)

func incident() words.Incident {
	return words.Incident{
		Repo: shop.Name, Branch: "main", Why: "unit fails since aaaaaaa", Change: gifts, Title: "Add gift <wrapping>", Author: "alice",
		Since: begin, Healed: begin.Add(12 * time.Minute), Waiting: 14, URL: "https://ci.example/1?a=1&b=2",
	}
}

func TestIncidents(t *testing.T) {
	sure := func(c words.Culprit) words.Incident {
		i := incident()
		i.Culprit = c
		return i
	}
	push, one, none, unproven := incident(), incident(), incident(), incident()
	push.Change, push.URL, one.Waiting, none.Waiting, unproven.Unproven = bot.ChangeRef{}, "", 1, 0, true
	page(t, "main.txt", []message{
		{"broken with a change", chat(incident().Broke()), []string{"main is red in acme/shop", "unit fails since aaaaaaa", "seen first with #12 Add gift &lt;wrapping&gt;; whether that did it is not known", "08:00 UTC", "<https://ci.example/1?a=1&amp;b=2|log>", "*Next:*"}},
		{"broken by a push", chat(push.Broke()), []string{"with a direct push", "*Next:*"}},
		{"with one change for certain", chat(sure(words.Culprit{Sure: words.Certain, After: "bbbbbbb", Failures: 2}).Broke()), []string{"#12 Add gift &lt;wrapping&gt; by alice, that is certain: it failed there 2 times, and bbbbbbb, its parent, passes."}},
		{"with one change, likely", chat(sure(words.Culprit{Sure: words.Likely, After: "bbbbbbb", Failures: 2}).Broke()), []string{"likely, with #12 Add gift &lt;wrapping&gt; by alice: it failed there 2 times."}},
		{"with one push of several commits", chat(sure(words.Culprit{Sure: words.Likely, After: "bbbbbbb", Failures: 3, Several: true}).Broke()), []string{"the push after bbbbbbb that ends with #12 Add gift &lt;wrapping&gt;: it failed there 3 times."}},
		{"a check that cannot be run again", chat(sure(words.Culprit{Reason: words.Unheard("unit", "GitHub runs what needs it again as well: deploy", false)}).Broke()), []string{"not known: unit cannot be run again (GitHub runs what needs it again as well: deploy), so its first failure counts."}},
		{"a run that never reported", chat(sure(words.Culprit{Reason: words.Unheard("unit", "", true)}).Broke()), []string{"unit was asked to run again and never reported"}},
		{"green, many waited", chat(incident().Over()), []string{"green again in acme/shop after 12 min", "14 open changes are released."}},
		{"red no more, and not shown to be green", chat(unproven.Over()), []string{"⚪ main is red no more in acme/shop after 12 min", "14 open changes are released."}},
		{"a nudge at the target", incident().Nudge(10*time.Minute, 10*time.Minute), []string{"⏱ main has been red for 10 min, and that is the target. "}},
		{"a nudge before it", incident().Nudge(5*time.Minute, 10*time.Minute), []string{"⏱ main has been red for 5 min; the target is 10 min. "}},
		{"a red branch", words.BranchIs("main", words.Health{Red: true, Why: "unit fails"}), []string{"`main` is red: `unit fails`"}},
		{"a green branch", words.BranchIs("main", words.Health{Green: true}), []string{"`main` is green"}},
		{"an unknown branch", words.BranchIs("main", words.Health{}), []string{"nothing is known against `main`"}},
		{"green, one waited", chat(one.Over()), []string{"1 open change is released."}},
		{"green, nobody waited", chat(none.Over()), []string{"No change had to wait"}},
	})
}

// TestNobodyIsNamedUnshown: who wrote a change is told only where the change alone
// is shown to have broken the branch.
func TestNobodyIsNamedUnshown(t *testing.T) {
	for _, c := range []words.Culprit{{}, {Sure: words.Likely, Several: true}, {Reason: "x"}} {
		i := incident()
		i.Culprit = c
		text, blocks := i.Broke()
		if strings.Contains(text+chat(text, blocks)+i.Nudge(time.Minute, time.Hour)+i.Escalated(time.Hour, ""), "alice") {
			t.Errorf("%+v: %s", c, chat(text, blocks))
		}
	}
}

func TestAnswers(t *testing.T) {
	paste := bot.Refusal{Message: "there is no stage `stagin`; there are staging, canary", Advice: "/deploy staging"}
	prose := bot.Refusal{Message: "#12 is a draft", Advice: "Press Ready for review, then ask again."}
	bare := bot.Refusal{Message: "it is <!channel> & so on"}
	gates := words.GatesRefused("production", newer, []words.GateRow{
		{Gate: "after", Result: "pending", Says: "bbbbbbb has been in canary for 2 min of 10 min", Advice: "Wait 8 min and ask again."},
		{Gate: "main_green", Result: "fail", Says: "main is red: unit fails since aaaaaaa", Advice: "Repair main first."},
	})
	mistakes := func(n int) string {
		return chat(words.MistakesInFile(shop.Name, ".github/roundtrip.yml", newer, strings.Fields(strings.Repeat("3:1:<key>? ", n))))
	}
	page(t, "answers.txt", []message{
		{"refused, with a line to paste", words.Refused(paste), []string{"👎 There is no stage", "```\n/deploy staging\n```"}},
		{"refused, with advice", words.Refused(prose), []string{"#12 is a draft.", "Ready for review"}},
		{"refused, and nothing to do", words.Refused(bare), []string{"It is"}},
		{"refused in chat, with a line to paste", words.ChatRefused(paste), []string{"\n/roundtrip deploy staging"}},
		{"refused in chat, with advice", words.ChatRefused(prose), []string{"Ready for review"}},
		{"refused in chat, and nothing to do", words.ChatRefused(bare), []string{"&lt;!channel&gt; &amp; so on."}},
		{"gates refuse", words.Refused(gates), []string{"👎 bbbbbbb", "production", "2 min of 10 min", "- ⏳ after", "- ❌ main_green", "Wait 8 min"}},
		{"gates refuse in chat", words.ChatRefused(gates), []string{"\n- ❌ main_green", "Wait 8 min"}},
		{"an answer in chat", words.Chat("### acme/shop\n- **staging**: `bbbbbbb` & <more>\n"), []string{"*acme/shop*", "*staging*", "&amp; &lt;more&gt;"}},
		{"nothing to answer in chat", words.Chat(" \n"), []string{"Done"}},
		{"1 mistake", mistakes(1), []string{"has 1 mistake since bbbbbbb", "3:1:&lt;key&gt;?", "last good version", "until the file is right"}},
		{"7 mistakes", mistakes(7), []string{"has 7 mistakes since", "2 more"}},
	})
}

func TestTheFile(t *testing.T) {
	const path = ".github/roundtrip.yml"
	said := func(f words.File) string {
		f.Path = path
		title, summary := f.Verdict()
		return title + "\n" + summary
	}
	mistakes := []string{path + ":3:1: stagse: unknown key; did you mean stages?", path + ":7:9: batch.mode: `blok` is <none>; choose off"}
	many := slices.Repeat(mistakes[:1], 103)
	page(t, "file.txt", []message{
		{"right, in force", said(words.File{HasGood: true}), []string{"no mistake", "in force"}},
		{"right, on a change", said(words.File{Base: "main"}), []string{"`main`"}},
		{"wrong, there was a good one", said(words.File{Mistakes: mistakes, HasGood: true}),
			[]string{"2 mistakes, the first at 3:1: stagse", "- `3:1: stagse: unknown key; did you mean stages?`", "- `` 7:9: batch.mode: `blok` is <none>; choose off ``", "last good version", "**Next:**", "roundtrip check " + path}},
		{"right, and the branch moved on", said(words.File{Old: true}), []string{"no mistake here", "moved on"}},
		{"wrong, and the branch moved on", said(words.File{Mistakes: mistakes[:1], Old: true}), []string{"1 mistake, at 3:1", "another version of it now"}},
		{"wrong, the first one", said(words.File{Mistakes: mistakes[:1]}), []string{"1 mistake, at 3:1", "counts as none"}},
		{"wrong, on a change", said(words.File{Mistakes: mistakes[:1], Base: "main"}), []string{"Merged like this"}},
	})
	if s := said(words.File{Mistakes: many}); strings.Count(s, "- `3:1") != 100 || !strings.Contains(s, "- and 3 more") {
		t.Error("many mistakes are not cut")
	}
}

func TestPlanItems(t *testing.T) {
	page(t, "issue.txt", []message{
		{"live", words.LiveOnIssue(gifts, "shop", "production", newer, begin, "production found nothing worse while it was in canary"),
			[]string{"Live in production since 5 Oct 08:00 UTC", "#12", "bbbbbbb", "nothing worse while it was in canary."}},
		{"back by itself", words.BackOnIssue(gifts, "shop", "production", newer, "errors are 5.0 times those of stable: 60 of 300, about 48 too many"),
			[]string{"Not live", "#12", "60 of 300"}},
		{"taken back", words.TakenBack("shop", "production", newer, older, "@bob", begin.Add(time.Hour), "/good production @bbbbbbb the fault was in …"),
			[]string{"bbbbbbb", "aaaaaaa", "5 Oct 09:00 UTC", "@bob", "**Next:**", "\n/good production @bbbbbbb"}},
	})
}

// errors are a metric of a canary with so many bad requests of 300.
func errors(outcome, verdict string, bad, ratio, low, high float64) words.Metric {
	return words.Metric{
		Name: "errors", StableBad: 36, StableTotal: 900, CanaryBad: bad, CanaryTotal: 300, Ratio: ratio, Low: low, High: high, Spark: "▂▅█",
		Verdict: verdict, Outcome: outcome, Floor: 1.1, Margin: 2, Needs: 21.2, Has: 12, Harm: 2e9, HarmAt: 100, Safe: 0.001, SafeAt: 20,
		Bad: `http_requests_total{ {{ .Arm }},code=~"5.."}`, Total: "http_requests_total{ {{ .Arm }} }",
		Recent: []bot.Window{
			{From: begin, To: begin.Add(time.Minute), StableBad: 36, StableTotal: 900, CanaryBad: bad, CanaryTotal: 300},
			{From: begin.Add(time.Minute), To: begin.Add(2 * time.Minute), Missing: "a | b"},
		},
	}
}

// canary is a rollout that production found worse.
func canary() words.Rollout {
	return words.Rollout{
		Service: "shop", Stage: "canary", Environment: "production", SHA: newer, Title: "Add gift <wrapping>", Change: gifts, By: "@alice",
		Headline: "Rolled back at 25 % after 62 s", Mood: "⛔", Why: "errors are 5.0 times those of stable: 60 of 300, about 48 too many",
		Path: []words.Step{{Name: "staging", Mark: "✅"}, {Name: "canary", Mark: "⛔", Note: "25 %"}, {Name: "production", Mark: "○"}},
		Metrics: []words.Metric{
			errors("fail", "⛔ worse", 60, 5, 3.4, 7.4),
			{Name: "slow|er", StableTotal: 900, CanaryTotal: 300, Spark: "▁▁▁", Verdict: "⏸ cannot tell yet", Outcome: "unknown", Floor: 1.1, Margin: 2, Needs: math.Inf(1)},
		},
		Blamed: true, Source: "shop-metrics", Windows: 1, Watched: 62 * time.Second, Judged: "canary", Trouble: "the source answered <503>",
		Next: "push a repair, then deploy `that`.", Paste: []string{"/promote", "/abort"}, Buttons: []bot.Button{{Verb: "abort", Label: "Stop"}},
	}
}

func TestRollouts(t *testing.T) {
	bare := words.Rollout{SHA: newer, By: "@bob", Headline: "Bringing shop to staging - 100 %", Mood: "▶", Change: bot.ChangeRef{Repo: shop}, Path: []words.Step{{Name: "staging", Mark: "▶"}}}
	held, healthy, enough, observed, blamed := canary(), canary(), canary(), canary(), canary()
	blamed.Paste, blamed.Buttons = []string{"/good canary @bbbbbbb the fault was in …"}, nil
	held.Headline, held.Mood, held.Why, held.Blamed, held.Trouble = "Holding shop in canary at 25 % - somebody must decide", "⏸", "after 45 min there is still not enough evidence to tell whether it is worse", false, ""
	held.Metrics = []words.Metric{errors("unknown", "⏸ cannot tell yet", 12, 1, 0.5, 2)}
	healthy.Headline, healthy.Mood, healthy.Why, healthy.Blamed, healthy.Trouble, healthy.Judged, healthy.Paste = "Healthy: shop in canary at 25 % - waits for promotion", "✅", "", false, "", "", nil
	below, little := healthy, healthy
	healthy.Metrics = []words.Metric{errors("pass", "✅ no worse", 12, 1, 0.9, 1.08)}
	below.Metrics = []words.Metric{errors("pass", "✅ below ×2", 12, 1, 0.7, 1.4)}
	little.Metrics = []words.Metric{errors("pass", "✅ a little worse, below ×2", 16, 1.4, 1.2, 1.6)}
	enough.Why, enough.Blamed = "", false
	enough.Metrics = []words.Metric{errors("unknown", "⏸ cannot tell yet", 18, 1.5, 0.9, 2.4), errors("unknown", "⏸ cannot tell yet", 12, 1, 0.5, 2)}
	enough.Metrics[0].Has, enough.Metrics[1].Name, enough.Metrics[1].Trouble = 40, "slow", "window 3: more bad events than events"
	observed.Why, observed.Blamed = "", false
	observed.Metrics = []words.Metric{errors("", "👀 observed only", 60, 5, 3.4, 7.4)}
	page(t, "rollout.txt", []message{
		{"all of it", canary().Comment(), []string{
			"### ⛔ Rolled back at 25 % after 62 s - `errors` ×5.0 (3.4 to 7.4)\n", "canary ⛔ 25 %", "| `errors` | 4.00 % (36 of 900) | 20 % (60 of 300) | ×5.0 (3.4 to 7.4) | ▂▅█ | ⛔ worse |", `slow\|er`,
			"Watched 62 s in canary, 1 window.", "`the source answered <503>`", "**Next:**", "```\n/promote\n```\n\n```\n/abort\n```",
			"<details><summary>How this was judged", "e = over a million; it fails from 100", "up to ×1.1 is never a failure", "below ×2: e = under 0.01; it passes from 20", "| 08:00:00 to 08:01:00 UTC | 36 of 900 | 60 of 300 |", `missing: a \| b`, "Source: `shop-metrics`", `code=~"5.."`}},
		{"all of it, in chat", chat(canary().Message()), []string{"*⛔ Rolled back at 25 % after 62 s - errors ×5.0 (3.4 to 7.4)*", "60 of 300", "acme/shop#12 · Add gift &lt;wrapping&gt;", "*Next:* push a repair, then deploy that.", "[Stop]"}},
		{"held for want of evidence", held.Comment(), []string{"Not enough to tell: `errors` needs about 22 expected bad events, has 12.", "12; about 22 show a ratio of ×2"}},
		{"held for want of evidence, in chat", chat(held.Message()), []string{"errors needs about 22 expected bad events, has 12."}},
		{"neither worse nor no worse", enough.Comment(), []string{"`errors` is neither shown to be worse nor to be below ×2; `slow` cannot be judged, window 3: more bad events than events."}},
		{"healthy", healthy.Comment(), []string{"Watched 62 s, 1 window. Nothing got worse beyond the 10 % floor: `errors` ×1.0 (0.9 to 1.1), shown to be below ×2."}},
		{"below the margin, and no more is shown", below.Comment(), []string{"Watched 62 s, 1 window. Enough to go on: `errors` ×1.0 (0.7 to 1.4), shown to be below ×2."}},
		{"a little worse", little.Comment(), []string{"Enough to go on: `errors` ×1.4 (1.2 to 1.6), a little worse, shown to be below ×2."}},
		{"healthy, in chat", chat(healthy.Message()), []string{"Nothing got worse beyond the 10 % floor"}},
		{"observed only", observed.Comment(), []string{"Observed only; it decides nothing."}},
		{"nothing is known yet", bare.Comment(), []string{"staging ▶ · `bbbbbbb`"}},
		{"refused until somebody knows better, in chat", chat(blamed.Message()), []string{"`/roundtrip good acme/shop#12 canary @bbbbbbb the fault was in …`"}},
		{"nothing is known yet, in chat", chat(bare.Message()), []string{"acme/shop · "}},
	})
}

func TestWhoeverWroteItHearsOnceThatItWentBack(t *testing.T) {
	back := words.Back{
		Author: "alice", Service: "shop", Stage: "canary", SHA: newer, Weight: 25, After: 62 * time.Second,
		Why: "errors are 5.0 times those of stable: 60 of 300, about 48 too many", Next: "all traffic is on `aaaaaaa`; push a repair and deploy it. This commit is refused here until somebody says why it is good.", Paste: []string{"/good canary @bbbbbbb the fault was in …"},
	}
	stuck, bots := back, back
	stuck.Stuck, stuck.Next, stuck.Paste = true, "look where the traffic is, then bring back what was good.", []string{"/rollback canary"}
	bots.Author, bots.Why = "renovate[bot]", "the executor said: @everyone <look> https://evil.example"
	page(t, "back.txt", []message{
		{"it went back", back.Comment(), []string{"@alice: shop `bbbbbbb` went back from canary by itself, at 25 %, after 62 s.", "60 of 300, about 48 too many", "**Next:**", "push a repair"}},
		{"it could not", stuck.Comment(), []string{"🆘 @alice: ", "could not go back", "```\n/rollback canary\n```"}},
		{"nobody wrote it", bots.Comment(), []string{"⛔ shop", "`the executor said: @everyone <look> https://evil.example`"}},
	})
	if strings.Contains(bots.Comment(), "renovate") || strings.Count(strings.ReplaceAll(back.Comment(), "@bbbbbbb", ""), "@") != 1 {
		t.Error("somebody is mentioned who should not be, or twice")
	}
}

func TestARollbackSaysWhatItTakesAway(t *testing.T) {
	for want, got := range map[string]string{
		"":                                 words.TookAway("", gifts, true),
		"It takes the place of `bbbbbbb`.": words.TookAway(newer, bot.ChangeRef{}, false),
		"It took the place of `bbbbbbb` (#12), which is taken away.": words.TookAway(newer, gifts, true),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A stranger's title, name, branch, check and reason stay text in chat.
func TestStrangersStayTextInChat(t *testing.T) {
	const evil = "<!channel> <https://evil.example|x> & <@U1>"
	i, r := incident(), canary()
	i.Title, i.Why, i.Branch, i.Author, i.URL = evil, evil, evil, evil, "javascript:alert(1)|<x>"
	r.Title, r.Why, r.Headline, r.By, r.Next, r.Metrics[0].Name = evil, evil, evil, evil, evil, evil
	for _, text := range []string{
		chat(i.Broke()), chat(i.Over()), chat(r.Message()), words.Chat(evil), chat(words.MistakesInFile(evil, evil, newer, []string{evil})),
		words.ChatRefused(words.GatesRefused("production", newer, []words.GateRow{{Gate: evil, Says: evil, Advice: evil}})),
	} {
		markup(t, text)
	}
}

func TestStuck(t *testing.T) {
	github := words.Stuck{Who: "GitHub", Line: "/deploy canary", On: gifts, By: "@alice", At: begin, Until: begin.Add(15 * time.Minute), Tries: 20, Took: 152 * time.Minute, Delivery: "github/72d3"}
	ours, hostile := github, github
	ours.Who, ours.Until, ours.Tries = "", time.Time{}, 1
	hostile.Line = "/deploy `<!channel>` @org"
	limit, long := github, github
	limit.Asked, long.Asked = begin.Add(5*time.Minute), begin.Add(40*time.Minute)
	asked, _ := limit.Rollout("/abort")
	button := github
	button.Line, button.On = "", bot.ChangeRef{}
	next, line := github.Rollout("/abort")
	last, lastLine := github.RolloutGivenUp("/abort shop:canary")
	page(t, "stuck.txt", []message{
		{"it waits, to who asked in chat", github.Waits(), []string{"GitHub is not answering.", "`/roundtrip deploy canary` waits", "nothing is done yet", "until 08:15 UTC"}},
		{"what was pressed waits", button.Waits(), []string{"What you pressed waits"}},
		{"it was asked to wait", limit.Waits(), []string{"GitHub asks us to wait until 08:05 UTC.", "I ask again then, so there is nothing"}},
		{"it was asked to wait, to the channel", limit.WaitsHere(), []string{"GitHub asks us to wait until 08:05 UTC.", "I ask again then."}},
		{"it was asked to wait for longer than a command is good", long.Waits(), []string{"GitHub asks us to wait until 08:40 UTC.", "too old to be run. Next: write it again after 08:40 UTC."}},
		{"the fault is ours", ours.Waits(), []string{"Something went wrong on my side.", "I ask again by myself"}},
		{"it waits, to the channel", github.WaitsHere(), []string{"@alice on acme/shop#12 waits"}},
		{"markup of a stranger", hostile.WaitsHere(), []string{"&lt;!channel&gt;"}},
		{"it goes on", github.GoesOn(), []string{"was taken up at 08:00 UTC"}},
		{"given up, to the channel", github.GivenUpHere(), []string{"20 tries in 2 h 32 min", "Nothing was done."}},
		{"given up, on the change", words.Refused(github.GivenUp()), []string{"I gave up on `/deploy canary` after 20 tries in 2 h 32 min: GitHub is not answering", "```\n/deploy canary\n```"}},
		{"given up, in chat", words.ChatRefused(github.GivenUp()), []string{"\n/roundtrip deploy canary"}},
		{"given up, and the fault is ours", words.Refused(ours.GivenUp()), []string{"1 try", "finds it as delivery `github/72d3`"}},
		{"a rollout waits", next, []string{"at 08:00 UTC GitHub did not answer", "`/abort`"}},
		{"a rollout was asked to wait", asked, []string{"at 08:00 UTC GitHub asked us to wait until 08:05 UTC, so nothing moves. I ask again then"}},
		{"a rollout waits, in its thread", line, []string{"⏳"}},
		{"a rollout was given up", last, []string{"look where the traffic is", "20 tries"}},
		{"a rollout was given up, in its thread", lastLine, []string{"🆘"}},
	})
}
