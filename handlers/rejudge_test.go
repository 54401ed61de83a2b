package handlers

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store"
)

// tally is a store that counts its queries, and the documents they bring.
type tally struct {
	*store.Store
	queries, docs int
}

func (c *tally) Doc(ctx context.Context, key string, doc interface{ SetVersion(int) }) (bool, error) {
	c.queries++
	c.docs++
	return c.Store.Doc(ctx, key, doc)
}

func (c *tally) Keys(ctx context.Context, prefix string) ([]string, error) {
	c.queries++
	return c.Store.Keys(ctx, prefix)
}

func (c *tally) Held(ctx context.Context, prefix string, next func() interface{ SetVersion(int) }) error {
	c.queries++
	return c.Store.Held(ctx, prefix, func() interface{ SetVersion(int) } { c.docs++; return next() })
}

// keep saves documents as a plan of a delivery does.
func (c *tally) keep(t *testing.T, id string, docs ...bot.Doc) {
	t.Helper()
	_, err := c.Hear(t.Context(), bot.Letter{ID: id, Source: "test", Name: "test", Body: []byte("{}")})
	if err == nil {
		err = c.Sort(t.Context(), c.next(t))
	}
	if err != nil {
		t.Fatal(err)
	}
	l, ok, err := c.ClaimLetter(t.Context(), "test", time.Minute)
	if err == nil && ok {
		err = c.Save(t.Context(), l, bot.Plan{Docs: docs}, false)
	}
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
}

// next is the new letter, opened.
func (c *tally) next(t *testing.T) bot.Letter {
	t.Helper()
	l, ok, err := c.NextNew(t.Context())
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	l.Kind, l.Subject, l.State, l.Event = "test", l.ID, bot.LetterReady, []byte("{}")
	return l
}

// However many changes were closed: those that are open are found by one query,
// which brings no other.
func TestClosedChangesAreNotRead(t *testing.T) {
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "t.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c := &tally{Store: s}
	h := newDesk().handlers()
	h.Store = c
	var docs []bot.Doc
	for n := range 500 {
		change := openChange(n+1, teaSHA(n+1))
		change.Open = n < 3
		docs = append(docs, changeDoc{Change: change})
	}
	c.keep(t, "1", docs...)
	judged := func(want int) {
		t.Helper()
		c.queries, c.docs = 0, 0
		plan, err := h.judgeAllDue(t.Context(), bot.Delivery[bot.JudgeAllDue]{At: teaTime, Event: bot.JudgeAllDue{Repo: tea, Base: "main", Why: "healed/main/1"}})
		if err != nil || len(numbersOf(plan)) != want || c.queries != 1 || c.docs != want {
			t.Errorf("judged %v; %d queries brought %d documents (%v)", numbersOf(plan), c.queries, c.docs, err)
		}
	}
	judged(3)
	closed, _, err := h.change(t.Context(), bot.ChangeRef{Repo: tea, Number: 2})
	if err != nil {
		t.Fatal(err)
	}
	closed.Change.Open = false
	c.keep(t, "2", closed)
	judged(2)
	reopened, _, err := h.change(t.Context(), bot.ChangeRef{Repo: tea, Number: 2})
	if err != nil {
		t.Fatal(err)
	}
	reopened.Change.Open = true
	c.keep(t, "3", reopened)
	judged(3)
}
