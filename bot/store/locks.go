package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// SQLite has one writer, and what a transaction has looked at stays as it is
// until it ends. On PostgreSQL transactions run beside one another; what must
// not change under one, or must be in the order in which it was committed, it
// locks by name first:
//
//   - the line of a subject, while it changes
//   - documents that a plan keeps, or rests on, be they there or not
//   - the ledger of a repository: each fact follows from the one before
//   - a group of effects: the newest wins, and it is the last to be asked for
//   - a timer
//   - the ids of deliveries that are heard at once
//
// All the locks of a plan are taken at once and in one order, so that no two
// plans wait for each other.

// locks by name; true is for oneself alone, false beside others who only look.
type locks map[string]bool

// alone is one lock, for oneself.
func alone(kind, name string) locks {
	l := locks{}
	l.alone(kind, name)
	return l
}

// alone adds a lock for oneself. A name is as it is stored.
func (l locks) alone(kind, name string) { l[kind+"/"+legible(name)] = true }

// lines is the line of a subject, and that of an event if there is one.
func lines(subject string, e bot.Event) locks {
	l := locks{}
	l.alone("subject", subject)
	l.lineOf(e)
	return l
}

// lineOf adds the line of the subject of an event; nil is none.
func (l locks) lineOf(e bot.Event) {
	if e != nil {
		l.alone("subject", e.Subject())
	}
}

// beside adds a lock that others may share, unless it is there for oneself.
func (l locks) beside(kind, name string) {
	if name = kind + "/" + legible(name); !l[name] {
		l[name] = false
	}
}

// hold takes locks until the transaction ends.
func (tx txn) hold(ctx context.Context, l locks) error {
	if tx.lock == "" || len(l) == 0 {
		return nil
	}
	keys, alone := l.inOrder()
	if _, err := tx.ExecContext(ctx, tx.lock, keys, alone); err != nil {
		return fmt.Errorf("lock %d things: %w", len(l), err)
	}
	return nil
}

// holdNow takes locks until the transaction ends, unless others have any of them:
// then it waits for none and reports false.
func (tx txn) holdNow(ctx context.Context, l locks) (bool, error) {
	if tx.lock == "" {
		return true, nil
	}
	keys, _ := l.inOrder()
	others, err := read(ctx, tx.querier, "lock what is free", only[int64], tx.held, keys)
	return len(others) == 0, err
}

// holdWithin takes locks, and lets the transaction wait for none longer than
// waits, for those of rows and tables neither. The database counts that time, so
// that a slow machine or a long way to it do not, and the connection stays.
func (tx txn) holdWithin(ctx context.Context, l locks, waits time.Duration) error {
	if tx.soon == "" || len(l) == 0 {
		return nil
	}
	keys, alone := l.inOrder()
	if _, err := tx.ExecContext(ctx, tx.soon, keys, alone, fmt.Sprint(waits.Milliseconds())); err != nil {
		return fmt.Errorf("lock %d things within %s: %w", len(l), waits, err)
	}
	return nil
}

// inOrder are the locks in the order in which all plans take them. One whose
// number another has too is taken once, and is for oneself if either is.
func (l locks) inOrder() (keys []int64, alone []bool) {
	all := map[int64]bool{}
	for name, own := range l {
		k := number(name)
		all[k] = all[k] || own
	}
	keys = slices.Sorted(maps.Keys(all))
	for _, k := range keys {
		alone = append(alone, all[k])
	}
	return keys, alone
}

// number is the name of a lock as PostgreSQL knows it. Two names of one number
// wait for each other without need.
func number(name string) int64 {
	sum := sha256.Sum256([]byte("roundtrip/" + name))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// locksOf what a plan for a letter changes and rests on.
func locksOf(letter bot.Letter, p bot.Plan, asks []bot.Ask) locks {
	l := lines(letter.Subject, nil)
	for _, seen := range p.Seen {
		l.beside("doc", seen.Key)
	}
	for _, d := range p.Docs {
		l.alone("doc", d.DocKey())
	}
	for _, f := range p.Facts {
		l.alone("ledger", f.Repo.Key())
	}
	for _, t := range p.Timers {
		l.alone("timer", t.ID)
		l.lineOf(t.Event)
	}
	for _, letter := range p.Letters {
		l.alone("letter", letter.ID)
	}
	for _, a := range asks {
		l.alone("group", a.Group)
		l.lineOf(a.Tell)
	}
	return l
}

// locksOfIDs of deliveries that are heard at once.
func locksOfIDs(batch []*hearing) locks {
	l := locks{}
	for _, h := range batch {
		l.alone("letter", h.ID)
	}
	return l
}
