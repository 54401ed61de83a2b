package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// longestPoll is how far apart the questions come to be while GitHub does not
// answer, unless it asks for more.
const longestPoll = time.Minute

// poll asks GitHub until ctx ends whether it sent something new, and has what is
// new fetched. Of several processes that ask one fetches.
func (a *app) poll(ctx context.Context, log *slog.Logger) {
	var last int64
	fails := 0
	for ctx.Err() == nil {
		wait := a.every
		switch newest, err := a.pollOnce(ctx, last); {
		case err == nil:
			last, fails = newest, 0
		case ctx.Err() == nil:
			wait = pollAgain(err, a.every, fails)
			fails++
			log.Warn("GitHub did not say whether there is something new", "again in", wait.String(), "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

func (a *app) pollOnce(ctx context.Context, last int64) (newest int64, err error) {
	newest, err = a.newest(ctx)
	if err != nil || newest == last {
		return last, err
	}
	l, err := bot.News(newest)
	if err == nil {
		err = a.hear(ctx, l)
	}
	if err != nil {
		return last, err
	}
	return newest, nil
}

// pollAgain is how long to wait after so many questions that failed before.
func pollAgain(err error, every time.Duration, fails int) time.Duration {
	var asked bot.RetryAfter
	if errors.As(err, &asked) {
		return max(asked.After, every)
	}
	return max(every, min(longestPoll, every<<min(fails, 10)))
}
