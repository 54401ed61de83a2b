package campaign

import (
	"context"
	"errors"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// Reader is what is looked at in the bot's database.
type Reader interface {
	Letter(ctx context.Context, id string) (bot.Letter, bool, error)
	Letters(ctx context.Context, state string, limit int) ([]bot.Letter, error)
	Tasks(ctx context.Context, state string, limit int) ([]bot.Task, error)
	Count(context.Context) (inbox, outbox map[string]int, err error)
	NextDue(context.Context) (time.Time, bool, error)
	VerifyLedger(context.Context) error
	Close() error
}

// Books opens the database beside the processes that work on it.
type Books func(context.Context) (Reader, error)

// calm waits until nothing is left to do.
func (c Campaign) calm(ctx context.Context) error {
	end := time.Now().Add(c.Patience)
	for time.Now().Before(end) && ctx.Err() == nil {
		rests, err := Rests(ctx, c.Serve.World, c.Books)
		if rests || err != nil {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
	return errors.Join(context.Cause(ctx), errors.New("it never came to rest: every delivery answered and nothing open in the boxes"))
}

// Rests reports whether nothing is left to do: the last effect told GitHub,
// and what GitHub then told us was heard and worked on, too.
func Rests(ctx context.Context, w *playground.World, books Books) (bool, error) {
	told := len(w.GitHub.Deliveries())
	if !answered(ctx, w) {
		return false, nil
	}
	quiet, err := quiet(ctx, books)
	return quiet && answered(ctx, w) && told == len(w.GitHub.Deliveries()), err
}

// answered reports whether every delivery is. What was not is delivered again.
func answered(ctx context.Context, w *playground.World) bool {
	open := redeliver(ctx, w)
	for _, d := range w.GitHub.Deliveries() {
		if d.State == fakegithub.Waiting || d.State == fakegithub.Sending {
			open++
		}
	}
	return open == 0
}

// redeliver what was not accepted while nobody heard, as its owner would press,
// and answer how many that were.
func redeliver(ctx context.Context, w *playground.World) (n int) {
	for _, d := range w.GitHub.Deliveries() {
		if d.State == fakegithub.Failed {
			_ = w.GitHub.Redeliver(ctx, d.ID) // if it fails again, so the next time
			n++
		}
	}
	return n
}

// quiet reports whether the boxes are empty, and nothing is due soon.
func quiet(ctx context.Context, books Books) (bool, error) {
	db, err := books(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = db.Close() }()
	inbox, outbox, err := db.Count(ctx)
	if err != nil || outbox["waiting"]+outbox["performing"]+inbox["new"]+inbox["handling"] > 0 {
		return false, err
	}
	next, _, err := db.NextDue(ctx)
	return err == nil && (next.IsZero() || next.After(time.Now().Add(5*time.Second))), err
}
