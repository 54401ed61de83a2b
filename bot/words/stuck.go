package words

import (
	"fmt"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Stuck is something that somebody waits for and that does not go on.
type Stuck struct {
	Who      string        // does not answer: "GitHub"; empty: the fault is ours
	Asked    time.Time     // until when Who asks us to wait, and so does answer; else zero
	Line     string        // the command: "/deploy canary"; empty for a button
	On       bot.ChangeRef // what it is about; may be zero
	By       string        // "@alice"
	At       time.Time     // now
	Until    time.Time     // the last try; zero when nobody knows
	Tries    int
	Took     time.Duration // all tries together
	Delivery string        // by which whoever runs us finds it
}

func (s Stuck) trouble() string {
	if s.Who == "" {
		return "something went wrong on my side"
	}
	if !s.Asked.IsZero() {
		return s.Who + " asks us to wait until " + Clock(s.Asked)
	}
	return s.Who + " is not answering"
}

func (s Stuck) again() string {
	if s.Who != "" && !s.Asked.IsZero() {
		return "I ask again then"
	}
	if s.Until.IsZero() {
		return "I ask again by myself"
	}
	return "I ask again until " + Clock(s.Until)
}

// what it is, for everybody to see in chat.
func (s Stuck) what() string {
	what := Slack(Code(s.Line)) + " by " + Slack(s.By)
	if !s.On.IsZero() {
		what += " on " + Slack(s.On.String())
	}
	return what
}

// Waits tells who asked in chat, as soon as the wait is one that people notice.
func (s Stuck) Waits() string {
	what := "What you pressed"
	if s.Line != "" {
		what = "Your " + Slack(Code("/roundtrip "+strings.TrimPrefix(s.Line, "/")))
	}
	return fmt.Sprintf("⏳ %s %s waits; nothing is done yet. %s", sentence(s.trouble()), what, s.toDo(s.again()+", so there is nothing for you to do."))
}

// WaitsHere tells the channel of a command on a change that cannot be answered
// there: where it was given is what does not answer.
func (s Stuck) WaitsHere() string {
	return fmt.Sprintf("⏳ %s %s waits; nothing is done yet. %s", sentence(s.trouble()), s.what(), s.toDo(s.again()+"."))
}

// toDo is what there is to do: nothing, unless the wait is longer than a
// command may be old.
func (s Stuck) toDo(nothing string) string {
	if s.Until.IsZero() || !s.Asked.After(s.Until) {
		return nothing
	}
	return "By then it is too old to be run. Next: write it again after " + Clock(s.Asked) + "."
}

// GoesOn takes WaitsHere's place once the command was looked at.
func (s Stuck) GoesOn() string {
	return fmt.Sprintf("✅ It goes on: %s was taken up at %s. The pull request says what came of it.", s.what(), Clock(s.At))
}

// GivenUpHere takes WaitsHere's place when there is to be no other try.
func (s Stuck) GivenUpHere() string {
	return fmt.Sprintf("👎 %s was given up after %s in %s: %s. Nothing was done. Next: write it again.", s.what(), tries(s.Tries), For(s.Took), s.trouble())
}

// GivenUp tells who asked that there is to be no other try.
func (s Stuck) GivenUp() bot.Refusal {
	what, next := "what you pressed", "Press it again."
	if s.Line != "" {
		what, next = Code(s.Line), s.Line
	}
	r := bot.Refusal{
		Message: fmt.Sprintf("I gave up on %s after %s in %s: %s. Nothing was done", what, tries(s.Tries), For(s.Took), s.trouble()),
		Advice:  next,
	}
	if s.Who == "" {
		r.Message += "; whoever runs me finds it as delivery " + Code(s.Delivery)
	}
	return r
}

func tries(n int) string {
	if n == 1 {
		return "1 try"
	}
	return fmt.Sprintf("%d tries", n)
}

// Rollout is what a rollout's comment and message say next while it cannot go
// on, and the line for its thread. Stop is the command that takes it back.
func (s Stuck) Rollout(stop string) (next, line string) {
	next = fmt.Sprintf("wait: at %s %s, so nothing moves. %s and go on; `%s` stops it.", Clock(s.At), s.since(), s.again(), stop)
	return next, "⏳ " + Slack(sentence(strings.ReplaceAll(strings.TrimPrefix(next, "wait: "), "`", "")))
}

// RolloutGivenUp is the same when there is to be no other try.
func (s Stuck) RolloutGivenUp(stop string) (next, line string) {
	next = fmt.Sprintf("look where the traffic is: I gave up after %s in %s, as %s. `%s` takes it back.", tries(s.Tries), For(s.Took), s.since(), stop)
	return next, "🆘 " + Slack(sentence(strings.ReplaceAll(next, "`", "")))
}

// since is the trouble as it was: who reads it later reads no lie.
func (s Stuck) since() string {
	return strings.NewReplacer("is not answering", "did not answer", "asks us", "asked us").Replace(s.trouble())
}
