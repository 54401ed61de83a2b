package memory

import (
	"context"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Forget empties the deliveries and then the effects that were done with
// before a moment, at most so many. Their rows stay, so that a repeat is still
// known; what was given up or is in doubt stays whole. It answers how many
// there were.
func (s *Store) Forget(_ context.Context, before time.Time, most int) (n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.letters {
		over := l.State == bot.LetterDone || l.State == bot.LetterIgnored
		if n < most && over && len(l.Body) > 0 && latest(l.At, l.finished).Before(before) {
			l.Body, l.Event = nil, nil
			n++
		}
	}
	for _, t := range s.tasks {
		kept := slices.Contains([]string{bot.TaskWaiting, bot.TaskPerforming, bot.TaskFailed, bot.TaskDoubtful}, t.State)
		if n < most && !kept && len(t.Body) > 0 && latest(t.At, t.finished).Before(before) {
			t.Body = nil
			n++
		}
	}
	return n, nil
}

// LineUp has nothing to settle: who is first is looked up each time.
func (s *Store) LineUp(context.Context) (int, error) { return 0, nil }
