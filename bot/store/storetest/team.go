package storetest

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// team is the processes of one database, and what was seen of their work.
type team struct {
	*bench
	stores []Store
	mu     sync.Mutex
	busy   map[string]bool     // by line: a subject or a group
	done   map[string][]string // by line, in the order in which it was done
}

// by is what one of them does.
func (m *team) by(s Store) *bench { return &bench{T: m.T, Store: s, clock: m.clock} }

// each runs f in two loops of each process, until all have ended.
func (m *team) each(f func(s Store, owner string)) {
	var all sync.WaitGroup
	for i, s := range m.stores {
		for loop := range 2 {
			all.Go(func() { f(s, fmt.Sprintf("process %d, loop %d", i, loop)) })
		}
	}
	all.Wait()
}

// work notes that somebody works on a line for a moment, and what was done. It
// is called while the line is held, so that none can come between.
func (m *team) work(line, what string) {
	m.mark(line, true)
	runtime.Gosched() // whoever else works on it has time to be seen
	m.mark(line, false)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done[line] = append(m.done[line], what)
}

func (m *team) mark(line string, busy bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.busy[line] == busy {
		m.Errorf("two work on %s", line)
	}
	m.busy[line] = busy
}

// undo takes back what was noted last on a line.
func (m *team) undo(line string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done[line] = m.done[line][:len(m.done[line])-1]
}

// left reports whether not all of n is done.
func (m *team) left(n int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	sum := 0
	for _, list := range m.done {
		sum += len(list)
	}
	return sum < n && !m.Failed()
}

// inOrder checks that each line did what it should, in order and once.
func (m *team) inOrder(lines, each int) {
	m.Helper()
	if len(m.done) != lines {
		m.Errorf("%d lines, not %d", len(m.done), lines)
	}
	for line, did := range m.done {
		for i, what := range did {
			if want := fmt.Sprintf("%02d", i); what[len(what)-2:] != want || len(did) != each {
				m.Errorf("%s: %v", line, did)
				break
			}
		}
	}
}

// race has each process save a plan at once, and answers how many were saved.
func (m *team) race(round int, plan func(i int) bot.Plan) (saved int) {
	letters := make([]bot.Letter, len(m.stores))
	for i := range m.stores {
		id := fmt.Sprintf("race %d/%d", round, i)
		m.hear(id, 100*round+i)
		letters[i] = m.take(id, id)
	}
	var all sync.WaitGroup
	var won atomic.Int32
	for i, s := range m.stores {
		all.Go(func() {
			err := s.Save(m.Context(), letters[i], plan(i), false)
			if err != nil && !errors.Is(err, bot.ErrConflict) {
				m.Error(err)
			}
			if err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	for _, l := range letters { // those that lost are over, too
		if err := m.Save(m.Context(), l, bot.Plan{}, false); err != nil && !errors.Is(err, bot.ErrConflict) {
			m.Error(err)
		}
	}
	return int(won.Load())
}
