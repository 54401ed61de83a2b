package story

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// verb is something that the world can do. Its named groups are handed to do.
type verb struct {
	form *regexp.Regexp
	do   func(ctx context.Context, p *play, m map[string]string) error
}

func say(form string, do func(context.Context, *play, map[string]string) error) verb {
	return verb{regexp.MustCompile("^" + form + "$"), do}
}

// verbs of the world, in the order of the loop.
func verbs() []verb {
	return []verb{
		say(`@(?P<who>\w+) opens issue #(?P<n>\d+) "(?P<title>.+)"`, openIssue),
		say(`@(?P<who>\w+) opens #(?P<n>\d+) "(?P<title>[^"]+)" \+(?P<added>\d+) -(?P<deleted>\d+)(?: in (?P<files>\d+) files)?(?: for issue #(?P<issue>\d+))?(?: onto #(?P<onto>\d+))?(?: as a (?P<as>draft|fork))?`, openChange),
		say(`@(?P<who>\w+) pushes to #(?P<n>\d+) \+(?P<added>\d+) -(?P<deleted>\d+)`, pushChange),
		say(`@(?P<who>\w+) pushes to main "(?P<title>[^"]+)"(?P<lost>, and its webhooks are lost)?`, pushMain),
		say(`@(?P<who>\w+) writes (?P<path>\.github/roundtrip\.yml|\.gitattributes) on (?P<where>main|#(?P<n>\d+)):`, writeFile),
		say(`@(?P<who>\w+) puts (?P<lines>\d+) lines into (?P<path>[\w./-]+) on (?P<where>main|#(?P<n>\d+))`, putLines),
		say(`@(?P<who>\w+) adds the repository (?P<repo>acme/\w+) with the same file`, addRepo),
		say(`@(?P<who>\w+) comments on #(?P<n>\d+): (?P<text>.+)`, comment),
		say(`@(?P<who>\w+) in (?P<channel>#[\w-]+): (?P<text>/roundtrip.*)`, chat),
		say(`@(?P<who>\w+) presses (?P<old>the old )?(?P<button>\w+) on the (?P<which>last|first) message in (?P<channel>#[\w-]+)(?P<other>, of an older version|, about what is forgotten)?`, press),
		say(`@(?P<who>\w+) presses "(?P<button>[^"]+)" beside (?P<check>roundtrip / \w+) of #(?P<n>\d+)`, pressBeside),
		say(`@(?P<who>\w+) merges #(?P<n>\d+)`, merge),
		say(`@(?P<who>\w+) closes #(?P<n>\d+)`, closeChange),
		say(`ci: (?P<check>[\w-]+) (?P<how>runs|passes|fails) on (?P<where>#\d+|[\w-]+)`, ci),
		say(`(?P<rps>\d+) requests a second`, traffic),
		say(`#(?P<n>\d+) fails every (?P<every>\d+)(?:st|nd|rd|th) request`, teach),
		say(`after (?P<time>\w+)`, after),
		say(`github answers (?P<status>\d+) (?P<times>\d+) times`, githubFails),
		say(`github is (?P<state>down|back)`, githubAway),
		say(`github opens no reverts`, noReverts),
		say(`the app may (?P<level>read|write) (?P<what>\w+)`, grant),
		say(`slack is (?P<state>down|back)`, slackFails),
		say(`the canary's metrics are (?P<state>away|back)`, metricsAway),
		say(`the deploy target is away for (?P<times>\d+) requests`, targetAway),
		say(`the deploy target loses its next answer`, targetLoses),
		say(`the deploy target (?P<how>refuses|fails) the next start in (?P<where>\w+): (?P<why>.+)`, targetRefuses),
		say(`the tour begins`, tourBegins),
		say(`coach: act (?P<act>\d), (?:step (?P<step>\d+)|(?P<all>all)) done`, coach),
		say(`@(?P<who>\w+) does what the coach says in act (?P<act>\d)`, follow),
		say(`the same webhook comes (?P<times>\d+) more times`, again),
	}
}

// perform finds the verb of a line and does it.
func (p *play) perform(ctx context.Context, a act) error {
	for _, v := range verbs() {
		found := v.form.FindStringSubmatch(a.does)
		if found == nil {
			continue
		}
		m := map[string]string{"block": a.block}
		for i, name := range v.form.SubexpNames() {
			if name != "" {
				m[name] = found[i]
			}
		}
		return v.do(ctx, p, m)
	}
	return fmt.Errorf("the world cannot do that; verbs.go lists what it can")
}

