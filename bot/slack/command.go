package slack

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// CommandID is the id by which a repeat of the same slash command is known;
// empty when the body is no slash command.
func CommandID(body []byte) string {
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("command") == "" || form.Get("trigger_id") == "" || len(form.Get("trigger_id")) > 200 {
		return ""
	}
	return "slack/" + form.Get("trigger_id")
}

// Slack's own host for answers.
const responseHost = "hooks.slack.com"

// Opener makes events of Slack's requests. Answers go to Slack's own host
// alone, or below api, the address of the Web API in the operator's settings:
// an answer must not be sent wherever a request says.
func Opener(api string) func(bot.Letter) (bot.Event, error) {
	hosts := []string{"https://" + responseHost}
	if own, err := url.Parse(api); err == nil && own.Host != "" {
		hosts = append(hosts, own.Scheme+"://"+own.Host)
	}
	return func(l bot.Letter) (bot.Event, error) { return open(l, hosts) }
}

func open(l bot.Letter, hosts []string) (bot.Event, error) {
	unknown := func(why string) (bot.Event, error) {
		return bot.Unknown{Source: "slack", Name: l.Name, Why: why}, nil
	}
	form, err := url.ParseQuery(string(l.Body))
	switch {
	case err == nil && l.Name == "interaction":
		return openPress(l, form.Get("payload"), hosts)
	case l.Name != "command":
		return unknown("only slash commands and buttons are acted on")
	case err != nil:
		return unknown("it is no form")
	case form.Get("user_id") == "" || form.Get("channel_id") == "" || form.Get("command") == "":
		return unknown("it is no slash command")
	}
	reply, ok := replyTo(form.Get("response_url"), hosts)
	if !ok {
		return unknown("its response_url is not Slack's")
	}
	return bot.CommandGiven{
		From: bot.FromSlack, By: bot.Person{Slack: form.Get("user_id")}, Text: form.Get("text"), At: l.At,
		Channel: channelName(form.Get("channel_name")), ChannelID: form.Get("channel_id"), Reply: reply,
	}, nil
}

// replyTo is a response_url, if it is one of Slack's.
func replyTo(address string, hosts []string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || !slices.Contains(hosts, u.Scheme+"://"+u.Host) || u.User != nil {
		return "", false
	}
	return u.String(), true
}

// channelName is "#shop"; empty where people talk in private, which stands for
// no repository.
func channelName(name string) string {
	if name == "" || name == "directmessage" || name == "privategroup" || strings.HasPrefix(name, "mpdm-") {
		return ""
	}
	return fmt.Sprintf("#%s", name)
}
