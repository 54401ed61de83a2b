package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	api "github.com/slack-go/slack"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// whispers answer commands through their response_url.
type whispers struct{ c *Client }

// Kind is bot.Whisper's.
func (whispers) Kind() string { return bot.Whisper{}.Kind() }

// Perform posts the answer. Slack takes five within half an hour; later nobody
// waits for it.
func (w whispers) Perform(ctx context.Context, job bot.Job) (bot.Receipt, error) {
	e, ok := job.Effect.(bot.Whisper)
	if !ok {
		return bot.Receipt{}, bot.Permanent{Err: fmt.Errorf("answer in Slack: %T is no answer", job.Effect)}
	}
	msg := api.WebhookMessage{ResponseType: "ephemeral", Text: cutMarkup(e.Text, maxText), Parse: "none"}
	if list := blocks(e.Blocks); len(list) > 0 {
		msg.Blocks = &api.Blocks{BlockSet: list}
	}
	body, err := json.Marshal(msg)
	if err != nil {
		return bot.Receipt{}, bot.Permanent{Err: fmt.Errorf("answer in Slack: %w", err)}
	}
	return bot.Receipt{ID: e.Command}, w.send(ctx, e.URL, body)
}

func (w whispers) send(ctx context.Context, address string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil || req.URL.Host == "" {
		return bot.Permanent{Err: errors.New("answer in Slack: the response_url is wrong")}
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := w.c.http.Do(req)
	if err != nil {
		return fmt.Errorf("answer in Slack: %w", unaddressed(err))
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	said := fmt.Errorf("answer in Slack: it said %s", resp.Status)
	switch {
	case resp.StatusCode < 300:
		return nil
	case resp.StatusCode == http.StatusTooManyRequests:
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After")) // none is 0
		return bot.RetryAfter{After: time.Duration(max(1, seconds)) * time.Second, Err: said}
	case resp.StatusCode >= 500:
		return said
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone:
		return bot.Permanent{Err: fmt.Errorf("%w; it takes five answers, within 30 minutes of the command", said)}
	}
	return bot.Permanent{Err: said}
}
