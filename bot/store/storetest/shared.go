package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Shared runs what must hold where several processes have one database. open
// gives as many stores of one new database; they share the work, an order in a
// subject is kept, and nothing is done twice.
func Shared(t *testing.T, open func(t *testing.T, c *Clock) []Store) {
	for _, tc := range []struct {
		name string
		test func(*testing.T, *team)
	}{
		{"deliveries are handled once and in the order of their subject", sharedLetters},
		{"a line that grows while it is worked on loses nobody", sharedLine},
		{"effects are performed once and in the order of their group", sharedTasks},
		{"a slot of a schedule is heard once", sharedSlot},
		{"what reaches several in several orders is heard once", sharedCrowd},
		{"a claim has one holder", sharedClaim},
		{"two plans that rest on each other's absence are not both saved", sharedAbsence},
		{"what one left lying another takes up, and the first cannot write", sharedLease},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newClock()
			all := open(t, c)
			tc.test(t, &team{bench: &bench{T: t, Store: all[0], clock: c}, stores: all, busy: map[string]bool{}, done: map[string][]string{}})
		})
	}
}

func sharedLetters(t *testing.T, m *team) {
	const subjects, each = 12, 8
	for i := range each {
		for n := range subjects {
			m.hear(fmt.Sprintf("%d/%02d", n, i), n+1)
		}
	}
	m.each(func(s Store, owner string) {
		for m.left(subjects * each) {
			l, ok, err := s.ClaimLetter(t.Context(), owner, lease)
			if err != nil {
				t.Error(err)
			}
			if ok {
				m.handle(s, l)
			}
		}
	})
	m.inOrder(subjects, each)
	m.must(m.VerifyLedger(t.Context()))
	facts, err := m.Facts(t.Context(), bot.FactQuery{Repo: repo})
	if err != nil || len(facts) != subjects*each || m.note("tally").V != 2*each {
		t.Errorf("%d facts and version %d for %d letters (%v)", len(facts), m.note("tally").V, subjects*each, err)
	}
}

// handle saves a plan that gets into everybody's way: one ledger and one message
// for all, and a document for two subjects.
func (m *team) handle(s Store, l bot.Letter) {
	m.work(l.Subject, l.ID)
	plan := bot.Plan{
		Facts:   []bot.Fact{bot.NewFact("k", repo, l.Subject, m.clock.At, nil)},
		Effects: []bot.Effect{bot.KeepMessage{Channel: "#c", Place: "p", Text: l.ID}},
	}
	if strings.HasPrefix(l.ID, "0/") || strings.HasPrefix(l.ID, "1/") {
		tally := note{Key: "tally"}
		if _, err := s.Doc(m.Context(), tally.Key, &tally); err != nil {
			m.Error(err)
		}
		plan.Docs = append(plan.Docs, tally)
	}
	err := s.Save(m.Context(), l, plan, false)
	if errors.Is(err, bot.ErrConflict) {
		m.undo(l.Subject)
		err = s.RetryLetter(m.Context(), l, m.clock.At, "conflict", nil)
	}
	if err != nil {
		m.Error(err)
	}
}

// sharedLine: each loop adds to the lines of all while it works on them, and
// each letter sets a timer that stands in its line at once.
func sharedLine(t *testing.T, m *team) {
	const subjects, each = 3, 20
	m.each(func(s Store, owner string) {
		one := m.by(s)
		for i := 0; m.left(2 * each * 2 * len(m.stores)); i++ {
			if id := fmt.Sprintf("%s/%d", owner, i); i < each {
				_, err := s.Hear(t.Context(), heard(id))
				one.must(err)
				l, _, err := s.Letter(t.Context(), id)
				one.must(err)
				one.sort(l, i%subjects)
			}
			if l, ok, err := s.ClaimLetter(t.Context(), owner, lease); err != nil || ok {
				one.must(err)
				m.work(l.Subject, l.ID)
				one.save(l, m.rings(l))
			}
		}
	})
}

