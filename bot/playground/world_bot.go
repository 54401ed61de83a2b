package playground

import (
	"context"
	"net/http"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// SetBot says who answers hooks.
func (w *World) SetBot(h http.Handler) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bot = h
}

// Books are what a bot lets others read of its own: effects, newest first, the
// ledger, and what became of a delivery.
type Books interface {
	Tasks(ctx context.Context, state string, limit int) ([]bot.Task, error)
	Facts(ctx context.Context, q bot.FactQuery) ([]bot.Fact, error)
	Letter(ctx context.Context, id string) (bot.Letter, bool, error)
	Count(ctx context.Context) (inbox, outbox map[string]int, err error)
	NextDue(ctx context.Context) (time.Time, bool, error)
	Retrying(ctx context.Context) (int, error)
}

// SetBooks says whose books are shown; nil while there is no bot.
func (w *World) SetBooks(b Books) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.books = b
}

// OnKill says how the bot is killed and another begins.
func (w *World) OnKill(f func() error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kill = f
}

// SetOwnPages says where the bot shows its own pages; its settings name that
// from then on.
func (w *World) SetOwnPages(url string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.own = url
}

func (w *World) ownPages() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.own
}

func (w *World) toBot(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	hooks := w.bot
	w.mu.Unlock()
	if hooks == nil {
		http.Error(rw, "the bot is away", http.StatusServiceUnavailable)
		return
	}
	hooks.ServeHTTP(rw, r)
}
