package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

// fill with handled deliveries, an effect and a fact of each.
func fill(t *testing.T, s *Store, n int) {
	t.Helper()
	repo := bot.RepoRef{Installation: 7, ID: 42, Name: "acme/shop"}
	err := s.Fill(t.Context(), n, func(i int) (bot.Letter, bot.Task, bot.Fact) {
		id := fmt.Sprint("past/", i)
		return bot.Letter{ID: id, Source: "github", Name: "x", Body: []byte("{}"), Kind: "change.updated", Subject: fmt.Sprint("change/", i%100)},
			bot.Task{Kind: "check", Key: id, Group: "check/" + id, Body: []byte("{}"), Hash: "h", Cause: id, Receipt: bot.Receipt{ID: "7"}},
			bot.NewFact("change.opened", repo, "change", time.Time{}, i)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What is filled in is as if it had come to pass.
func TestWhatIsFilledInHoldsTogether(t *testing.T) {
	const n = rowsAtOnce + rowsAtOnce/2
	s := open(t, file(t), &storetest.Clock{At: time.Unix(1_800_000_000, 0)})
	fill(t, s, n)
	if err := s.VerifyLedger(t.Context()); err != nil {
		t.Error(err)
	}
	if r, hash, known, err := s.Receipt(t.Context(), "check", fmt.Sprint("past/", n-1)); err != nil || !known || hash != "h" || r.ID != "7" {
		t.Errorf("the last has the receipt %v, %q (%v)", r, hash, err)
	}
	inbox, outbox, err := s.Count(t.Context())
	if err != nil || inbox[bot.LetterDone] != n || outbox[bot.TaskDone] != n {
		t.Errorf("%v, %v (%v)", inbox, outbox, err)
	}
}
