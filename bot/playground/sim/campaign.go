package sim

import (
	"cmp"
	"context"
	"errors"
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

// Run plays the scripts of n seeds, from the first on, so many at once. After
// ctx has ended it begins no more of them.
func (c Cast) Run(ctx context.Context, from uint64, n, workers int) (Campaign, error) {
	sum := Campaign{Counts: map[string]int{}}
	var broken error // the stage, which is nobody's history
	var mu sync.Mutex
	var next atomic.Uint64
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for i := next.Add(1) - 1; i < uint64(n) && ctx.Err() == nil; i = next.Add(1) - 1 {
				r, err := c.Play(context.WithoutCancel(ctx), Write(from+i), false)
				mu.Lock()
				sum.add(r)
				broken = errors.Join(broken, err)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	slices.SortFunc(sum.Failed, func(a, b Result) int { return cmp.Compare(a.Script.Seed, b.Script.Seed) })
	return sum, broken
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
