package sim

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// file is the repository's: that of stories, with waits that end while people
// still act.
var file = strings.NewReplacer("staging: 1m", "staging: 20s", "canary: 1m", "canary: 20s", "for: 5m", "for: 1m").Replace(playground.StoryFile)

// traffic in the shop, in requests a second.
const traffic = 2

// changes that are opened at the beginning.
const changes = 3

// Write is the script of a seed.
func Write(seed uint64) Script {
	w := writer{Rand: chance(seed, 1)}
	w.people()
	slices.SortStableFunc(w.acts, func(a, b Act) int { return cmp.Compare(a.At, b.At) })
	s := Script{Seed: seed}
	for i := range w.acts {
		s.Lines = append(s.Lines, Line{Act: &w.acts[i]})
	}
	w.trouble()
	for i := range w.faults {
		s.Lines = append(s.Lines, Line{Fault: &w.faults[i]})
	}
	more := writer{Rand: chance(seed, 3)} // what was there before stays as it was
	more.worse()
	for i := range more.acts {
		s.Lines = append(s.Lines, Line{Act: &more.acts[i]})
	}
	for i := range more.faults {
		s.Lines = append(s.Lines, Line{Fault: &more.faults[i]})
	}
	for i := range s.Lines {
		s.Lines[i].N = i + 1
	}
	return s
}

type writer struct {
	*rand.Rand
	acts   []Act
	faults []Fault
}

func (w *writer) add(at time.Duration, who, do string, change int, text string) {
	w.acts = append(w.acts, Act{At: at, Do: do, Who: who, Change: change, Text: text})
}

// between two durations, in whole tenths of a second.
func (w *writer) between(a, b time.Duration) time.Duration {
	return a + time.Duration(w.Int64N(int64((b-a)/(100*time.Millisecond))+1))*100*time.Millisecond
}

func oneOf[T any](w *writer, list ...T) T { return list[w.IntN(len(list))] }

func (w *writer) people() {
	for n := range changes {
		w.add(w.between(0, 2*time.Second), []string{"alice", "bob", "alice"}[n], opens, 0, fmt.Sprintf("Change %d", n+1))
		w.add(w.between(3*time.Second, 20*time.Second), "ci", passes, n+1, "")
	}
	w.add(time.Second, "ci", passes, 0, "")
	for range 1 + w.IntN(2) {
		plots[w.IntN(len(plots))](w, 1+w.IntN(changes))
	}
	for range 2 + w.IntN(5) {
		w.meanwhile(w.between(10*time.Second, 8*time.Minute), 1+w.IntN(changes))
	}
}

// Doors that a replica passes, requests and webhooks of a history, about: as
// far as faults are strewn.
const (
	doorsPassed = 700
	asked       = 300
	hooked      = 120
)

// writes are requests that change the world, and aims those and what comes
// before and after them: there it matters most who is gone.
var (
	writes = []string{"POST /stand-in/cd/deployments", "/issues/comments/", "/comments", "/check-runs", "/deployments", "/statuses", "chat.postMessage"}
	aims   = append([]string{
		"claim stage.start", "stage.start", "stage.weight", "stage.abort", "stage.finish", "answered 201", "claim comment", "claim check", "claim deployment",
		"claim message", "claim reaction", "save github/", "save timer/", "save settled/", "sort ", "hear ",
	}, writes...)
)

// trouble strews faults.
func (w *writer) trouble() {
	for replica := 1; replica <= replicas; replica++ {
		for range w.IntN(5) {
			w.fault(crash, replica, doorsPassed, w.between(0, 40*time.Second))
		}
		for range w.IntN(3) {
			w.fault(stall, replica, doorsPassed, w.between(time.Second, 50*time.Second))
		}
		for range w.IntN(3) {
			w.fault(oneOf(w, dbLost, dbAway), replica, doorsPassed, 0)
		}
	}
	for range w.IntN(4) {
		kind := oneOf(w, crash, crash, crash, stall, lose, slow)
		list := aims
		if kind == lose || kind == slow {
			list = writes
		}
		w.faults = append(w.faults, Fault{Kind: kind, Aim: oneOf(w, list...), At: 1 + w.IntN(6), For: w.between(0, 40*time.Second)})
	}
	for range w.IntN(14) {
		switch w.IntN(5) {
		case 0, 1:
			w.fault(lose, 0, asked, 0)
		case 2:
			w.fault(refuse, 0, asked, 0)
		case 3:
			w.fault(limit, 0, asked, w.between(time.Second, 90*time.Second))
		case 4:
			w.fault(slow, 0, asked, w.between(100*time.Millisecond, 15*time.Second))
		}
	}
	for n := 1; n <= hooked; n++ {
		switch p := w.IntN(100); {
		case p < 20:
			w.faults = append(w.faults, Fault{Kind: lost, At: n, For: oneOf(w, 0, w.between(20*time.Second, 6*time.Minute))})
		case p < 30:
			w.faults = append(w.faults, Fault{Kind: twice, At: n, For: w.between(0, 2*time.Minute)})
		case p < 40:
			w.faults = append(w.faults, Fault{Kind: late, At: n, For: w.between(2*time.Second, 90*time.Second)})
		}
	}
}

func (w *writer) fault(kind string, replica, most int, d time.Duration) {
	w.faults = append(w.faults, Fault{Kind: kind, Replica: replica, At: 1 + w.IntN(most), For: d})
}