// rings is the timer that a letter sets; a timer sets none.
func (m *team) rings(l bot.Letter) (p bot.Plan) {
	if l.Source != "timer" {
		event, err := bot.DecodeEvent(l.Kind, l.Event)
		m.must(err)
		p.Timers = []bot.Timer{{ID: l.ID, At: m.clock.At, Event: event}}
	}
	return p
}

func sharedTasks(t *testing.T, m *team) {
	const groups, each = 6, 8
	for i := range each {
		for n := range groups {
			m.plan(fmt.Sprintf("%d/%02d", n, i), bot.Plan{Effects: []bot.Effect{
				bot.KeepMessage{Channel: fmt.Sprint(n), Place: fmt.Sprintf("p/%02d", i), Thread: "p"},
			}})
		}
	}
	m.each(func(s Store, owner string) {
		for m.left(groups * each) {
			task, ok, err := s.ClaimTask(t.Context(), owner, []string{"message"}, lease)
			if err != nil {
				t.Error(err)
			}
			if !ok {
				continue
			}
			m.work(task.Group, task.Key)
			task.State = bot.TaskDone
			if err := s.FinishTask(t.Context(), task, nil); err != nil {
				t.Error(err)
			}
		}
	})
	m.inOrder(groups, each)
}

func sharedSlot(t *testing.T, m *team) {
	const slots = 20
	m.each(func(s Store, owner string) {
		for i := range slots {
			fresh, err := s.Hear(t.Context(), bot.Letter{ID: fmt.Sprintf("weekly/%d", i), Source: "cron", Body: []byte(owner)})
			if err != nil {
				t.Error(err)
			}
			if fresh {
				m.work(fmt.Sprint("slot ", i), owner)
			}
		}
	})
	for i := range slots {
		if n := len(m.done[fmt.Sprint("slot ", i)]); n != 1 {
			t.Errorf("slot %d was heard %d times", i, n)
		}
	}
}

func sharedClaim(t *testing.T, m *team) {
	for round := range 20 {
		n := m.race(round, func(i int) bot.Plan {
			return bot.Plan{Docs: []bot.Doc{note{Key: fmt.Sprintf("%d/%d", round, i), Own: []string{fmt.Sprint("slot ", round)}}}}
		})
		if n != 1 {
			t.Fatalf("%d hold the slot", n)
		}
	}
}

func sharedAbsence(t *testing.T, m *team) {
	for round := range 20 {
		key := func(i int) string { return fmt.Sprintf("%d/%d", round, i%len(m.stores)) }
		n := m.race(round, func(i int) (p bot.Plan) {
			p.Docs = []bot.Doc{note{Key: key(i)}}
			for other := 1; other < len(m.stores); other++ {
				p.See(key(i+other), 0)
			}
			return p
		})
		if n != 1 {
			t.Fatalf("%d are saved, and each says that it is alone", n)
		}
	}
}

func sharedLease(t *testing.T, m *team) {
	m.plan("p1", bot.Plan{Effects: []bot.Effect{start}})
	m.hear("a1", 1)
	gone, next := m.by(m.stores[1]), m.by(m.stores[2])
	letter, task := gone.take("gone", "a1"), gone.perform("gone", "slot/1")
	next.take("next", "")
	next.perform("next", "")
	m.clock.Pass(lease + time.Second)
	next.take("next", "a1")
	if again := next.perform("next", "slot/1"); !again.Lapsed {
		t.Error("whoever takes it up does not know that it may have been done")
	}
	task.State = bot.TaskDone
	m.conflicts("whoever lost its lease", map[string]error{
		"saved":              gone.Save(t.Context(), letter, bot.Plan{Docs: []bot.Doc{note{Key: "n"}}}, false),
		"put a letter back":  gone.RetryLetter(t.Context(), letter, m.clock.At, "502", nil),
		"gave a letter up":   gone.FailLetter(t.Context(), letter, "502", nil),
		"finished":           gone.FinishTask(t.Context(), task, nil),
		"put an effect back": putBack(t.Context(), gone, task, m.clock.At),
	})
}
