package words

import (
	"fmt"
	"regexp"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// LiveOnIssue is the line on the plan item that a change is for.
func LiveOnIssue(c bot.ChangeRef, service, environment string, sha bot.SHA, at time.Time, evidence string) string {
	return fmt.Sprintf("✅ Live in %s since %s: #%d (`%s`, %s). %s\n", environment, Moment(at), c.Number, sha.Short(), service, sentence(evidence))
}

// TakenBack is what the comment of a change says once it was live and went
// back: when, by whom, and to what; good is the line that lifts the veto.
func TakenBack(service, environment string, sha, to bot.SHA, by string, at time.Time, good string) string {
	return fmt.Sprintf("### ⛔ Taken back - %s %s was live in %s until %s\n`%s` runs there again; asked by %s.\n\n**Next:** push a repair and deploy it; this commit is refused there until somebody says why it is good.\n\n%s\n",
		service, sha.Short(), environment, Moment(at), to.Short(), by, Paste(good))
}

// BackOnIssue tells the plan item that its change went back.
func BackOnIssue(c bot.ChangeRef, service, environment string, sha bot.SHA, why string) string {
	return fmt.Sprintf("⛔ Not live: #%d (`%s`, %s) went back from %s. %s\n\n**Next:** push a repair in a change that closes this; I say here when that is live.\n", c.Number, sha.Short(), service, environment, because(why))
}

// Back is what the author of a change is told in a comment of its own, once,
// when a rollout of it went back by itself: an edit of the summary mails
// nobody.
type Back struct {
	Author         bot.Login
	Service, Stage string
	SHA            bot.SHA
	Weight         int
	After          time.Duration
	Stuck          bool // it could not go back
	Why            string
	Next           string
	Paste          []string
}

// Comment mentions the author, if a person, and says what to do.
func (b Back) Comment() string {
	what := fmt.Sprintf("%s `%s` went back from %s by itself, at %d %%, after %s.", b.Service, b.SHA.Short(), b.Stage, b.Weight, For(b.After))
	mood := "⛔"
	if b.Stuck {
		mood, what = "🆘", fmt.Sprintf("%s `%s` could not go back from %s: somebody must look.", b.Service, b.SHA.Short(), b.Stage)
	}
	text := mood + " " + mention(b.Author) + what + "\n"
	if b.Why != "" {
		text += "\n" + because(b.Why) + "\n"
	}
	text += "\n**Next:** " + b.Next + "\n"
	for _, line := range b.Paste {
		text += "\n" + Paste(line) + "\n"
	}
	return text + "\nThe summary in this conversation has the numbers.\n"
}

// person is the name of somebody who reads mail; apps' end in [bot].
var person = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$`)

func mention(l bot.Login) string {
	if !person.MatchString(string(l)) {
		return ""
	}
	return "@" + string(l) + ": "
}

// TookAway says what a rollback takes away: the commit and its change, if one
// is known.
func TookAway(sha bot.SHA, c bot.ChangeRef, done bool) string {
	if sha == "" {
		return ""
	}
	what := "`" + sha.Short() + "`"
	if !c.IsZero() {
		what += fmt.Sprintf(" (#%d)", c.Number)
	}
	if done {
		return "It took the place of " + what + ", which is taken away."
	}
	return "It takes the place of " + what + "."
}
