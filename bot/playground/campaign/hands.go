package campaign

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// inHand names each piece of work that a process has, and the attempt at it:
// whoever takes it over makes another.
func (c Campaign) inHand(ctx context.Context) (map[string]bool, error) {
	db, err := c.Books(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	letters, err := db.Letters(ctx, bot.LetterHandling, 1000)
	if err != nil {
		return nil, err
	}
	tasks, err := db.Tasks(ctx, bot.TaskPerforming, 1000)
	if err != nil {
		return nil, err
	}
	held := map[string]bool{}
	for _, l := range letters {
		held[fmt.Sprintf("letter %d, attempt %d", l.Seq, l.Attempts)] = true
	}
	for _, t := range tasks {
		held[fmt.Sprintf("effect %d, attempt %d", t.Seq, t.Attempts)] = true
	}
	return held, nil
}

// taken waits until all that was in hand is not any more, and answers how long
// that took.
func (c Campaign) taken(ctx context.Context, was map[string]bool) (time.Duration, error) {
	begun := time.Now()
	for time.Since(begun) < c.Patience && ctx.Err() == nil {
		is, err := c.inHand(ctx)
		if err != nil {
			return 0, err
		}
		left := false
		for what := range was {
			left = left || is[what]
		}
		if !left {
			return time.Since(begun), nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return 0, errors.Join(context.Cause(ctx), fmt.Errorf("what a killed process had in hand was not taken over: %v", was))
}
