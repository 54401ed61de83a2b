package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Presser does what the operator presses, if all still is as they saw it; each
// that is done is a fact. *store.Store is one.
type Presser interface {
	TryLetter(ctx context.Context, l bot.Letter, f bot.Fact) (done bool, err error)
	TryTask(ctx context.Context, t bot.Task, f bot.Fact) (done bool, err error)
	Decide(ctx context.Context, t bot.Task, said string, f bot.Fact) (done bool, err error)
}

// What a button says.
const (
	pressAgain    = "again"
	pressHappened = "happened"
	pressNot      = "not"
)

var (
	pressStale  = reply{"wait", "Nothing was changed: since the page was shown it has changed, or something newer took its place. Below is how it stands now."}
	pressTried  = reply{"good", "It is tried again now."}
	pressTook   = reply{"good", "It is written down that it took place. Its rollout goes on as it did: it does not wait for this."}
	pressDidNot = reply{"good", "It is written down that it did not take place. Deploy again to give it anew."}
)

// rowOf names a row as a page showed it.
func rowOf(side string, seq int64, attempts int, state string) string {
	return fmt.Sprintf("%s %d %d %s", side, seq, attempts, state)
}

// pressed does what a button says and shows the page with what became of it.
// Other sites cannot press it.
func (s *site) pressed(p page) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		say(w, http.StatusForbidden, "This was pressed on a page of another site. Nothing was changed.")
	}))
	return guard.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
		if s.press == nil {
			say(w, http.StatusForbidden, "The buttons are off. ROUNDTRIP_ADMIN_ACTIONS=on turns them on. Nothing was changed.")
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), lookWithin)
		defer cancel()
		said, err := s.act(ctx, r.PostFormValue("row"), r.PostFormValue("do"))
		if err != nil {
			s.problem(w, r, err)
			return
		}
		s.page(w, r, p, said)
	}))
}

// act does what is asked of a row.
func (s *site) act(ctx context.Context, row, do string) (reply, error) {
	var side, state string
	var seq int64
	var attempts int
	if _, err := fmt.Sscanf(row, "%s %d %d %s", &side, &seq, &attempts, &state); err != nil {
		return reply{}, wrongWish("No button of this page says that. Nothing was changed.")
	}
	var said reply
	var done bool
	var err error
	switch {
	case side == "in" && do == pressAgain:
		said, done, err = s.tryLetter(ctx, state, seq, attempts)
	case side == "out" && do == pressAgain:
		said, done, err = s.tryTask(ctx, state, seq, attempts)
	case side == "out" && (do == pressHappened || do == pressNot):
		said, done, err = s.decide(ctx, seq, attempts, do)
	default:
		return reply{}, wrongWish("No button of this page says that. Nothing was changed.")
	}
	if err != nil || done {
		return said, err
	}
	return pressStale, nil
}

func (s *site) tryLetter(ctx context.Context, state string, seq int64, attempts int) (reply, bool, error) {
	now, err := s.read.Now(ctx)
	if err != nil {
		return reply{}, false, err
	}
	list, err := s.read.LettersBefore(ctx, state, seq+1, 1)
	if err != nil || len(list) == 0 || list[0].Seq != seq || list[0].Attempts != attempts || !list[0].CanTryAgain(now) {
		return reply{}, false, err
	}
	done, err := s.press.TryLetter(ctx, list[0], bot.PressedLetter(list[0]))
	return pressTried, done, err
}

func (s *site) tryTask(ctx context.Context, state string, seq int64, attempts int) (reply, bool, error) {
	now, err := s.read.Now(ctx)
	if err != nil {
		return reply{}, false, err
	}
	t, ok, err := s.task(ctx, state, seq, attempts)
	if err != nil || !ok || !t.CanTryAgain(now) {
		return reply{}, false, err
	}
	done, err := s.press.TryTask(ctx, t, bot.PressedTask(t))
	return pressTried, done, err
}

func (s *site) decide(ctx context.Context, seq int64, attempts int, do string) (reply, bool, error) {
	t, ok, err := s.task(ctx, bot.TaskDoubtful, seq, attempts)
	if err != nil || !ok {
		return reply{}, false, err
	}
	said, answer := "It took place, said "+bot.Operator+".", pressTook
	if do == pressNot {
		said, answer = "It did not take place, said "+bot.Operator+".", pressDidNot
	}
	done, err := s.press.Decide(ctx, t, said, bot.Decided(t, do))
	return answer, done, err
}

// task is the one of a number, if it is as a page showed it.
func (s *site) task(ctx context.Context, state string, seq int64, attempts int) (bot.Task, bool, error) {
	list, err := s.read.TasksBefore(ctx, state, seq+1, 1)
	if err != nil || len(list) == 0 || list[0].Seq != seq || list[0].Attempts != attempts {
		return bot.Task{}, false, err
	}
	return list[0], true, nil
}
