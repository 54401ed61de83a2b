package playground

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// Break is something of the world that can be broken, and mended again.
type Break struct {
	Name, Label, Means string
	On                 bool
}

// How much is broken when it is.
const (
	lateBy   = 20 * time.Second
	askAfter = 20 * time.Second
	lossRate = 30 // of a hundred webhooks
	wornBy   = 5  // requests
)

// breaks there are, in the order in which people see them.
var breaks = []Break{
	{Name: "twice", Label: "Webhooks come twice", Means: "each once more, with the same id"},
	{Name: "reorder", Label: "Webhooks come out of turn", Means: "of those that wait any may be first"},
	{Name: "lose", Label: "Webhooks are lost", Means: "30 of a hundred never come"},
	{Name: "delay", Label: "Webhooks are late", Means: "each by 20 seconds"},
	{Name: "github", Label: "GitHub answers 502", Means: "every second request; half of those were carried out all the same"},
	{Name: "secondary", Label: "GitHub wants fewer requests", Means: "its secondary limit: every third request is to come again in 20 seconds"},
	{Name: "tokens", Label: "Tokens expire early", Means: "GitHub refuses each after five requests"},
	{Name: "slack", Label: "Slack is down", Means: "every request is answered 503"},
	{Name: "metrics", Label: "Metrics are empty", Means: "both versions answer, and say nothing"},
}

// Breaks lists what can be broken, and what is.
func (w *World) Breaks() []Break {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := slices.Clone(breaks)
	for i := range list {
		list[i].On = w.broken[list[i].Name]
	}
	return list
}

// Break breaks something, or mends it.
func (w *World) Break(name string, on bool) error {
	if !slices.ContainsFunc(breaks, func(b Break) bool { return b.Name == name }) {
		return fmt.Errorf("there is nothing to break by the name of %q", name)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken == nil {
		w.broken = map[string]bool{}
	}
	if w.broken[name] = on; ofGitHub(name) {
		w.thrown = w.Now()
	}
	w.breakGitHub()
	w.Slack.ClearFaults()
	if w.broken["slack"] {
		w.Slack.Fail(fakeslack.Fault{Method: "*", Status: http.StatusServiceUnavailable})
	}
	return nil
}

func (w *World) breakGitHub() {
	is := w.broken
	r := fakegithub.Rough{Twice: is["twice"], Reorder: is["reorder"]}
	if is["lose"] {
		r.Lose = lossRate
	}
	if is["delay"] {
		r.Delay = lateBy
	}
	w.GitHub.SetRough(r)
	worn := 0
	if is["tokens"] {
		worn = wornBy
	}
	w.GitHub.WearTokens(worn)
	w.GitHub.ClearFaults()
	if is["secondary"] {
		w.GitHub.Fail(fakegithub.Fault{Route: "*", Secondary: true, RetryAfter: askAfter, Every: 3})
	}
	if is["github"] {
		w.GitHub.Fail(fakegithub.Fault{Route: "*", Status: http.StatusBadGateway, Every: 4})
		w.GitHub.Fail(fakegithub.Fault{Route: "*", Status: http.StatusBadGateway, Lost: true, Every: 3})
	}
}

// ofGitHub: while it is broken, what GitHub sent may not come or be fetched.
func ofGitHub(name string) bool { return name != "slack" && name != "metrics" }

// smooth is since when GitHub is not broken, if it is not.
func (w *World) smooth() (since time.Time, is bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, b := range breaks {
		if w.broken[b.Name] && ofGitHub(b.Name) {
			return w.thrown, false
		}
	}
	return w.thrown, true
}

func (w *World) isBroken(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.broken[name]
}

// Kill ends the bot between two steps and begins another on the same database.
func (w *World) Kill() error {
	w.mu.Lock()
	kill := w.kill
	w.mu.Unlock()
	if kill == nil {
		return fmt.Errorf("there is nobody here who could begin another bot")
	}
	err := kill()
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil {
		w.kills++
	}
	return err
}
