package store

import (
	"cmp"
	"database/sql"
	"errors"
	goflag "flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

var lineSeed = goflag.Int("line-seed", 1, "play TestTheFirstOfEachLineHasATurn with this seed")

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
	ctx := r.Context()
	n := r.IntN(10)
	switch {
	case n < 3:
		r.hear()
		return
	case n < 6 || len(r.held) == 0:
		got, ok, err := r.ClaimLetter(ctx, "me", time.Minute)
		if r.must(err); ok {
			r.held = append(r.held, got)
		}
		return
	}
	i := r.IntN(len(r.held))
	l := r.held[i]
	r.held = append(r.held[:i:i], r.held[i+1:]...)
	switch n {
	case 6:
		r.must(r.RetryLetter(ctx, l, r.soon(), "502", r.tells(l)))
	case 7:
		r.must(r.FailLetter(ctx, l, "no", r.tells(l)))
	default:
		r.must(r.Save(ctx, l, r.plan(l), r.IntN(9) == 0))
	}
}

func (r *shuffle) change() bot.ChangeRef { return bot.ChangeRef{Number: r.IntN(r.subjects)} }

func (r *shuffle) tells(l bot.Letter) bot.Event {
	return []bot.Event{nil, bot.DeliveryStuck{Delivery: l.ID}, bot.JudgeDue{Ref: r.change()}}[r.IntN(3)]
}

// plan has a timer whose name is not that of one subject alone, and effects some
// of whose keys are in one group at one time and in another at another.
func (r *shuffle) plan(l bot.Letter) (p bot.Plan) {
	p.Wake(bot.Timer{ID: fmt.Sprint(r.IntN(2 * r.subjects)), At: r.soon(), Event: bot.JudgeDue{Ref: r.change()}})
	order := bot.StageOrder{Key: l.ID, Environment: fmt.Sprint(r.IntN(2))}
	for _, e := range []bot.Effect{
		bot.KeepMessage{Channel: "#c", Place: fmt.Sprint("p/", r.IntN(3)), Thread: []string{"", "p/0"}[r.IntN(2)], Text: l.ID},
		bot.KeepMessage{Channel: "#c", Place: "p/0", Text: l.ID},
		bot.StartStage{Order: order}, bot.AbortStage{Order: order},
	} {
		if r.IntN(2) == 0 {
			p.Do(e)
		}
	}
	return p
}