func number(m map[string]string, key string) int {
	n, _ := strconv.Atoi(m[key]) // the form lets only digits through; absent is 0
	return n
}

func expectNumber(got int, m map[string]string) error {
	if got != number(m, "n") {
		return fmt.Errorf("it became #%d; write that", got)
	}
	return nil
}

func openIssue(_ context.Context, p *play, m map[string]string) error {
	return expectNumber(p.world.GitHub.OpenIssue(playground.Repo, m["who"], m["title"], ""), m)
}

func openChange(_ context.Context, p *play, m map[string]string) error {
	c := fakegithub.NewChange{Author: m["who"], Title: m["title"], Draft: m["as"] == "draft", Fork: m["as"] == "fork"}
	if m["issue"] != "" {
		c.Body = "Closes #" + m["issue"]
	}
	if m["onto"] != "" {
		below, err := p.world.GitHub.Change(playground.Repo, number(m, "onto"))
		if err != nil {
			return err
		}
		c.Base = below.Branch
	}
	n, err := p.world.OpenChange(c, sizeOf(m))
	if err != nil {
		return err
	}
	return expectNumber(n, m)
}

func sizeOf(m map[string]string) playground.Size {
	return playground.Size{Added: number(m, "added"), Deleted: number(m, "deleted"), Files: number(m, "files")}
}

func pushChange(_ context.Context, p *play, m map[string]string) error {
	c, err := p.world.GitHub.Change(playground.Repo, number(m, "n"))
	if err != nil {
		return err
	}
	p.pushes++
	files, err := p.world.Edit(c.Branch, fmt.Sprintf("more_%d", p.pushes), sizeOf(m))
	if err != nil {
		return err
	}
	_, err = p.world.GitHub.Push(playground.Repo, c.Branch, m["who"], "More of it", files)
	return err
}

func pushMain(_ context.Context, p *play, m map[string]string) error {
	p.pushes++
	_, err := p.world.GitHub.Push(playground.Repo, "main", m["who"], m["title"],
		map[string]string{fmt.Sprintf("shop/push_%d.go", p.pushes): "package shop\n"})
	if m["lost"] != "" {
		p.world.GitHub.DropHooks()
	}
	return err
}

func writeFile(_ context.Context, p *play, m map[string]string) error {
	return p.write(m, "Settings", m["block"])
}

// putLines makes a file of lines that nothing else has.
func putLines(_ context.Context, p *play, m map[string]string) error {
	var text strings.Builder
	for i := range number(m, "lines") {
		fmt.Fprintf(&text, "line %d of %s\n", i+1, m["path"])
	}
	return p.write(m, "More of it", text.String())
}

func (p *play) write(m map[string]string, title, text string) error {
	branch := m["where"]
	if branch != "main" {
		c, err := p.world.GitHub.Change(playground.Repo, number(m, "n"))
		if err != nil {
			return err
		}
		branch = c.Branch
	}
	_, err := p.world.GitHub.Push(playground.Repo, branch, m["who"], title, map[string]string{m["path"]: text})
	return err
}

// addRepo gives the app a second repository; the bot hears of it by a push.
func addRepo(_ context.Context, p *play, m map[string]string) error {
	const file = ".github/roundtrip.yml"
	p.world.GitHub.AddRepo(m["repo"], map[string]string{file: p.world.GitHub.File(playground.Repo, "main", file)})
	p.world.GitHub.SetRole(m["repo"], m["who"], "maintain")
	_, err := p.world.GitHub.Push(m["repo"], "main", m["who"], "Begin", map[string]string{"README.md": "# Another\n"})
	return err
}

func comment(_ context.Context, p *play, m map[string]string) error {
	_, err := p.world.GitHub.Comment(playground.Repo, number(m, "n"), m["who"], strings.ReplaceAll(m["text"], `\n`, "\n"))
	return err
}

func chat(ctx context.Context, p *play, m map[string]string) error {
	answer, err := p.world.Say(ctx, m["who"], m["channel"], m["text"])
	if err == nil && answer.Status != 200 {
		err = fmt.Errorf("the bot answered %d: %s", answer.Status, answer.Body)
	}
	return err
}

