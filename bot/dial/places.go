package dial

import (
	"fmt"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Places bound how many may wait for outsiders at once, so that somebody who
// is slow does not hold all of us up.
type Places struct {
	each, all int
	mu        sync.Mutex
	by        map[string]int
	taken     int
}

// NewPlaces are so many for each outsider, and so many in all.
func NewPlaces(each, all int) *Places { return &Places{each: each, all: all, by: map[string]int{}} }

// placeAgain is when whoever found no place looks again.
const placeAgain = time.Second

// Enter takes a place at each of the outsiders, until leave is called.
// bot.RetryAfter when there is none: who has to wait does something else.
func (p *Places) Enter(names ...string) (leave func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range names {
		if p.by[n] >= p.each || p.taken >= p.all {
			return nil, bot.RetryAfter{After: placeAgain, Err: fmt.Errorf("%s has not answered %d requests yet, and they go first", n, p.by[n])}
		}
	}
	p.move(names, 1)
	return sync.OnceFunc(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.move(names, -1)
	}), nil
}

// move takes or gives back a place. Who waits for several waits for one at a
// time, and is one of all. The caller holds the lock.
func (p *Places) move(names []string, by int) {
	p.taken += by
	for _, n := range names {
		if p.by[n] += by; p.by[n] == 0 {
			delete(p.by, n)
		}
	}
}
