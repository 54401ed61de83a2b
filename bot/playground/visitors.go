package playground

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// RunLoad lets people shop in production until ctx ends, so many requests a
// second until the page says otherwise. The page may send some more straight
// to the canary.
//
// At this machine's pace they come over HTTP. When time runs faster so many
// would have to come that the machine could not serve them: then they come in
// process, and nobody waits for a slow version, but all are counted as ever.
func (w *World) RunLoad(ctx context.Context, rps float64) {
	w.SetTraffic(rps)
	extra := fakeprod.NewLoad(http.HandlerFunc(w.visitCanary))
	var all sync.WaitGroup
	all.Go(func() { w.Load.RunAt(ctx, w.URL+shopPath+Production, w.unhurried(w.traffic)) })
	all.Go(func() { extra.RunAt(ctx, w.URL+shopPath+Production+straight, w.unhurried(w.extra)) })
	all.Go(func() { w.rush(ctx, extra) })
	all.Wait()
}

// unhurried is a rate while time keeps this machine's pace, else none.
func (w *World) unhurried(rps func() float64) func() float64 {
	return func() float64 {
		if w.clock.Speed() > 1 {
			return 0
		}
		return rps()
	}
}

// rush brings the visitors of a time that runs faster.
func (w *World) rush(ctx context.Context, extra *fakeprod.Load) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	last := w.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := w.Now()
		if w.clock.Speed() > 1 {
			w.Load.Advance(last, now, w.traffic())
			extra.Advance(last, now, w.extra())
		}
		last = now
	}
}

func (w *World) visitCanary(rw http.ResponseWriter, r *http.Request) {
	if v := w.shopOf(Production).Canary(); v != nil {
		v.Visit(rw, r)
	}
}
