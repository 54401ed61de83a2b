package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/trunks"
)

// trunks plays days of simulated trunks, and holds what came of them to what is
// demanded.
func (o simulation) trunks(ctx context.Context, env environment) error {
	began := time.Now()
	tally := playTrunks(ctx, uint64(o.from), int64(o.seeds))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	fmt.Fprintf(env.stdout, "%d days from seed %d in %s: %d merges, %.1f runs a merge\n", tally.Trunks, o.from, time.Since(began).Round(time.Second/10), tally.Merges, float64(tally.Runs)/float64(tally.Merges))
	if !tellTrunks(env.stdout, tally) {
		return errors.New("not all is as it is demanded; the numbers are above")
	}
	return nil
}

func playTrunks(ctx context.Context, from uint64, days int64) (sum trunks.Tally) {
	var next atomic.Int64
	var one sync.Mutex
	var all sync.WaitGroup
	for range runtime.NumCPU() {
		all.Go(func() {
			var mine trunks.Tally
			for i := next.Add(1) - 1; i < days && ctx.Err() == nil; i = next.Add(1) - 1 {
				trunks.Play(trunks.Draw(from+uint64(i)), from+uint64(i), &mine)
			}
			one.Lock()
			defer one.Unlock()
			sum.Add(mine)
		})
	}
	all.Wait()
	return sum
}

// tellTrunks prints what came of it beside what is demanded; false when one is not met.
func tellTrunks(out io.Writer, t trunks.Tally) bool {
	met := true
	tell := func(ok bool, format string, values ...any) {
		met = met && ok
		fmt.Fprintf(out, map[bool]string{true: "ok  ", false: "NOT "}[ok]+format+"\n", values...)
	}
	share := func(n, of int) float64 { return 100 * float64(n) / float64(max(1, of)) }
	lasting := t.Faults - t.Repaired - t.Unfinished
	tell(share(t.CertainRight, t.Certain) >= 99.5, "certain culprits that did it: %d of %d, %.2f %% (at least 99.5)", t.CertainRight, t.Certain, share(t.CertainRight, t.Certain))
	tell(share(t.OffersRight, t.Offers) >= 99, "reverts offered of what did it: %d of %d, %.2f %% (at least 99)", t.OffersRight, t.Offers, share(t.OffersRight, t.Offers))
	tell(share(t.Named, lasting) >= 90, "breaks whose commit was named: %d of %d, %.2f %% (at least 90); %d more were repaired by hand before, and %d there at the day's end", t.Named, lasting, share(t.Named, lasting), t.Repaired, t.Unfinished)
	tell(share(t.WronglyRed, t.Flakes) <= 0.1, "flakes confirmed as broken: %d of %d, %.3f %% (at most 0.1)", t.WronglyRed, t.Flakes, share(t.WronglyRed, t.Flakes))
	tell(t.Healed(0.5) <= 7*time.Minute && t.Healed(0.9) <= 10*time.Minute, "from red to green, of healthy checks, with one press: half of %d within %s, nine of ten within %s (at most 7m, 10m)", len(t.Heals), t.Healed(0.5).Round(time.Second), t.Healed(0.9).Round(time.Second))
	fmt.Fprintf(out, "    outages of the world: of %d, %d were confirmed as a break, and in %d somebody was named\n", t.Outages, t.OutagesRed, t.Blamed)
	return met
}
