package words

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Rollout is what people see of a rollout.
type Rollout struct {
	Service, Stage, Environment string
	SHA                         bot.SHA
	Title                       string
	Change                      bot.ChangeRef
	By                          string // "@bob"
	Merged                      bool   // a merge began it, nobody's command
	Headline                    string // one of the functions below
	Mood                        string // ✅ ⛔ ⏸ ▶
	Why                         string
	Path                        []Step // the stages and where it is
	Metrics                     []Metric
	Windows                     int
	Watched                     time.Duration
	Judged                      string // where, when it was not here: "canary"
	Trouble                     string
	Next                        string
	Paste                       []string
	Buttons                     []bot.Button
	URL                         string
}

// Step of the path through the stages.
type Step struct {
	Name string
	Mark string // ✅ ▶ ○ ⛔
	Note string
}

// Metric is one row of the table: stable first, then the change.
type Metric struct {
	Name                   string
	StableBad, StableTotal float64
	CanaryBad, CanaryTotal float64
	Ratio, Low, High       float64
	Spark                  string
	Verdict                string // "✅ no worse", "⛔ worse", "⏸ cannot tell yet", "👀 observed only"
	Floor                  float64
}

// Comment is the rollout as one comment on its change, edited as it goes.
func (r Rollout) Comment() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s %s\n", r.Mood, r.Headline)
	fmt.Fprintf(&b, "%s · `%s` · %s %s\n\n", r.path(), r.SHA.Short(), r.began(), r.By)
	if r.Why != "" {
		fmt.Fprintf(&b, "%s\n\n", because(r.Why))
	}
	b.WriteString(r.table())
	if r.Trouble != "" {
		fmt.Fprintf(&b, "Production could not be asked just now: %s. Nothing is concluded from that.\n\n", Code(r.Trouble))
	}
	if r.Next != "" {
		fmt.Fprintf(&b, "**Next:** %s\n", r.Next)
	}
	for _, line := range r.Paste {
		fmt.Fprintf(&b, "\n%s\n", Paste(line))
	}
	return b.String()
}

func (r Rollout) path() string {
	var parts []string
	for _, s := range r.Path {
		part := s.Name + " " + s.Mark
		if s.Note != "" {
			part += " " + s.Note
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " → ")
}

func (r Rollout) table() string {
	if len(r.Metrics) == 0 || r.Windows == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| | stable | this change | ratio (95 % interval) | last windows | verdict |\n|:--|--:|--:|:--|:--|:--|\n")
	for _, m := range r.Metrics {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", cell(Code(m.Name)),
			share(m.StableBad, m.StableTotal), share(m.CanaryBad, m.CanaryTotal), m.interval(), m.Spark, m.Verdict)
	}
	where := ""
	if r.Judged != "" {
		where = " in " + r.Judged
	}
	fmt.Fprintf(&b, "\n%s in %s%s; every one is kept.\n\n", Plural(r.Windows, "window"), For(r.Watched), where)
	return b.String()
}

// cell keeps a bar from ending a cell, which it does even in a code span.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func share(bad, total float64) string {
	return fmt.Sprintf("%s (%.0f of %.0f)", Percent(bad, total), bad, total)
}

func (m Metric) interval() string {
	if m.StableBad == 0 || m.CanaryTotal == 0 || m.StableTotal == 0 {
		return "-"
	}
	return fmt.Sprintf("×%.1f (%.1f to %.1f)", m.Ratio, m.Low, m.High)
}

// Message is the same for chat: the parent message of the rollout.
func (r Rollout) Message() (text string, blocks []bot.Block) {
	text = fmt.Sprintf("%s %s", r.Mood, Slack(r.Headline))
	body := fmt.Sprintf("*%s %s*\n%s · `%s`", r.Mood, Slack(r.Headline), Slack(r.path()), r.SHA.Short())
	if r.Why != "" {
		body += "\n" + Slack(sentence(r.Why))
	}
	blocks = append(blocks, bot.Block{Kind: bot.Section, Text: body})
	var fields []string
	for _, m := range r.Metrics {
		if r.Windows > 0 {
			fields = append(fields, fmt.Sprintf("*%s*\nstable %s\nthis change %s", Slack(m.Name), share(m.StableBad, m.StableTotal), share(m.CanaryBad, m.CanaryTotal)))
		}
	}
	if len(fields) > 0 {
		blocks = append(blocks, bot.Block{Kind: bot.Fields, Fields: fields[:min(10, len(fields))]})
	}
	if r.Next != "" {
		blocks = append(blocks, bot.Block{Kind: bot.Section, Text: "*Next:* " + Slack(strings.ReplaceAll(r.Next, "`", ""))})
	}
	if len(r.Buttons) > 0 {
		blocks = append(blocks, bot.Block{Kind: bot.Actions, Buttons: r.Buttons})
	}
	blocks = append(blocks, bot.Block{Kind: bot.Context, Text: fmt.Sprintf("%s · %s %s", r.what(), r.began(), Slack(r.By))})
	return text, blocks
}

// began is what somebody did so that it began.
func (r Rollout) began() string {
	if r.Merged {
		return "merged by"
	}
	return "asked by"
}

// what is it about: the change, or the repository when no change is known.
func (r Rollout) what() string {
	if r.Change.IsZero() {
		return Slack(string(r.Change.Repo.Name))
	}
	return Slack(r.Change.String()) + " · " + Slack(r.Title)
}

// commit is no word: it begins a sentence as it is.
var commit = regexp.MustCompile(`^[0-9a-f]{7}$`)

func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return s
	}
	if word, _, _ := strings.Cut(s, " "); !commit.MatchString(word) {
		runes := []rune(s)
		s = strings.ToUpper(string(runes[0])) + string(runes[1:])
	}
	if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") {
		s += "."
	}
	return s
}

// ours are reasons in which nothing is live but the name of who asked. What
// else a reason may hold, people and executors wrote.
var ours = regexp.MustCompile(`^((stopped|rolled back|taken back) by @[A-Za-z0-9-]+|@[A-Za-z0-9-]+ asked for it)?[\pL\pN\pM ,.;:()%×'_/-]*$`)

// because is a reason as a sentence, and as code where strangers wrote it.
func because(why string) string {
	if ours.MatchString(why) && !strings.Contains(why, "//") && !strings.Contains(strings.ToLower(why), "www.") {
		return sentence(why)
	}
	return Code(why)
}

// LiveOnIssue is the line on the plan item that a change is for.
func LiveOnIssue(c bot.ChangeRef, service, environment string, sha bot.SHA, at time.Time, evidence string) string {
	return fmt.Sprintf("✅ Live in %s since %s: #%d (`%s`, %s). %s\n", environment, Moment(at), c.Number, sha.Short(), service, sentence(evidence))
}

// TakenBack is what the comment of a change says once it was live and went
// back: when, by whom, and to what.
func TakenBack(service, environment string, sha, to bot.SHA, by string, at time.Time) string {
	return fmt.Sprintf("### ⛔ Taken back - %s %s was live in %s until %s\n`%s` runs there again; asked by %s.\n\n**Next:** push a repair and deploy it; this commit is refused there from now on.\n",
		service, sha.Short(), environment, Moment(at), to.Short(), by)
}

// BackOnIssue tells the plan item that its change went back.
func BackOnIssue(c bot.ChangeRef, service, environment string, sha bot.SHA, why string) string {
	return fmt.Sprintf("⛔ Not live: #%d (`%s`, %s) went back from %s. %s\n", c.Number, sha.Short(), service, environment, because(why))
}
