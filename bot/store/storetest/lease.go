package storetest

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func renewed(t *testing.T, b *bench) {
	b.plan("p1", bot.Plan{Effects: []bot.Effect{start}})
	b.hear("a1", 1)
	letter, task := b.take("slow", "a1"), b.perform("slow", "slot/1")
	for range 3 {
		b.clock.Pass(lease - time.Second)
		b.must(b.RenewLetter(t.Context(), letter, lease))
		b.must(b.RenewTask(t.Context(), task, lease))
		b.take("other", "")
		b.perform("other", "")
	}
	b.clock.Pass(lease + time.Second)
	theirs := b.take("other", "a1")
	b.perform("other", "slot/1")
	b.conflicts("whoever lost its lease", map[string]error{
		"renewed it for a letter":  b.RenewLetter(t.Context(), letter, lease),
		"renewed it for an effect": b.RenewTask(t.Context(), task, lease),
	})
	b.save(theirs, bot.Plan{})
	b.conflicts("whoever is done", map[string]error{"renewed it": b.RenewLetter(t.Context(), theirs, lease)})
}
