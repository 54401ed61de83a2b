package engine_test

import (
	"context"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
)

// leases notes for how long work is taken; there is never any.
type leases struct {
	engine.Store
	asked chan time.Duration
}

func (leases) NextNew(context.Context) (bot.Letter, bool, error) { return bot.Letter{}, false, nil }

func (leases) LineUp(context.Context) (int, error) { return 0, nil }

func (leases) Listen(ctx context.Context, _ func()) error { <-ctx.Done(); return nil }

func (s leases) ClaimLetter(ctx context.Context, _ string, lease time.Duration) (bot.Letter, bool, error) {
	select {
	case s.asked <- lease:
	case <-ctx.Done():
	}
	return bot.Letter{}, false, nil
}

// TestWhoBringsAClockBringsItsWaits: idle loops look again when they are told
// to, and work is taken for as long as was said.
func TestWhoBringsAClockBringsItsWaits(t *testing.T) {
	for want, o := range map[time.Duration]engine.Options{15 * time.Second: {}, time.Hour: {Lease: time.Hour}} {
		s := leases{asked: make(chan time.Duration)}
		o.Store = s
		tick := make(chan time.Time)
		o.After = func(time.Duration) <-chan time.Time { return tick }
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); engine.New(o).Run(ctx) }()
		looks := 0
		for looks < 40 { // each of four loops looks once by itself
			select {
			case tick <- time.Time{}:
			case got := <-s.asked:
				if looks++; got != want {
					t.Errorf("work is taken for %s, not %s", got, want)
				}
			}
		}
		stop()
		<-ended
	}
}
