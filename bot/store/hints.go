package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Processes that share a database tell one another that something may be
// ready. A hint may be lost: whoever works looks by itself, too.
const channel = "roundtrip_hints"

// hint tells it, soon; many in a row are told as one. It is called after the
// commit, so that whoever hears of it finds what it is about.
func (s *Store) hint() {
	select {
	case s.hints <- struct{}{}:
	default: // one is on its way already
	}
}

// shareHints begins to tell them.
func (s *Store) shareHints() {
	ctx, stop := context.WithCancel(context.Background())
	s.hints, s.stop = make(chan struct{}, 1), stop
	go s.tellHints(ctx)
}

// tellHints until ctx ends.
func (s *Store) tellHints(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.hints:
			_, _ = s.write.ExecContext(ctx, `SELECT pg_notify($1, '')`, channel) // they look by themselves, too
		}
	}
}

// Listen calls stir whenever a process that shares the database says that
// something may be ready, until ctx ends or the connection breaks. Nobody
// shares a SQLite file.
func (s *Store) Listen(ctx context.Context, stir func()) error {
	if s.hints == nil {
		<-ctx.Done()
		return nil
	}
	err := raw(ctx, s.read.DB, func(c *pgx.Conn) error {
		if _, err := c.Exec(ctx, "LISTEN "+channel); err != nil {
			return err
		}
		stir() // for what was said before
		for {
			if _, err := c.WaitForNotification(ctx); err != nil {
				return err
			}
			stir()
		}
	})
	if ctx.Err() != nil {
		return nil //nolint:nilerr // it was told to end
	}
	return fmt.Errorf("listen for hints: %w", err)
}
