package github

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// budget is how many requests GitHub still allows until it counts anew.
type budget struct {
	limit int       // in all; 0: nobody said
	left  int       // of them
	reset time.Time // when there is all of it again, or some, by GitHub's clock
	heard time.Time // when GitHub said so, by ours; zero: it is our own count
}

// kept is the part of a budget, in percent, that is left for what is more
// pressing.
var kept = map[bot.Priority]int{bot.Urgent: 0, bot.Usual: 5, bot.Cosmetic: 20}

// waits says how long work of a priority has to wait for its share; 0: it may
// spend now. What was said of a time that is over says nothing.
func (b budget) waits(p bot.Priority, now time.Time) time.Duration {
	until := b.until()
	if b.limit <= 0 || now.Before(b.heard) || !now.Before(until) || b.left*100 > b.limit*kept[p] {
		return 0
	}
	return until.Sub(now)
}

// until is when to ask again. GitHub counts anew every hour; what says more is
// a clock that is wrong, or was set.
func (b budget) until() time.Time {
	if most := b.heard.Add(time.Hour); !b.heard.IsZero() && b.reset.After(most) {
		return most
	}
	return b.reset
}

// with is the budget after an answer that tells what is left. Answers overtake
// one another: of one time the lowest counts.
func (b budget) with(told budget) budget {
	if told.reset.Before(b.reset) || told.reset.Equal(b.reset) && b.limit > 0 && told.left > b.left {
		return b
	}
	return told
}

// spared says that a budget is kept for what is more pressing, so that nothing
// was asked.
type spared struct {
	what string // "requests"
	budget
	wait     time.Duration
	until    time.Time
	priority bot.Priority // of whoever has to wait
}

func (s spared) Error() string {
	text := fmt.Sprintf("GitHub's budget: %d of %d %s left until %s UTC", max(0, s.left), s.limit, s.what, s.until.UTC().Format("15:04"))
	if s.priority == bot.Urgent {
		return text
	}
	return text + ", kept for rollbacks"
}

// told reads what an answer says of its budget; the second answer is the
// budget's name: "core", "graphql".
func told(h http.Header) (b budget, name string) {
	limit, err1 := strconv.Atoi(h.Get("X-Ratelimit-Limit"))
	left, err2 := strconv.Atoi(h.Get("X-Ratelimit-Remaining"))
	at, err3 := strconv.ParseInt(h.Get("X-Ratelimit-Reset"), 10, 64)
	if err1 != nil || err2 != nil || err3 != nil {
		return budget{}, ""
	}
	if name = h.Get("X-Ratelimit-Resource"); name == "" {
		name = core
	}
	return budget{limit: limit, left: left, reset: time.Unix(at, 0)}, name
}

// Budgets that we spend of; GitHub has more.
const (
	core    = "core"
	graphql = "graphql"
)
