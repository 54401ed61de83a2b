package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// heard is a delivery that is heard beside others; its body is its id.
func heard(id string) bot.Letter {
	return bot.Letter{ID: id, Source: "test", Name: "x", Body: []byte(id)}
}

// atOnce hears deliveries at once and counts those that were news.
func (b *bench) atOnce(n int, id func(i int) string) int64 {
	var all sync.WaitGroup
	var news atomic.Int64
	for i := range n {
		all.Go(func() {
			fresh, err := b.Hear(b.Context(), heard(id(i)))
			if err != nil {
				b.Error(err)
			}
			if fresh {
				news.Add(1)
			}
		})
	}
	all.Wait()
	return news.Load()
}

func crowd(t *testing.T, b *bench) {
	const n = 500
	if news := b.atOnce(n, func(i int) string { return fmt.Sprint("d", i) }); news != n {
		t.Errorf("%d of %d were news", news, n)
	}
	for i := range n {
		l, ok, err := b.Letter(t.Context(), fmt.Sprint("d", i))
		b.must(err)
		if !ok || string(l.Body) != l.ID || l.State != bot.LetterNew || !l.At.Equal(b.clock.At) {
			t.Errorf("d%d: found %v: %+v", i, ok, l)
		}
	}
	b.mustHold(n)
}

func repeats(t *testing.T, b *bench) {
	const each, ids = 30, 7
	if news := b.atOnce(each*ids, func(i int) string { return fmt.Sprint("d", i%ids) }); news != ids {
		t.Errorf("%d were news, want one of each of %d", news, ids)
	}
	b.mustHold(ids)
}

// mustHold checks how many deliveries wait to be opened.
func (b *bench) mustHold(want int) {
	b.Helper()
	list, err := b.Letters(b.Context(), bot.LetterNew, want+1)
	b.must(err)
	if len(list) != want {
		b.Errorf("%d deliveries are stored, want %d", len(list), want)
	}
}

// sharedCrowd: each process hears the same at once, and none in the order of another.
func sharedCrowd(t *testing.T, m *team) {
	const n = 60
	var news atomic.Int64
	var all sync.WaitGroup
	for i, s := range m.stores {
		stride := []int{1, 7, 11, 13}[i%4] // each comes by all of them
		one := m.by(s)
		all.Go(func() {
			news.Add(one.atOnce(n, func(k int) string { return fmt.Sprint("d", k*stride%n) }))
		})
	}
	all.Wait()
	if news.Load() != n {
		t.Errorf("%d of %d were news", news.Load(), n)
	}
	m.mustHold(n)
}
