package bench

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Costs of one delivery, each the mean over a round's.
type Costs struct{ Accept, Claim, Handle time.Duration }

// Over is how many times as large c is as d: acceptance, claim and handling.
func (c Costs) Over(d Costs) [3]float64 {
	return [3]float64{float64(c.Accept) / float64(d.Accept), float64(c.Claim) / float64(d.Claim), float64(c.Handle) / float64(d.Handle)}
}

// Round has n deliveries accepted, from as many senders as a storm has, then
// sorted, claimed and handled, and measures each of these but the sorting.
func (g *Grown) Round(ctx context.Context, n int, body []byte) (c Costs, err error) {
	begun := time.Now()
	if err := g.accept(ctx, n, body); err != nil {
		return c, err
	}
	c.Accept = time.Since(begun) / time.Duration(n)
	letters, took, err := g.claim(ctx, n)
	if err != nil {
		return c, err
	}
	c.Claim = took / time.Duration(n)
	begun = time.Now()
	for _, l := range letters {
		if err := g.Store.Save(ctx, l, g.plan(), false); err != nil {
			return c, err
		}
	}
	c.Handle = time.Since(begun) / time.Duration(n)
	return c, nil
}

// Grow has all of them play rounds in turn, so that what slows the machine
// down slows all, and says how many times as much each costs in the larger ones as
// in the first: the median over the rounds.
func Grow(ctx context.Context, all []*Grown, rounds, n int, body []byte) (times [][3]float64, costs [][]Costs, err error) {
	costs = make([][]Costs, len(all))
	for range rounds {
		for i, g := range all {
			c, err := g.Round(ctx, n, body)
			if err != nil {
				return nil, nil, fmt.Errorf("with %d stored: %w", g.Holds, err)
			}
			costs[i] = append(costs[i], c)
		}
	}
	for i := range all {
		times = append(times, median(costs[i], costs[0]))
	}
	return times, costs, nil
}

// median of how many times as large one is as the other, round by round.
func median(of, than []Costs) (m [3]float64) {
	for k := range m {
		list := make([]float64, len(of))
		for r := range of {
			list[r] = of[r].Over(than[r])[k]
		}
		slices.Sort(list)
		m[k] = list[len(list)/2]
	}
	return m
}
