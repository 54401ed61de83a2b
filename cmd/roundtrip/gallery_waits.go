package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
	"github.com/roundtrip-bot/roundtrip/bot/playground/memory"
)

// What waits in the gallery, of which no story tells.
var (
	waitsAt   = time.Date(2026, 10, 5, 8, 30, 0, 0, time.UTC)
	waitsShop = bot.RepoRef{Installation: 1, ID: 42, Name: "acme/shop"}
	waitsOn   = bot.ChangeRef{Repo: waitsShop, Number: 12}
)

// whatWaits is /deliveries with its buttons and most that can stand there.
// What cannot be made is said in its place.
func whatWaits(ctx context.Context) *gallery.Album {
	now := waitsAt
	w := boxesFor{Store: memory.New(func() time.Time { return now }), ctx: ctx}
	err := w.fill(func() { now = now.Add(4 * time.Minute) })
	html, failed := pageOf(ctx, pagesOf(config.Server{AdminActions: true}, w.Store), "/deliveries")
	if err = errors.Join(err, failed); err != nil {
		html = "<h1>" + err.Error() + "</h1>"
	}
	a := &gallery.Album{Story: "rare"}
	a.Shown("an order is in doubt, and more was given up", "/deliveries", html)
	return a
}

// boxesFor are an inbox and an outbox that are filled.
type boxesFor struct {
	*memory.Store
	ctx context.Context
}

func (w boxesFor) fill(pass func()) error {
	order := bot.StageOrder{Key: "1/42/shop/production/7", Repo: waitsShop, Service: "shop", Stage: "canary", Environment: "production", SHA: "9f68062337d9799b194fc7990c524e01678842b1", Weight: 5}
	l, err := w.take("github/5a1d", waitsOn.Number)
	if err == nil {
		err = w.Save(w.ctx, l, bot.Plan{Effects: []bot.Effect{
			bot.StartStage{Order: order}, bot.KeepComment{Ref: waitsOn, Place: "rollout/shop"}, bot.KeepMessage{Channel: "#shop", Place: "red/main", Repo: waitsShop}, bot.SetWeight{Order: order},
		}}, false)
	}
	ends := []func() error{
		w.ends("stage.start", bot.TaskDoubtful, "the deploy target did not answer, and does not know the order's key"),
		w.ends("comment", bot.TaskFailed, "403: Resource not accessible by integration"),
		w.later("message", "Slack: 503"),
		w.gaveUp("github/72d3", 13, "panic: index out of range [3] with length 2"),
		w.again("github/83e4", 14, "GitHub: 502"),
	}
	pass()
	for _, end := range ends {
		if err == nil {
			err = end()
		}
	}
	pass()
	return err
}

// take in a delivery about a change, and claim it.
func (w boxesFor) take(id string, number int) (l bot.Letter, err error) {
	event := bot.JudgeDue{Ref: bot.ChangeRef{Repo: waitsShop, Number: number}}
	_, err = w.Hear(w.ctx, bot.Letter{ID: id, Source: "github", Name: "check_run"})
	if err == nil {
		l, _, err = w.NextNew(w.ctx)
	}
	if err == nil {
		l.Kind, l.Event, err = bot.EncodeEvent(event)
	}
	if l.Subject, l.State = event.Subject(), bot.LetterReady; err == nil {
		err = w.Sort(w.ctx, l)
	}
	if err == nil {
		l, _, err = w.ClaimLetter(w.ctx, "gallery", time.Minute)
	}
	return l, err
}

func (w boxesFor) claim(kind string) (bot.Task, error) {
	t, ok, err := w.ClaimTask(w.ctx, "gallery", []string{kind}, time.Minute)
	if err == nil && !ok {
		err = fmt.Errorf("no %s waits", kind)
	}
	return t, err
}

func (w boxesFor) ends(kind, state, why string) func() error {
	return func() error {
		t, err := w.claim(kind)
		if err != nil {
			return err
		}
		t.State, t.Error = state, why
		return w.FinishTask(w.ctx, t, nil)
	}
}

func (w boxesFor) later(kind, why string) func() error {
	return func() error {
		t, err := w.claim(kind)
		if err == nil {
			_, err = w.RetryTask(w.ctx, t, waitsAt.Add(15*time.Minute), why)
		}
		return err
	}
}

func (w boxesFor) gaveUp(id string, number int, why string) func() error {
	return func() error {
		l, err := w.take(id, number)
		if err != nil {
			return err
		}
		return w.FailLetter(w.ctx, l, why, nil)
	}
}

func (w boxesFor) again(id string, number int, why string) func() error {
	return func() error {
		l, err := w.take(id, number)
		if err != nil {
			return err
		}
		return w.RetryLetter(w.ctx, l, waitsAt.Add(15*time.Minute), why, nil)
	}
}
