package story

import (
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// effect writes an effect as a line; "" for one that changed nothing.
func (p *play) effect(t bot.Task, e bot.Effect) string {
	if t.State == bot.TaskUnchanged {
		return ""
	}
	line := p.describe(e)
	if t.State != bot.TaskDone {
		line += fmt.Sprintf(" [%s: %s]", t.State, oneLine(t.Error, 120))
	}
	return line
}

func (p *play) describe(e bot.Effect) string {
	switch e := e.(type) {
	case bot.SetCheck:
		return fmt.Sprintf("check %s %s %s: %s", p.where(e.SHA), e.Name, orElse(e.Conclusion, e.Status), e.Title)
	case bot.KeepComment:
		return fmt.Sprintf("comment #%d, %s: %s", e.Ref.Number, placeOf(e.Place), oneLine(e.Body, 300))
	case bot.React:
		return "reaction " + e.Reaction
	case bot.MirrorRollout:
		return fmt.Sprintf("deployment of %s to %s, %s: %s", e.SHA.Short(), e.Environment, e.State, e.Description)
	case bot.KeepMessage:
		return fmt.Sprintf("slack %s%s: %s", e.Channel, inThread(e), textOf(e))
	case bot.OpenRevert:
		return fmt.Sprintf("revert of #%d: %s", e.Ref.Number, e.Title)
	case bot.RunAgain:
		return fmt.Sprintf("rerun of %s on %s", e.Check, p.where(e.SHA))
	case bot.Whisper:
		return "slack, only to who asked: " + oneLine(e.Text, 300)
	case bot.StartStage:
		return fmt.Sprintf("start %s with %s at %d %%", e.Order.Stage, e.Order.SHA.Short(), e.Order.Weight)
	case bot.SetWeight:
		return fmt.Sprintf("weight of %s %d %%", e.Order.Stage, e.Order.Weight)
	case bot.FinishStage:
		return fmt.Sprintf("finish %s with %s", e.Order.Stage, e.Order.SHA.Short())
	case bot.AbortStage:
		return fmt.Sprintf("abort %s: the traffic goes back", e.Order.Stage)
	}
	return e.Kind() + " " + e.Key()
}

// where says which change or branch a commit is the head of.
func (p *play) where(sha bot.SHA) string {
	for _, c := range p.world.GitHub.Changes(repo) {
		if c.Head == string(sha) {
			return fmt.Sprintf("#%d", c.Number)
		}
	}
	return sha.Short()
}

// placeOf is a place without the numbers that identify it in a database.
func placeOf(place string) string {
	name, rest, _ := strings.Cut(place, "/")
	if name == "rollout" {
		return "rollout of " + rest
	}
	return name
}

func inThread(e bot.KeepMessage) string {
	if e.Thread != "" {
		return ", in the thread"
	}
	return ""
}

func textOf(e bot.KeepMessage) string {
	parts := []string{}
	for _, b := range e.Blocks {
		parts = append(parts, b.Text)
		parts = append(parts, b.Fields...)
	}
	if len(parts) == 0 {
		parts = []string{e.Text}
	}
	return oneLine(strings.Join(parts, "\n"), 400)
}

// oneLine folds a text; tables lose their rulers.
func oneLine(s string, n int) string {
	var kept []string
	for _, l := range strings.Split(s, "\n") {
		l = strings.TrimSpace(strings.Trim(strings.TrimSpace(l), "|"))
		if l == "" || l == "```" || strings.HasPrefix(l, ":--") {
			continue
		}
		kept = append(kept, l)
	}
	runes := []rune(strings.Join(kept, " / "))
	if len(runes) > n {
		return string(runes[:n]) + "…"
	}
	return string(runes)
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}
