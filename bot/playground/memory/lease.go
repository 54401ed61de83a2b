package memory

import (
	"context"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// RenewLetter lets a claim last longer. It fails with bot.ErrConflict when
// somebody else has the letter.
func (s *Store) RenewLetter(_ context.Context, l bot.Letter, lease time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.letters[l.Seq-1]
	if !row.heldBy(l) {
		return bot.ErrConflict
	}
	row.until = micros(s.clock().Add(lease))
	return nil
}

// RenewTask is RenewLetter for an effect.
func (s *Store) RenewTask(_ context.Context, t bot.Task, lease time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.tasks[t.Seq-1]
	if !row.heldBy(t) {
		return bot.ErrConflict
	}
	row.until = micros(s.clock().Add(lease))
	return nil
}
