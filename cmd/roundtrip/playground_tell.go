package main

import (
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// telling tells the world of each effect that ended, in words for people.
func telling(w *playground.World) func(bot.Task, bot.Effect) {
	return func(t bot.Task, e bot.Effect) {
		if t.State == bot.TaskUnchanged || t.State == bot.TaskSuperseded {
			return // nothing was done
		}
		decision, effect := inWords(e)
		if t.State != bot.TaskDone {
			effect += " (" + t.State + ")"
		}
		w.Happened(t.Cause, decision, effect)
	}
}

// inWords says what was decided and what that did outside.
func inWords(e bot.Effect) (decision, effect string) {
	switch e := e.(type) {
	case bot.SetCheck:
		return e.Title, fmt.Sprintf("check %s: %s", e.Name, strings.ReplaceAll(firstOf(e.Conclusion, e.Status), "_", " "))
	case bot.KeepComment:
		return firstLine(e.Body), fmt.Sprintf("comment on #%d", e.Ref.Number)
	case bot.React:
		return bot.ReactionNamed(e.Reaction).Means, "reaction " + e.Reaction
	case bot.MirrorRollout:
		return e.Description, fmt.Sprintf("deployment to %s: %s", e.Environment, strings.ReplaceAll(e.State, "_", " "))
	case bot.KeepMessage:
		return firstLine(e.Text), "message in " + e.Channel
	case bot.Whisper:
		return firstLine(e.Text), "answer in Slack to who asked"
	case bot.StartStage:
		return fmt.Sprintf("begin %s with %d %%", e.Order.Stage, e.Order.Weight), "deploy target starts " + e.Order.SHA.Short()
	case bot.SetWeight:
		return fmt.Sprintf("%d %% of the traffic to %s", e.Order.Weight, e.Order.Stage), "deploy target moves traffic to " + e.Order.SHA.Short()
	case bot.FinishStage:
		return fmt.Sprintf("%s is done", e.Order.Stage), "deploy target gives all the traffic to " + e.Order.SHA.Short()
	case bot.AbortStage:
		return fmt.Sprintf("stop %s", e.Order.Stage), "deploy target brings the traffic back"
	}
	return e.Kind(), e.Key()
}

// firstLine of a text without the signs of Markdown.
func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(strings.TrimLeft(s, "# \n")), "\n")
	line = strings.NewReplacer("**", "", "`", "", "*", "").Replace(line)
	if r := []rune(line); len(r) > 120 {
		return string(r[:119]) + "…"
	}
	return line
}

func firstOf(s, other string) string {
	if s != "" {
		return s
	}
	return other
}
