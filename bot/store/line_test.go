package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

// shuffle does what is done to lines, at random.
type shuffle struct {
	*testing.T
	*Store
	*rand.Rand
	clock    *storetest.Clock
	held     []bot.Letter
	heard    int
	subjects int
	tasks    []bot.Task // held
}

func (r *shuffle) must(err error) {
	r.Helper()
	if err != nil && !errors.Is(err, bot.ErrConflict) { // a lease was lost
		r.Fatal(err)
	}
}

func (r *shuffle) soon() time.Time {
	return r.clock.At.Add(time.Duration(r.IntN(120)-30) * time.Second)
}

func (r *shuffle) step() {
	var l bot.Letter
	if n := len(r.held); n > 0 {
		i := r.IntN(n)
		l = r.held[i]
		r.held = append(r.held[:i:i], r.held[i+1:]...)
	}
	ctx := r.Context()
	switch n := r.IntN(10); {
	case n < 3:
		r.hear()
	case n < 6 || l.ID == "":
		got, ok, err := r.ClaimLetter(ctx, "me", time.Minute)
		if r.must(err); ok {
			r.held = append(r.held, got)
		}
		r.held = append(r.held, l)
	case n == 6:
		r.must(r.RetryLetter(ctx, l, r.soon(), "502", nil))
	case n == 7:
		r.must(r.FailLetter(ctx, l, "no", nil))
	case n == 8:
		event := bot.JudgeDue{Ref: bot.ChangeRef{Number: r.IntN(r.subjects)}}
		say := bot.KeepMessage{Channel: "#c", Place: fmt.Sprint("p/", r.IntN(3)), Thread: []string{"", "p/0"}[r.IntN(2)], Text: l.ID}
		r.must(r.Save(ctx, l, bot.Plan{Timers: []bot.Timer{{ID: event.Subject(), At: r.soon(), Event: event}}, Effects: []bot.Effect{say}}, false))
	default:
		was, _, err := r.Letter(ctx, l.ID)
		r.must(err)
		_, err = r.TryLetter(ctx, was, bot.PressedLetter(was))
		r.must(err)
		r.clock.Pass(time.Duration(r.IntN(90)-20) * time.Second) // back at times
	}
}

// perform does what is done to effects.
func (r *shuffle) perform() {
	ctx := r.Context()
	if len(r.tasks) == 0 || r.IntN(3) == 0 {
		t, ok, err := r.ClaimTask(ctx, "me", []string{"message"}, time.Minute)
		if r.must(err); ok {
			r.tasks = append(r.tasks, t)
		}
		return
	}
	i := r.IntN(len(r.tasks))
	t := r.tasks[i]
	if r.IntN(2) > 0 { // else it is written again after its end, or its lease is lost
		r.tasks = append(r.tasks[:i:i], r.tasks[i+1:]...)
	}
	switch r.IntN(3) {
	case 0:
		t.State = bot.TaskDone
		r.must(r.FinishTask(ctx, t, nil))
	case 1:
		_, err := r.RetryTask(ctx, t, r.soon(), "502")
		r.must(err)
	default:
		r.must(r.WriteAgain(ctx, t))
	}
}

func (r *shuffle) hear() {
	r.heard++
	id := fmt.Sprint(r.heard)
	_, err := r.Hear(r.Context(), bot.Letter{ID: id, Source: "test", Body: []byte("x")})
	r.must(err)
	l, _, err := r.NextNew(r.Context())
	r.must(err)
	l.Kind, l.State, l.Subject = "judge.due", bot.LetterReady, bot.JudgeDue{Ref: bot.ChangeRef{Number: r.IntN(r.subjects)}}.Subject()
	r.must(r.Sort(r.Context(), l))
}

