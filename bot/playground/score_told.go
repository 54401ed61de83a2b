package playground

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

func toldInChat(s Seen) Invariant {
	i := Invariant{Name: "The chat tells each rollout", How: "what the deploy target began has a message in Slack, and what ended there has no button any more that would stop or promote it; looked at when the bot is at rest"}
	buttons := map[string][]string{}
	told := map[string]bool{}
	for _, m := range s.Messages {
		if place := placeOf(m.Metadata); place != "" && !m.IsReply() {
			told[place], buttons[place] = true, verbsOf(m.Blocks)
		}
	}
	for _, d := range s.Targets {
		place := "rollout/" + d.Key
		over := d.State == fakeprod.Aborted || d.State == fakeprod.Failed || d.State == fakeprod.Finished
		switch {
		case !told[place]:
			i.pending(s.Quiet, "nobody was told of %s", d.Key)
		case over && (slices.Contains(buttons[place], "abort") || slices.Contains(buttons[place], "promote")):
			i.pending(s.Quiet, "%s is %s, and the chat offers %v", d.Key, d.State, buttons[place])
		}
	}
	i.Number = many(len(s.Targets), "rollout")
	return i
}

// PlaceOf is what a message is kept up to date as; empty: it is not.
func PlaceOf(m fakeslack.Message) string { return placeOf(m.Metadata) }

// placeOf is the place in a message's metadata; empty: it has none.
func placeOf(metadata json.RawMessage) string {
	var meta struct {
		Payload struct {
			Place string `json:"place"`
		} `json:"event_payload"`
	}
	if json.Unmarshal(metadata, &meta) != nil {
		return "" // not one that is kept up to date
	}
	return meta.Payload.Place
}

func judged(s Seen) Invariant {
	i := Invariant{Name: "Each head is judged", How: "an open change whose newest push was accepted has both of the bot's checks on it; looked at when the bot is at rest"}
	heads := map[string]bool{}
	for _, a := range s.Accepted {
		heads[a.Head] = true
	}
	n := 0
	for _, c := range s.Changes {
		if c.State != "open" || c.Draft || !heads[c.Head] {
			continue
		}
		n++
		for _, name := range []string{batch, mainCheck} {
			if (shown{c}).outcome(name) == "" {
				i.pending(s.Quiet, "#%d has no %s", c.Number, name)
			}
		}
	}
	i.Number = many(n, "head")
	return i
}

func released(s Seen) Invariant {
	i := Invariant{Name: "Nobody waits for a green main", How: "once CI passed on main's head and the bot has heard of it, no open change waits for main; looked at when the bot is at rest"}
	n := 0
	for _, c := range s.Changes {
		if c.State != "open" || (shown{c}).outcome(mainCheck) != "in_progress" {
			continue
		}
		if n++; s.MainGreen {
			i.pending(s.Quiet, "#%d waits, and main is green", c.Number)
		}
	}
	i.Number = fmt.Sprintf("%d wait", n)
	return i
}

// headIn a webhook of a change that came to a commit.
func headIn(d fakegithub.DeliveryView) string {
	if d.Event != "pull_request" || !slices.Contains([]string{"opened", "synchronize", "reopened"}, d.Action) {
		return ""
	}
	var e struct {
		Change struct {
			Head struct {
				SHA string `json:"sha"`
			} `json:"head"`
		} `json:"pull_request"`
	}
	if json.Unmarshal(d.Body, &e) != nil {
		return ""
	}
	return e.Change.Head.SHA
}

// mainGreen: each check of CI's passed on main's head, and the bot accepted
// the webhooks that say so.
func (w *World) mainGreen() bool {
	heard := map[int64]bool{}
	for _, d := range w.GitHub.Deliveries() {
		var e struct {
			Run struct {
				ID int64 `json:"id"`
			} `json:"check_run"`
		}
		if d.Event == "check_run" && d.Action == "completed" && d.State == fakegithub.Delivered && json.Unmarshal(d.Body, &e) == nil {
			heard[e.Run.ID] = true
		}
	}
	passed := 0
	for _, c := range w.GitHub.Checks(Repo, w.GitHub.Branch(Repo, "main")) {
		if slices.Contains(ciChecks, c.Name) && c.Conclusion == "success" && heard[c.ID] {
			passed++
		}
	}
	return passed == len(ciChecks)
}
