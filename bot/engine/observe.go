package engine

import (
	"context"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// What a piece of work is.
const (
	Hearing    = "hear"    // a delivery is stored
	Opening    = "open"    // it becomes an event and stands in its subject's line
	Handling   = "handle"  // handlers decide about it and their plan is saved
	Asking     = "ask"     // one handler decides
	Abandoning = "give up" // it is tried no more
	Performing = "perform" // an effect is tried
	Losing     = "lose"    // a lease was lost, and with it the work in hand
)

// Work is a piece of work as observers are told of it.
type Work struct {
	What    string
	Letter  bot.Letter // that is heard, opened, handled, asked about or given up; at the end with its state, once that is saved
	Fresh   bool       // it was heard for the first time; known at the end
	Handler string     // that is asked
	Task    bot.Task   // that is performed; at the end with its outcome
	Now     time.Time  // by the store's clock when handling began, or it was laid aside or given up
	Error   string     // why it failed, without secrets; known at the end
}

// Observer is told of each piece of work as it begins, and by what it returns
// how it ended. The context that it returns goes with the work. It decides
// nothing, and must not wait.
type Observer func(context.Context, Work) (context.Context, func(Work))

// begin tells all observers; the last to be told is the first to hear the end.
func (e *Engine) begin(ctx context.Context, w Work) (context.Context, func(Work, error)) {
	ends := make([]func(Work), len(e.o.Observers))
	for i, o := range e.o.Observers {
		ctx, ends[i] = o(ctx, w)
	}
	return ctx, func(w Work, err error) {
		if err != nil {
			w.Error = e.scrub(err.Error())
		}
		for _, end := range slices.Backward(ends) {
			end(w)
		}
	}
}

// observed is f as one piece of work, of which f tells more.
func (e *Engine) observed(ctx context.Context, w Work, f func(context.Context, *Work) error) error {
	ctx, end := e.begin(ctx, w)
	err := f(ctx, &w)
	end(w, err)
	return err
}
