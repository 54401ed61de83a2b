package playground

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// changeOf is the change that a form is about.
func changeOf(r *http.Request) (int, error) {
	n, err := strconv.Atoi(r.FormValue("change"))
	if err != nil {
		return 0, fmt.Errorf("which change? %w", err)
	}
	return n, nil
}

func (w *World) formComment(r *http.Request) error {
	n, err := changeOf(r)
	if err != nil {
		return err
	}
	body := strings.TrimSpace(r.FormValue("body"))
	if body == "" {
		return errors.New("write something, for instance /deploy")
	}
	_, err = w.GitHub.Comment(Repo, n, w.viewOf(r).As, body)
	return err
}

// formMerge merges as GitHub would: not for those who may not write.
func (w *World) formMerge(r *http.Request) error {
	n, err := changeOf(r)
	if err != nil {
		return err
	}
	as := w.viewOf(r).As
	if as == stranger {
		return fmt.Errorf("%s may not merge: only those who may write in %s can", as, Repo)
	}
	_, err = w.GitHub.Merge(Repo, n, as)
	return err
}

func (w *World) formPress(r *http.Request) error {
	v := w.viewOf(r)
	return w.PressOn(r.Context(), v.As, v.Channel, r.FormValue("ts"), r.FormValue("verb"))
}

func (w *World) formSlack(r *http.Request) error {
	text := strings.TrimSpace(r.FormValue("text"))
	if text == "" {
		return errors.New("write something, for instance /roundtrip status")
	}
	v := w.viewOf(r)
	_, err := w.Say(r.Context(), v.As, v.Channel, text)
	return err
}

// Say sends a slash command as a person: "/roundtrip status", with or without
// its first word.
func (w *World) Say(ctx context.Context, name, channel, line string) (fakeslack.Response, error) {
	line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "/roundtrip"))
	for _, p := range w.Slack.People() {
		if p.Name != name {
			continue
		}
		for _, c := range w.Slack.Channels() {
			if c.Name == strings.TrimPrefix(channel, "#") {
				res, err := w.Slack.Command(ctx, p.ID, c.ID, "/roundtrip", line)
				w.accepted(res, err)
				return res, err
			}
		}
	}
	return fakeslack.Response{}, fmt.Errorf("there is no %s in #%s", name, strings.TrimPrefix(channel, "#"))
}
