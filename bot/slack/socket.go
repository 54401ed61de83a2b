package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/slack-go/slack/socketmode"
)

// Hear stores what came and returns once it is on disk.
type Hear func(ctx context.Context, source, id, name string, body []byte) (fresh bool, err error)

// Listen hears commands and presses over Socket Mode until ctx ends: the
// connection goes out from us, so that nobody needs to reach us. What came is
// acknowledged once it is stored; Slack asks again for what is not. Slack ends
// connections now and then; a new one takes its place.
func (c *Client) Listen(ctx context.Context, hear Hear, log *slog.Logger) error {
	client := socketmode.New(c.api)
	listening, stop := context.WithCancel(ctx)
	defer stop() // the reader ends with us: who listens again brings their own
	go func() {
		for {
			select {
			case <-listening.Done():
				return
			case e := <-client.Events:
				take(ctx, client, e, hear, log) // what is in hand is stored
			}
		}
	}()
	err := client.RunContext(listening) // it ends with an error alone
	select {
	case <-ctx.Done():
		return nil
	default:
		return refusal("listen to Slack", err)
	}
}

// hearWithin: Slack wants its answer within three seconds, as over HTTP.
const hearWithin = 2500 * time.Millisecond

func take(ctx context.Context, client *socketmode.Client, e socketmode.Event, hear Hear, log *slog.Logger) {
	switch e.Type {
	case socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive:
	case socketmode.EventTypeInvalidAuth:
		log.Error("Slack refuses the app token: copy it anew from the app's page")
		return
	default:
		return // hello, disconnect and the like are the library's
	}
	id, name, body, err := letterOf(e)
	if err == nil && id != "" {
		ctx, cancel := context.WithTimeout(ctx, hearWithin)
		defer cancel()
		_, err = hear(ctx, "slack", id, name, body)
	}
	if err != nil {
		log.Warn("what Slack sent could not be stored; it will send it again", "error", err)
		return
	}
	var answer []any
	if e.Type == socketmode.EventTypeSlashCommand {
		answer = append(answer, map[string]string{"response_type": "ephemeral", "text": "👀 On it."})
	}
	if err := client.Ack(*e.Request, answer...); err != nil {
		log.Warn("Slack could not be told that it was stored", "error", err)
	}
}

// letterOf makes of an envelope the very form that Slack posts over HTTP, so
// that both ways are one from here on. An empty id is nothing of ours.
func letterOf(e socketmode.Event) (id, name string, body []byte, err error) {
	if e.Type == socketmode.EventTypeInteractive {
		body = []byte(url.Values{"payload": {string(e.Request.Payload)}}.Encode())
		return PressID(body), "interaction", body, nil
	}
	var fields map[string]any
	if err := json.Unmarshal(e.Request.Payload, &fields); err != nil {
		return "", "", nil, fmt.Errorf("read a command of Slack: %w", err)
	}
	form := url.Values{}
	for k, v := range fields {
		form.Set(k, fmt.Sprint(v))
	}
	body = []byte(form.Encode())
	return CommandID(body), "command", body, nil
}
