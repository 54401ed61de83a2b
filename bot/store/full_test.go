package store

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

// A disk without room takes nothing more and loses nothing: what was accepted
// is there and can be worked on, what was refused is not known, and when there
// is room again it is taken.
func TestAFullDiskLosesNothing(t *testing.T) {
	s := open(t, file(t), &storetest.Clock{})
	ctx := t.Context()
	room := func(pages string) {
		t.Helper()
		if _, err := s.write.ExecContext(ctx, "PRAGMA max_page_count = "+pages); err != nil {
			t.Fatal(err)
		}
	}
	room("200")
	body := make([]byte, 20_000)
	_, _ = rand.Read(body) // what cannot be packed
	taken := 0
	hear := func() (bool, error) {
		return s.Hear(ctx, bot.Letter{ID: fmt.Sprint("full/", taken), Source: "github", Name: "ping", Body: body})
	}
	var full error
	for full == nil && taken < 200 {
		var fresh bool
		if fresh, full = hear(); fresh {
			taken++
		}
	}
	if full == nil || !strings.Contains(full.Error(), "full") || taken < 5 {
		t.Fatalf("%d were taken, then: %v", taken, full)
	}
	if _, err := hear(); err == nil {
		t.Error("there is room all of a sudden")
	}
	if err := s.Ping(ctx); err != nil {
		t.Errorf("it answers no more: %v", err)
	}
	room("100000")
	if fresh, err := hear(); err != nil || !fresh {
		t.Errorf("with room again: %v, %v", fresh, err)
	}
	inbox, _, err := s.Count(ctx)
	if err != nil || inbox[bot.LetterNew] != taken+1 {
		t.Errorf("%d were taken, and one more: %v (%v)", taken, inbox, err)
	}
}
