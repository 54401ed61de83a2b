package web

import (
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// describe says what an effect was to do.
func describe(t bot.Task) string {
	e, err := bot.DecodeEffect(t.Kind, t.Body)
	if err != nil {
		return t.Kind + " " + t.Key
	}
	switch e := e.(type) {
	case bot.SetCheck:
		return fmt.Sprintf("show %s on %s of %s", e.Name, e.SHA.Short(), e.Repo.Name)
	case bot.KeepComment:
		return "comment on " + e.Ref.String()
	case bot.KeepMessage:
		return "message in " + e.Channel + " about " + string(e.Repo.Name)
	case bot.React:
		return "reaction on a comment in " + string(e.Repo.Name)
	case bot.Whisper:
		return "answer to a command in Slack"
	case bot.MirrorRollout:
		return fmt.Sprintf("show %s in %s as %s", e.SHA.Short(), e.Environment, e.State)
	case bot.OpenRevert:
		return "open a revert of " + e.Ref.String()
	case bot.RunAgain:
		return fmt.Sprintf("run %s again on %s of %s", e.Check, e.SHA.Short(), e.Repo.Name)
	case bot.StartStage:
		return "start " + ordered(e.Order)
	case bot.SetWeight:
		return fmt.Sprintf("%d %% for %s", e.Order.Weight, ordered(e.Order))
	case bot.FinishStage:
		return "all the traffic for " + ordered(e.Order)
	case bot.AbortStage:
		return "take back " + ordered(e.Order)
	}
	return t.Kind + " " + t.Key
}

func ordered(o bot.StageOrder) string {
	return fmt.Sprintf("%s %s in %s", o.Service, o.SHA.Short(), o.Stage)
}
