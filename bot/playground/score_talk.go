package playground

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// commentIn a webhook about one.
func commentIn(body []byte) (id int64, text string) {
	var e struct {
		Comment struct {
			ID   int64  `json:"id"`
			Body string `json:"body"`
			User struct {
				Type string `json:"type"`
			} `json:"user"`
		} `json:"comment"`
	}
	if json.Unmarshal(body, &e) != nil || e.Comment.User.Type == "Bot" {
		return 0, ""
	}
	return e.Comment.ID, e.Comment.Body
}

// placeIn is the hidden last line by which the bot knows the place of its
// comment.
func placeIn(body string) string {
	body = strings.TrimSpace(body)
	last := body[strings.LastIndexByte(body, '\n')+1:]
	if !strings.HasPrefix(last, "<!-- roundtrip ") {
		return ""
	}
	return last
}

func oneComment(s Seen) Invariant {
	i := Invariant{Name: "One comment for each place", How: "no two comments of the bot on a change carry the same hidden mark: one is about its rollouts, one answers each command"}
	n := 0
	for _, c := range s.Changes {
		places := map[string]int{}
		for _, m := range c.Comments {
			if m.Author != s.Bot {
				continue
			}
			n++
			place := placeIn(m.Body)
			if places[place]++; place == "" || places[place] == 2 {
				i.wrong("#%d has two: %s", c.Number, opening(m.Body))
			}
		}
	}
	i.Number = many(n, "comment")
	return i
}

func opening(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func withinBudget(s Seen) Invariant {
	i := Invariant{Name: "No more comments than allowed", How: "on a change: one about its rollouts, one for each that failed, and at most one answer to each command"}
	most := 0
	for _, c := range s.Changes {
		n, budget, failures := 0, 1, 0
		kinds, places, said := map[string]int{}, map[string]bool{}, []string{} // two of one place are another line's
		for _, m := range c.Comments {
			switch {
			case m.Author == s.Bot:
				n++
				if place := placeIn(m.Body); !places[place] {
					places[place] = true
					said = append(said, opening(m.Body))
					kinds[aboutWhat(m.Body)]++
				}
			case strings.HasPrefix(m.Body, "/"):
				budget++
			}
		}
		for _, d := range s.Deployments {
			if failed(d) && (d.SHA == c.Head || kinds[aboutFailure] > 0) {
				budget++
				failures++
			}
		}
		if k := kinds[aboutRollouts]; k > 1 {
			i.wrong("#%d has %d about its rollouts among %q", c.Number, k, said)
		}
		if k := kinds[aboutFailure]; k > failures {
			i.wrong("#%d has %d about rollouts that failed, and GitHub shows %d", c.Number, k, failures)
		}
		most = max(most, n)
		if n > budget {
			i.wrong("#%d has %d of %d", c.Number, n, budget)
		}
	}
	i.Number = fmt.Sprintf("at most %d on one change", most)
	return i
}

// Kinds of the bot's comments that are no answers.
const (
	aboutRollouts = "rollouts"
	aboutFailure  = "failure"
)

// aboutWhat a comment of the bot's, by how it begins; empty: an answer.
func aboutWhat(body string) string {
	switch {
	case strings.HasPrefix(body, "⛔ @"):
		return aboutFailure
	case strings.HasPrefix(body, "### ") && !slices.ContainsFunc([]string{"### " + Repo, "### ↩", "### What I understand"}, func(answer string) bool { return strings.HasPrefix(body, answer) }):
		return aboutRollouts
	}
	return ""
}

func failed(d fakegithub.DeploymentView) bool {
	for _, s := range d.Statuses {
		if s.State == "failure" || s.State == "error" {
			return true
		}
	}
	return false
}

func oneParent(s Seen) Invariant {
	i := Invariant{Name: "One message for each rollout", How: "no two messages in Slack carry the same place in their metadata; a rollout's is the parent of its thread"}
	places, parents := map[string]int{}, 0
	for _, m := range s.Messages {
		place := placeOf(m.Metadata)
		if place == "" {
			continue
		}
		if !m.IsReply() {
			parents++
		}
		key := m.Channel + " " + place
		if places[key]++; places[key] == 2 {
			i.wrong("there are two: %s", opening(m.Text))
		}
	}
	i.Number = fmt.Sprintf("%s, %d of them with a thread", many(len(places), "message"), parents)
	return i
}

func processed(s Seen) Invariant {
	i := Invariant{Name: "Nothing accepted is left lying", How: "each webhook that was answered 2xx is in the bot's inbox, and worked on or laid aside; one that was lost on its way was never accepted"}
	for _, a := range s.Accepted {
		switch a.State {
		case bot.LetterDone, bot.LetterIgnored:
		case "":
			i.wrong("%s %s was accepted, and nobody knows of it", a.Event, a.ID)
		case bot.LetterFailed:
			i.wrong("%s %s was given up: %s", a.Event, a.ID, a.Error)
		default:
			i.pending(s.Quiet, "%s %s is %s", a.Event, a.ID, a.State)
		}
	}
	i.Number = fmt.Sprintf("%d accepted", len(s.Accepted))
	return i
}
