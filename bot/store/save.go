package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Save makes a plan come true in one transaction: documents, claims, facts,
// timers and effects, and the letter that caused it is done. It fails with
// bot.ErrConflict, and changes nothing, when a document that it keeps or rests
// on changed since it was read, a claim is held, or the letter's lease was lost. With observe, what
// nobody asked for is held.
func (s *Store) Save(ctx context.Context, l bot.Letter, p bot.Plan, observe bool) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	asks, err := p.Asks(l.ID, observe)
	if err != nil {
		return err
	}
	err = s.inTx(ctx, "save the plan for "+l.ID, locksOf(l, p, asks), func(tx txn) error {
		ok, err := one(tx.ExecContext(ctx, `
			UPDATE inbox SET state = 'done', finished = $3, error = '', owner = '', turn = NULL
			WHERE seq = $1 AND owner = $2 AND attempts = $4 AND state = 'handling'`, l.Seq, l.Owner, micros(now), l.Attempts))
		if err != nil {
			return err
		}
		if !ok {
			return bot.ErrConflict
		}
		if err := savePlan(ctx, tx, l.ID, p, asks, now); err != nil {
			return err
		}
		subjects, groups := changed(l, p, asks)
		return errorsJoin(tx.lineUp(ctx, ofLetters, subjects...), tx.lineUp(ctx, ofTasks, groups...))
	})
	if err == nil {
		s.hint()
	}
	return err
}

// changed are the lines that a plan for a letter changes.
func changed(l bot.Letter, p bot.Plan, asks []bot.Ask) (subjects, groups []string) {
	subjects = []string{l.Subject}
	for _, t := range p.Timers {
		subjects = append(subjects, t.Event.Subject())
	}
	for _, a := range asks {
		subjects = append(subjects, subjectOf(a.Tell)...)
		groups = append(groups, a.Group)
	}
	return subjects, groups
}

func savePlan(ctx context.Context, tx txn, cause string, p bot.Plan, asks []bot.Ask, now time.Time) error {
	for _, s := range p.Seen { // before the plan itself changes any of them
		if err := unchanged(ctx, tx, s); err != nil {
			return err
		}
	}
	if err := saveDocs(ctx, tx, p.Docs, now); err != nil {
		return err
	}
	for _, f := range p.Facts {
		f.Cause = cause
		if err := learn(ctx, tx, f); err != nil {
			return err
		}
	}
	for _, t := range p.Timers {
		kind, body, err := bot.EncodeEvent(t.Event)
		if err != nil {
			return fmt.Errorf("encode timer %s: %w", t.ID, err)
		}
		if err := wake(ctx, tx, "timer/"+t.ID, "timer", kind, t.Event.Subject(), body, now, t.At); err != nil {
			return fmt.Errorf("wake %s: %w", t.ID, err)
		}
	}
	if err := hearLetters(ctx, tx, p.Letters, now); err != nil {
		return err
	}
	return saveEffects(ctx, tx, asks, now)
}

// hearLetters stores what a plan fetched, in its order, as Hear does.
func hearLetters(ctx context.Context, tx txn, letters []bot.Letter, now time.Time) error {
	for l := range slices.Chunk(letters, together) {
		batch := make([]*hearing, len(l))
		for i := range l {
			batch[i] = &hearing{Letter: l[i]}
			batch[i].Body, batch[i].coding = pack(l[i].Body)
		}
		if err := insert(ctx, tx, batch, now, map[string]bool{}); err != nil {
			return fmt.Errorf("hear %d letters: %w", len(letters), err)
		}
	}
	return nil
}

func saveDocs(ctx context.Context, tx txn, docs []bot.Doc, now time.Time) error {
	for _, d := range docs {
		if err := keep(ctx, tx, d, now); err != nil {
			return err
		}
	}
	for _, d := range docs {
		if err := release(ctx, tx, d, now); err != nil {
			return err
		}
	}
	for _, d := range docs {
		if err := claim(ctx, tx, d, now); err != nil {
			return err
		}
	}
	return nil
}

func saveEffects(ctx context.Context, tx txn, asks []bot.Ask, now time.Time) error {
	for _, a := range asks {
		if err := ask(ctx, tx, a, now); err != nil {
			return err
		}
		if err := hearOurs(ctx, tx, a.TellID, a.Tell, now); err != nil {
			return err
		}
	}
	return nil
}