// whoHasATurn are those that do, and from when on, and those that must.
func (r *shuffle) whoHasATurn() (is, must string) {
	r.Helper()
	list := func(what, box, where string) string {
		rows, err := read(r.Context(), r.read.querier, "list", only[string], `SELECT CAST(seq AS TEXT) || ' ' || CAST(`+what+` AS TEXT) FROM `+box+` i WHERE `+where+` ORDER BY seq`)
		r.must(err)
		return fmt.Sprint(rows)
	}
	const has = `turn IS NOT NULL`
	return list(`turn`, `inbox`, has) + list(`turn`, `outbox`, has), list(`{{.greatest}}(due, retry_at)`, `inbox`, `state IN ('ready', 'handling') AND NOT EXISTS (
		SELECT 1 FROM inbox e WHERE e.subject = i.subject AND e.seq <> i.seq AND e.state IN ('ready', 'handling')
		  AND (e.state = 'handling' OR i.state = 'ready' AND (e.due < i.due OR e.due = i.due AND e.seq < i.seq)))`) +
		list(`due`, `outbox`, `state IN ('waiting', 'performing') AND NOT EXISTS (
		SELECT 1 FROM outbox e WHERE e.grp = i.grp AND e.seq <> i.seq AND e.state IN ('waiting', 'performing')
		  AND (e.state = 'performing' OR i.state = 'waiting' AND e.seq < i.seq))`)
}

// Whatever is done to lines, the first of each has a turn, and nobody else; so it
// is of what an older schema leaves.
func TestTheFirstOfEachLineHasATurn(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		clock := &storetest.Clock{At: time.Unix(1_800_000_000, 0)}
		s, err := Open(t.Context(), url, Options{Clock: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		r := &shuffle{T: t, Store: s, Rand: rand.New(rand.NewPCG(1, 2)), clock: clock, subjects: 3}
		for i := range 300 {
			r.step()
			r.perform()
			if is, must := r.whoHasATurn(); is != must {
				t.Fatalf("after %d steps:\n%s, not\n%s", i, is, must)
			}
		}
		backTo(t, s, 11)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		r.Store = open(t, url, clock)
		if is, must := r.whoHasATurn(); is != must || len(must) < 20 {
			t.Errorf("%s, not\n%s", is, must)
		}
	})
}

// Whoever joins a line while its first ends waits for how that ends: else
// neither would see the other, and nobody were first.
func TestALineGrowsWhileItsFirstEnds(t *testing.T) {
	s := open(t, pgtest.URL(t), &storetest.Clock{At: time.Unix(1_800_000_000, 0)})
	r := &shuffle{T: t, Store: s, Rand: rand.New(rand.NewPCG(1, 2)), subjects: 1}
	r.hear()
	first, _, err := s.ClaimLetter(t.Context(), "me", time.Minute)
	r.must(err)
	slow, err := s.write.DB.BeginTx(t.Context(), nil)
	r.must(err)
	_, err = slow.ExecContext(t.Context(), "LOCK TABLE ledger IN EXCLUSIVE MODE")
	r.must(err)
	saved, joined := make(chan error, 1), make(chan struct{})
	go func() {
		saved <- s.Save(t.Context(), first, bot.Plan{Facts: []bot.Fact{bot.NewFact("k", bot.RepoRef{ID: 1}, "s", time.Unix(1, 0), nil)}}, false)
	}()
	r.wait(1, joined)
	go func() { r.hear(); close(joined) }()
	r.wait(2, joined)
	r.must(slow.Commit())
	r.must(<-saved)
	<-joined
	if is, must := r.whoHasATurn(); is != must || is == "[][]" {
		t.Errorf("%s, not %s", is, must)
	}
}

// wait until so many transactions wait for another, or one has ended.
func (r *shuffle) wait(n int, ended <-chan struct{}) {
	for there := 0; there < n && r.Context().Err() == nil; time.Sleep(time.Millisecond) {
		select {
		case <-ended:
			return
		default:
			r.must(r.read.DB.QueryRowContext(r.Context(), `SELECT count(*) FROM pg_locks WHERE NOT granted
				AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&there))
		}
	}
}
