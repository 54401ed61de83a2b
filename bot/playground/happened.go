package playground

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Happening is one turn of the loop: what came in, what was decided, and what
// was done outside.
type Happening struct {
	At                      time.Time
	Cause, Decision, Effect string
}

// happenings remembers the newest.
type happenings struct {
	mu   sync.Mutex
	list []Happening
}

// remembered is how many happenings the page can show.
const remembered = 30

// Happened is told of each effect that ended: the id of the delivery that it
// comes from, what was decided and what was done, each in a few words.
func (w *World) Happened(cause, decision, effect string) {
	h := Happening{At: w.Now(), Cause: w.cameBy(cause), Decision: decision, Effect: effect}
	w.happened.mu.Lock()
	defer w.happened.mu.Unlock()
	// What is only said again, as by a sticky comment each second, is one line.
	list := append(slices.DeleteFunc(w.happened.list, func(o Happening) bool {
		return o.Cause == h.Cause && o.Decision == decision && o.Effect == effect
	}), h)
	w.happened.list = list[max(0, len(list)-remembered):]
}

// Happenings lists what happened, newest first.
func (w *World) Happenings() []Happening {
	w.happened.mu.Lock()
	defer w.happened.mu.Unlock()
	var list []Happening
	for i := len(w.happened.list) - 1; i >= 0; i-- {
		list = append(list, w.happened.list[i])
	}
	return list
}

// cameBy says in words how a delivery reached the bot: GitHub's are known to
// the stand-in, the bot's own begin with what they are about.
func (w *World) cameBy(id string) string {
	guid, _ := bot.GitHubGUID(id)
	for _, d := range w.GitHub.Recent(200) {
		if d.ID == guid {
			return strings.TrimSpace("webhook " + d.Event + " " + d.Action)
		}
	}
	switch kind, _, _ := strings.Cut(id, "/"); kind {
	case "slack":
		return "Slack"
	case "settled":
		return "the deploy target's answer"
	case "judge":
		return "news of main"
	case "schedule":
		return "the schedule"
	}
	return "a timer"
}
