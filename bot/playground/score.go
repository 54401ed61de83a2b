package playground

import (
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// Seen is what the stand-ins saw of the bot, and whether it is at rest.
type Seen struct {
	Calls       []fakeprod.Call
	Targets     []fakeprod.Deployment
	Stable      map[string]string // SHA by environment
	Canary      map[string]string
	Changes     []fakegithub.ChangeView
	Deployments []fakegithub.DeploymentView
	Messages    []fakeslack.Message
	Accepted    []Accepted
	Lost        []Lost
	Asked       int    // commands and presses that were accepted in Slack
	Bot         string // its login
	Quiet       bool   // the bot has nothing left to do now
	MainGreen   bool   // CI passed on main's head, and the bot accepted what said so
}

// Accepted is a webhook that the bot answered 2xx. Its State is that of the
// letter in the bot's books; empty: they do not have it.
type Accepted struct {
	ID, Event, Comment, State, Error string
	CommentID                        int64
	Head                             string // SHA to which a change came by it
	Silent                           bool   // a command that was refused without a word, since who gave it had heard enough
}

// Lost is a webhook that GitHub sent and the bot has not heard yet. It asks for
// those at its next full hour: Overdue says that this is past.
type Lost struct {
	ID, Event string
	Overdue   bool
}

// Invariant is something that must hold whatever is broken.
type Invariant struct {
	Name   string
	Number string   // what was counted
	How    string   // it is measured
	Wrong  []string // what breaks it; none while it holds
	Open   int      // still on the way: wrong only if the bot is at rest
}

// Holds reports whether nothing breaks it.
func (i Invariant) Holds() bool { return len(i.Wrong) == 0 }

// many is a number of things: "1 comment", "2 comments".
func many(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

func (i *Invariant) wrong(format string, args ...any) {
	i.Wrong = append(i.Wrong, fmt.Sprintf(format, args...))
}

// pending is what may still come. At rest nothing may.
func (i *Invariant) pending(quiet bool, format string, args ...any) {
	i.Open++
	if quiet {
		i.wrong(format, args...)
	}
}

// Judge says of each invariant whether it holds.
func Judge(s Seen) []Invariant {
	return []Invariant{
		notLost(s), notDoubled(s), oneActive(s), oneComment(s), withinBudget(s), oneParent(s), toldInChat(s), agree(s), judged(s), released(s), processed(s),
	}
}