// press presses a button on the first or the last message that has it. An old
// one is there no more: what people see may be older than what is there.
func press(ctx context.Context, p *play, m map[string]string) error {
	if m["old"] != "" {
		return p.world.PressOld(ctx, m["who"], m["channel"], m["button"], m["which"] == "first")
	}
	first := m["which"] == "first"
	switch m["other"] {
	case ", of an older version":
		return p.world.PressOther(ctx, m["who"], m["channel"], m["button"], first, "no_such_verb", "")
	case ", about what is forgotten":
		return p.world.PressOther(ctx, m["who"], m["channel"], m["button"], first, "", "rollout/0/none/1@1")
	}
	return p.world.Press(ctx, m["who"], m["channel"], m["button"], m["which"] == "first")
}

func pressBeside(_ context.Context, p *play, m map[string]string) error {
	c, err := p.world.GitHub.Change(playground.Repo, number(m, "n"))
	if err != nil {
		return err
	}
	return p.world.GitHub.PressAction(playground.Repo, c.Head, m["check"], m["button"], m["who"])
}

func merge(_ context.Context, p *play, m map[string]string) error {
	_, err := p.world.GitHub.Merge(playground.Repo, number(m, "n"), m["who"])
	return err
}

func closeChange(_ context.Context, p *play, m map[string]string) error {
	return p.world.GitHub.Close(playground.Repo, number(m, "n"), m["who"])
}

func ci(_ context.Context, p *play, m map[string]string) error {
	outcome := map[string]string{"runs": "in_progress", "passes": "success", "fails": "failure"}[m["how"]]
	return p.world.Report(m["check"], m["where"], outcome)
}

func traffic(_ context.Context, p *play, m map[string]string) error {
	p.world.SetTraffic(float64(number(m, "rps")))
	return nil
}

func teach(_ context.Context, p *play, m map[string]string) error {
	c, err := p.world.GitHub.Change(playground.Repo, number(m, "n"))
	if err == nil {
		p.world.Prod.Teach(c.Head, fakeprod.Behaviour{FailEvery: number(m, "every")})
	}
	return err
}

func after(ctx context.Context, p *play, m map[string]string) error {
	d, err := time.ParseDuration(m["time"])
	if err != nil {
		return err
	}
	return p.wait(ctx, d)
}

func githubFails(_ context.Context, p *play, m map[string]string) error {
	p.world.GitHub.Fail(fakegithub.Fault{Route: "*", Status: number(m, "status"), Times: number(m, "times")})
	return nil
}

func githubAway(_ context.Context, p *play, m map[string]string) error {
	p.world.GitHub.ClearFaults()
	if m["state"] == "down" {
		p.world.GitHub.Fail(fakegithub.Fault{Route: "*", Status: 502})
	}
	return nil
}

func noReverts(_ context.Context, p *play, _ map[string]string) error {
	p.world.GitHub.Fail(fakegithub.Fault{Route: "POST /graphql", Status: 502})
	return nil
}

func grant(_ context.Context, p *play, m map[string]string) error {
	p.world.GitHub.Grant(m["what"], m["level"])
	return nil
}

func slackFails(_ context.Context, p *play, m map[string]string) error {
	p.world.Slack.ClearFaults()
	if m["state"] == "down" {
		p.world.Slack.Fail(fakeslack.Fault{Method: "*", Status: 503})
	}
	return nil
}

func metricsAway(_ context.Context, p *play, m map[string]string) error {
	p.world.HideMetrics(m["state"] == "away")
	return nil
}

func targetAway(_ context.Context, p *play, m map[string]string) error {
	p.world.Prod.Unavailable(number(m, "times"))
	return nil
}

func targetLoses(_ context.Context, p *play, _ map[string]string) error {
	p.world.Prod.LoseAnswers(1)
	return nil
}

func targetRefuses(_ context.Context, p *play, m map[string]string) error {
	if m["how"] == "fails" {
		p.world.Prod.FailNextStart(m["where"], m["why"])
		return nil
	}
	p.world.Prod.RefuseNextStart(m["where"], m["why"])
	return nil
}

// again redelivers the newest webhook.
func again(ctx context.Context, p *play, m map[string]string) error {
	list := p.world.GitHub.Deliveries()
	if len(list) == 0 {
		return fmt.Errorf("none has come yet")
	}
	for range number(m, "times") {
		if err := p.world.GitHub.Redeliver(ctx, list[len(list)-1].ID); err != nil {
			return err
		}
	}
	return nil
}
