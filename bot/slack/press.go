package slack

import (
	"encoding/json"
	"net/url"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// press is what Slack sends when somebody presses a button.
type press struct {
	Type      string `json:"type"`
	TriggerID string `json:"trigger_id"`
	Reply     string `json:"response_url"`
	User      struct {
		ID string `json:"id"`
	} `json:"user"`
	Channel struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"channel"`
	Actions []struct {
		ID    string `json:"action_id"`
		Value string `json:"value"`
	} `json:"actions"`
}

// PressID is the id by which a repeat of the same press is known; empty when
// the body is no press of a button.
func PressID(body []byte) string {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return ""
	}
	var p press
	if json.Unmarshal([]byte(form.Get("payload")), &p) != nil || p.Type != "block_actions" || p.TriggerID == "" || len(p.TriggerID) > 200 {
		return ""
	}
	return "slack/" + p.TriggerID
}

func openPress(l bot.Letter, payload string, hosts []string) (bot.Event, error) {
	unknown := func(why string) (bot.Event, error) {
		return bot.Unknown{Source: "slack", Name: l.Name, Why: why}, nil
	}
	var p press
	if err := json.Unmarshal([]byte(payload), &p); err != nil {
		return unknown("its payload is no JSON")
	}
	if p.Type != "block_actions" || p.User.ID == "" || p.Channel.ID == "" || len(p.Actions) == 0 {
		return unknown("it is no press of a button")
	}
	reply, ok := replyTo(p.Reply, hosts)
	if !ok {
		return unknown("its response_url is not Slack's")
	}
	return bot.ButtonPressed{
		By: bot.Person{Slack: p.User.ID}, Verb: p.Actions[0].ID, Value: p.Actions[0].Value, At: l.At,
		Channel: channelName(p.Channel.Name), ChannelID: p.Channel.ID, Reply: reply,
	}, nil
}
