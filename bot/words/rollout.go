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
	Blamed                      bool   // production said so, and it went back
	Away                        string // what a rollback says of the release that it takes away
	Source                      string // who was asked about production
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

// Comment is the rollout as one comment on its change, edited as it goes.
func (r Rollout) Comment() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s %s%s\n", r.Mood, r.Headline, r.worse(Code))
	fmt.Fprintf(&b, "%s · `%s` · %s %s\n\n", r.path(), r.SHA.Short(), r.began(), r.By)
	if r.Why != "" {
		fmt.Fprintf(&b, "%s\n\n", because(r.Why))
	}
	if r.Away != "" {
		fmt.Fprintf(&b, "%s\n\n", r.Away)
	}
	if said := r.judged(Code); said != "" {
		fmt.Fprintf(&b, "%s\n\n", said)
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
	b.WriteString(r.details())
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

// Message is the same for chat: the parent message of the rollout.
func (r Rollout) Message() (text string, blocks []bot.Block) {
	headline := Slack(r.Headline) + r.worse(Slack)
	text = fmt.Sprintf("%s %s", r.Mood, headline)
	body := fmt.Sprintf("*%s %s*\n%s · `%s`", r.Mood, headline, Slack(r.path()), r.SHA.Short())
	if r.Why != "" {
		body += "\n" + Slack(sentence(r.Why))
	}
	for _, said := range []string{r.Away, r.judged(Slack)} {
		if said != "" {
			body += "\n" + said
		}
	}
	blocks = append(blocks, bot.Block{Kind: bot.Section, Text: body})
	var fields []string
	for _, m := range r.Metrics {
		if r.Windows > 0 {
			fields = append(fields, fmt.Sprintf("*%s*\nstable %s\nthis change %s", Slack(m.Name), m.share(m.StableBad, m.StableTotal), m.share(m.CanaryBad, m.CanaryTotal)))
		}
	}
	if len(fields) > 0 {
		blocks = append(blocks, bot.Block{Kind: bot.Fields, Fields: fields[:min(10, len(fields))]})
	}
	if r.Next != "" {
		blocks = append(blocks, bot.Block{Kind: bot.Section, Text: "*Next:* " + Slack(strings.ReplaceAll(r.Next, "`", "")) + r.wayBack()})
	}
	if len(r.Buttons) > 0 {
		blocks = append(blocks, bot.Block{Kind: bot.Actions, Buttons: r.Buttons})
	}
	blocks = append(blocks, bot.Block{Kind: bot.Context, Text: fmt.Sprintf("%s · %s %s", r.what(), r.began(), Slack(r.By))})
	return text, blocks
}

// wayBack is, in chat, the line that lifts a veto, for which there is no button.
func (r Rollout) wayBack() string {
	what := string(r.Change.Repo.Name)
	if r.Change.Number > 0 {
		what = r.Change.String()
	}
	for _, line := range r.Paste {
		if said, ok := strings.CutPrefix(line, "/good "); ok {
			return "\n" + Slack(Code("/roundtrip good "+what+" "+said))
		}
	}
	return ""
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
var commit = regexp.MustCompile(`^[0-9a-f]{7,40}$`)

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
