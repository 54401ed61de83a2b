package sim

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Campaign is many histories, one seed after the other.
type Campaign struct {
	Played int
	Steps  int
	Counts map[string]int // what happened in all of them
	Failed []Result       // by seed, without their traces
}

// Run plays the scripts of n seeds, from the first on, so many at once. It
// ends early with ctx, or when the stage breaks down.
func (c Cast) Run(ctx context.Context, from uint64, n, workers int) (Campaign, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	sum := Campaign{Counts: map[string]int{}}
	var mu sync.Mutex
	var next atomic.Int64
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for i := next.Add(1) - 1; int(i) < n && ctx.Err() == nil; i = next.Add(1) - 1 {
				r, err := c.Play(ctx, Write(from+uint64(i)), false)
				if err != nil {
					cancel(err)
					return
				}
				mu.Lock()
				sum.add(r)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	slices.SortFunc(sum.Failed, func(a, b Result) int { return int(int64(a.Script.Seed) - int64(b.Script.Seed)) })
	return sum, context.Cause(ctx)
}

func (s *Campaign) add(r Result) {
	s.Played++
	s.Steps += r.Steps
	for what, n := range r.Counts {
		s.Counts[what] += n
	}
	if len(r.Wrong) > 0 {
		s.Failed = append(s.Failed, r)
	}
}

// Happened lists what happened, by name.
func (s Campaign) Happened() []string { return slices.Sorted(maps.Keys(s.Counts)) }