// perform does what is done to effects.
func (r *shuffle) perform() {
	ctx := r.Context()
	if len(r.tasks) == 0 || r.IntN(3) == 0 {
		t, ok, err := r.ClaimTask(ctx, "me", [][]string{{"message"}, {"stage.start", "stage.abort"}}[r.IntN(2)], time.Minute)
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
	switch r.IntN(4) {
	case 0:
		t.State = []string{bot.TaskDone, bot.TaskUnchanged, bot.TaskFailed, bot.TaskDoubtful}[r.IntN(4)]
		r.must(r.FinishTask(ctx, t, r.tells(bot.Letter{ID: t.Cause})))
	case 1:
		_, err := r.RetryTask(ctx, t, r.soon(), "502")
		r.must(err)
	case 2:
		r.must(r.RenewTask(ctx, t, time.Minute))
	default:
		r.must(r.WriteAgain(ctx, t))
	}
}

// besides does what people and the clock do, and a program that knows of no lines.
func (r *shuffle) besides() {
	ctx := r.Context()
	switch r.IntN(8) {
	case 0:
		r.press()
	case 1:
		r.clock.Pass(time.Duration(r.IntN(90)-20) * time.Second) // back at times
	case 2:
		_, err := r.Forget(ctx, r.clock.At.Add(-time.Minute), 3)
		r.must(err)
	case 3:
		r.must(r.Resume(ctx))
	case 4:
		for _, q := range []string{
			`UPDATE inbox SET state = 'failed', owner = '' WHERE seq = (SELECT MIN(seq) FROM inbox WHERE state = 'handling')`,
			`UPDATE outbox SET state = 'done', owner = '' WHERE seq = (SELECT MIN(seq) FROM outbox WHERE state = 'performing')`,
		} {
			_, err := r.write.ExecContext(ctx, q)
			r.must(err)
		}
		_, err := r.LineUp(ctx)
		r.must(err)
	}
}

// press has what waits or is over tried again, and what is in doubt decided about.
func (r *shuffle) press() {
	ctx := r.Context()
	letters, err := r.Letters(ctx, []string{bot.LetterReady, bot.LetterFailed}[r.IntN(2)], 3)
	r.must(err)
	for _, l := range letters {
		_, err = r.TryLetter(ctx, l, bot.PressedLetter(l))
		r.must(err)
	}
	tasks, err := r.Tasks(ctx, []string{bot.TaskWaiting, bot.TaskFailed, bot.TaskDoubtful}[r.IntN(3)], 3)
	r.must(err)
	for _, t := range tasks {
		_, err = r.TryTask(ctx, t, bot.Fact{Kind: "pressed"})
		r.must(err)
		_, err = r.Decide(ctx, t, "done", bot.Fact{Kind: "pressed"})
		r.must(err)
	}
}

func (r *shuffle) hear() {
	r.heard++
	id := fmt.Sprint(r.heard)
	_, err := r.Hear(r.Context(), bot.Letter{ID: id, Source: "test", Body: []byte("x")})
	r.must(err)
	l, _, err := r.NextNew(r.Context())
	r.must(err)
	l.Kind, l.State, l.Subject = "judge.due", bot.LetterReady, bot.JudgeDue{Ref: r.change()}.Subject()
	if r.IntN(20) == 0 {
		l.State = bot.LetterFailed
	}
	r.must(r.Sort(r.Context(), l))
}

// taken is a delivery that came, and is in hand.
func (r *shuffle) taken(id string) bot.Letter {
	r.Helper()
	_, err := r.Hear(r.Context(), bot.Letter{ID: id, Source: "test", Body: []byte("x")})
	r.must(err)
	l, _, err := r.NextNew(r.Context())
	r.must(err)
	l.State = bot.LetterReady
	r.must(r.Sort(r.Context(), l))
	l, _, err = r.ClaimLetter(r.Context(), "me", time.Minute)
	r.must(err)
	return l
}

// stood is where something open stands in its line.
type stood struct {
	line            string
	waits           bool
	order, seq, due int64
	turn            sql.NullInt64
}

// mustBeInLine checks that of each line the first alone has a turn, and that it
// is when it may be taken up. It answers how many lines there are.
func (r *shuffle) mustBeInLine(after string) (lines int) {
	r.Helper()
	for _, q := range []string{
		`SELECT subject, state = 'ready', due, seq, {{.greatest}}(due, retry_at), turn FROM inbox WHERE state IN ('ready', 'handling')`,
		`SELECT grp, state = 'waiting', COALESCE(place, seq), seq, due, turn FROM outbox WHERE state IN ('waiting', 'performing')`,
	} {
		all, err := read(r.Context(), r.read.querier, "list", func(row scanner) (s stood, err error) {
			err = row.Scan(&s.line, &s.waits, &s.order, &s.seq, &s.due, &s.turn)
			return s, err
		}, q)
		r.must(err)
		slices.SortFunc(all, func(a, b stood) int {
			return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(flag(a.waits), flag(b.waits)), cmp.Compare(a.order, b.order), cmp.Compare(a.seq, b.seq))
		})
		before := ""
		for _, s := range all {
			first := s.line != before
			if before = s.line; first {
				lines++
			}
			if s.turn.Valid != first || first && s.turn.Int64 != s.due {
				r.Fatalf("%s: the first of its line: %v, but %+v of\n%+v", after, first, s, all)
			}
		}
	}
	return lines
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
		r := &shuffle{T: t, Store: s, Rand: rand.New(rand.NewPCG(uint64(*lineSeed), 2)), clock: clock, subjects: 3}
		for i := range 250 {
			for j, f := range []func(){r.step, r.perform, r.besides} {
				f()
				r.mustBeInLine(fmt.Sprintf("after step %d.%d of seed %d", i, j, *lineSeed))
			}
		}
		backTo(t, s, 11)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		r.Store = open(t, url, clock)
		if n := r.mustBeInLine("after a start"); n < 4 {
			t.Errorf("%d lines", n)
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
	if n := r.mustBeInLine("after both"); n != 1 {
		t.Errorf("%d lines", n)
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
