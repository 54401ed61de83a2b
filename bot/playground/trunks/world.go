// Package trunks simulates branches that people merge into, with checks that
// flake, break and are cancelled in a world that breaks as well; policies/trunk
// decides what is run again, whom it names, and when merges wait.
package trunks

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// world is one trunk on a clock of its own.
type world struct {
	Kind
	chance  *rand.Rand
	now     time.Time
	queue   queue
	events  int
	line    []*commit
	outages []outage
	past    []counted // by check, of the two weeks before
	waiting int       // people who want to merge
	holds   bool      // merges are to wait
	held    bool      // and GitHub knows
	open    []episode // by check
	tally   *Tally
}

type outage struct{ from, until time.Time }

type counted struct{ flakes, runs int }

type event struct {
	at  time.Time
	seq int
	do  func()
}

type queue []event

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].at.Before(q[j].at) || q[i].at.Equal(q[j].at) && q[i].seq < q[j].seq
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(event)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

var dawn = time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC)

// in has something happen so much later.
func (w *world) in(d time.Duration, do func()) {
	w.events++
	heap.Push(&w.queue, event{w.now.Add(d), w.events, do})
}

func (w *world) play(until time.Time) {
	for len(w.queue) > 0 {
		e := heap.Pop(&w.queue).(event)
		if e.at.After(until) {
			return
		}
		w.now = e.at
		e.do()
	}
}

// about is a duration around a mean, by up to a tenth.
func (w *world) about(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.9 + 0.2*w.chance.Float64()))
}

// after is the time to the next of things that happen at random.
func (w *world) after(mean time.Duration) time.Duration {
	return time.Duration(float64(mean) * w.chance.ExpFloat64())
}

func (w *world) head() int { return len(w.line) - 1 }

func sha(n int) bot.SHA { return bot.SHA(fmt.Sprintf("%040x", n)) }
