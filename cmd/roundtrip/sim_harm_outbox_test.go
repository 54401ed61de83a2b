package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
	"github.com/roundtrip-bot/roundtrip/bot/playground/sim"
)

// doneFirst notes an effect as done when it is taken up.
type doneFirst struct{ sim.Store }

func (d doneFirst) ClaimTask(ctx context.Context, owner string, kinds []string, lease time.Duration) (bot.Task, bool, error) {
	t, ok, err := d.Store.ClaimTask(ctx, owner, kinds, lease)
	if err != nil || !ok || t.Order {
		return t, ok, err
	}
	t.State = bot.TaskDone
	return t, ok, d.FinishTask(ctx, t, nil)
}

// impatient gives an effect up when it fails.
type impatient struct{ sim.Store }

func (i impatient) RetryTask(ctx context.Context, t bot.Task, _ time.Time, why string) (bool, error) {
	t.State, t.Error = bot.TaskFailed, why
	return false, i.FinishTask(ctx, t, nil)
}

// stale carries out what a newer effect has replaced.
type stale struct{ sim.Store }

func (s stale) ClaimTask(ctx context.Context, owner string, kinds []string, lease time.Duration) (bot.Task, bool, error) {
	t, ok, err := s.Store.ClaimTask(ctx, owner, kinds, lease)
	if err != nil || !ok {
		return t, ok, err
	}
	tasks, err := s.TasksOf(ctx, t.Kind, t.Key, 2)
	if err == nil && len(tasks) == 2 && tasks[1].State == bot.TaskSuperseded {
		t.Body = tasks[1].Body
	}
	return t, ok, err
}

// noReceipts does not remember what was written.
type noReceipts struct{ sim.Store }

func (noReceipts) Receipt(context.Context, string, string) (bot.Receipt, string, bool, error) {
	return bot.Receipt{}, "", false, nil
}

// request is one on the line.
type request struct{ *http.Request }

func (r request) get(suffix string) bool {
	return r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, suffix)
}

func (r request) ofGitHub() bool { return strings.HasPrefix(r.URL.Path, "/stand-in/github/") }

// onLine answers some requests with an empty list.
func onLine(empty func(request) bool) func(*sim.Cast) {
	return func(c *sim.Cast) {
		c.HarmLine = func(to http.RoundTripper) http.RoundTripper {
			return overFunc(func(r *http.Request) (*http.Response, error) {
				resp, err := to.RoundTrip(r)
				if err == nil && resp.StatusCode == http.StatusOK && empty(request{r}) {
					resp.Body, resp.ContentLength = io.NopCloser(strings.NewReader("[]")), 2
				}
				return resp, err
			})
		}
	}
}

type overFunc func(*http.Request) (*http.Response, error)

func (f overFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// inLanes has whoever starts a stage say of an order that was interrupted,
// without a look, that it was not carried out.
func inLanes(c *sim.Cast) {
	c.Bot = castBot(func(lanes []engine.Lane) []engine.Lane {
		for _, l := range lanes {
			for i, p := range l.Performers {
				if _, ok := p.(engine.Confirmer); ok {
					l.Performers[i] = sure{p}
				}
			}
		}
		return lanes
	})
}

type sure struct{ engine.Performer }

func (sure) Confirm(context.Context, bot.Order) (bot.Receipt, bool, error) {
	return bot.Receipt{}, false, nil
}

// silent does not say that it was done under a lease that was lost.
type silent struct{ sim.Store }

func (silent) WriteAgain(context.Context, bot.Task) error { return nil }
