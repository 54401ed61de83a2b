package store

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// All plans take their locks in one order, however they came by them; one that
// somebody needs for oneself is not taken beside others.
func TestLocksHaveOneOrder(t *testing.T) {
	l, same := locks{}, locks{}
	names := []string{"a", "b", "c", "d", "e"}
	for _, name := range names {
		l.beside("doc", name)
	}
	l.alone("doc", "c")
	same.alone("doc", "c")
	for _, name := range slices.Backward(names) {
		same.beside("doc", name)
	}
	keys, alone := l.inOrder()
	again, others := same.inOrder()
	if len(keys) != len(names) || !slices.IsSorted(keys) || !slices.Equal(keys, again) || !slices.Equal(alone, others) {
		t.Errorf("%v %v, and %v %v", keys, alone, again, others)
	}
	for i, k := range keys {
		if alone[i] != (k == number("doc/c")) {
			t.Errorf("%d is for oneself: %v", k, alone[i])
		}
	}
}

// What is stored under one name has one lock, however it was written by whoever
// sent it.
func TestLocksAreOfWhatIsStored(t *testing.T) {
	asked := locksOf(bot.Letter{}, bot.Plan{}, []bot.Ask{{Task: bot.Task{Group: "a\x00"}}})
	if stored := locksOf(bot.Letter{}, bot.Plan{}, []bot.Ask{{Task: bot.Task{Group: legible("a\x00")}}}); !maps.Equal(asked, stored) {
		t.Errorf("%v, and %v", asked, stored)
	}
}

// Two who settle the same line at once may begin again; a repeat of anything else
// may not.
func TestWhoSettlesALineBesideAnotherBeginsAgain(t *testing.T) {
	for name, again := range map[string]bool{"inbox_first": true, "outbox_first": true, "inbox_id_key": false} {
		if err := collided(&pgconn.PgError{Code: "23505", ConstraintName: name}); errors.Is(err, bot.ErrConflict) != again {
			t.Errorf("%s: %v", name, err)
		}
	}
}
