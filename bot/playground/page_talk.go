package playground

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// formSlack is the box below a channel: the bot hears /roundtrip alone, and
// people hear all else.
func (w *World) formSlack(r *http.Request) error {
	text := strings.TrimSpace(r.FormValue("text"))
	if text == "" {
		return errors.New("write something, for instance /roundtrip status")
	}
	v := w.viewOf(r)
	word, rest, _ := strings.Cut(text, " ")
	switch {
	case word == "/roundtrip":
		_, err := w.Say(r.Context(), v.As, v.Channel, text)
		return err
	case strings.HasPrefix(word, "/"):
		return fmt.Errorf("in chat the bot hears only /roundtrip: write %s", strings.TrimSpace("/roundtrip "+word[1:]+" "+rest))
	}
	return w.talk(v.As, v.Channel, text)
}

// talk is what a person says to people: the bot does not hear it.
func (w *World) talk(name, channel, text string) error {
	p, c, err := w.inChannel(name, channel)
	if err != nil {
		return err
	}
	_, err = w.Slack.Talk(p.ID, c.ID, text)
	return err
}

// Say sends a slash command as a person: "/roundtrip status", with or without
// its first word.
func (w *World) Say(ctx context.Context, name, channel, line string) (fakeslack.Response, error) {
	line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "/roundtrip"))
	p, c, err := w.inChannel(name, channel)
	if err != nil {
		return fakeslack.Response{}, err
	}
	res, err := w.Slack.Command(ctx, p.ID, c.ID, "/roundtrip", line)
	w.accepted(res, err)
	return res, err
}

// inChannel finds a person and a channel by their names.
func (w *World) inChannel(name, channel string) (fakeslack.Person, fakeslack.Channel, error) {
	channel = strings.TrimPrefix(channel, "#")
	for _, p := range w.Slack.People() {
		for _, c := range w.Slack.Channels() {
			if p.Name == name && c.Name == channel {
				return p, c, nil
			}
		}
	}
	return fakeslack.Person{}, fakeslack.Channel{}, fmt.Errorf("there is no %s in #%s", name, channel)
}
