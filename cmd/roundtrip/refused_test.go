package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// TestWhatWasRefusedIsFetchedSoon: half a minute after a delivery could not be
// taken GitHub is asked for it, once for all meanwhile, and again until that is
// heard.
func TestWhatWasRefusedIsFetchedSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, begun := &app{owner: "p", refused: make(chan struct{}, 1), after: time.After}, time.Now()
		var heard []string
		away := 2
		hear := func(_ context.Context, l bot.Letter) error {
			if away--; away >= 0 {
				return errors.New("the disk is full")
			}
			heard = append(heard, l.ID+" after "+time.Since(begun).String())
			return nil
		}
		go a.fetchRefused(t.Context(), hear, slog.New(slog.DiscardHandler))
		for _, pause := range []time.Duration{0, time.Second, 40 * time.Second, time.Hour} {
			time.Sleep(pause)
			a.noteRefusal()
			a.noteRefusal()
			synctest.Wait()
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if want := []string{"refused/p/1 after 1m30s", "refused/p/2 after 1h1m11s"}; !slices.Equal(heard, want) {
			t.Errorf("heard %q, not %q", heard, want)
		}
	})
}
