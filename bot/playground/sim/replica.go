package sim

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"time"
)

// errGone ends what a killed replica was about: nothing of it reaches the
// database or the world any more.
var errGone = errors.New("this replica was killed")

// errAway is a database that does not answer.
var errAway = errors.New("the database does not answer")

// replica is one bot after another of the same place: each that is killed is
// followed by a new one. Its steps run in a coroutine, which gives way at doors:
// one thing happens at a time.
type replica struct {
	*play
	number int
	life   int // how many there were
	door   int // doors passed, by all of them
	faults map[int]Fault
	now    *life // nil while there is none
	back   time.Time
}

// life is one bot.
type life struct {
	*replica
	name   string
	bot    Bot
	dead   bool
	next   func() (struct{}, bool)
	stop   func()
	yield  func(struct{}) bool
	within bool      // its step is running now, not standing at a door
	until  time.Time // it stands still so long
	frozen bool      // all of it does, not only what waits for an answer
	woke   bool      // it did, and has sent nothing since, nor found out how late it is
	unsaid bool      // it sent something then, or after its lease was over, and has not written down yet how that ended
	lease  lease
	began  time.Time // its attempt
	idle   bool      // there was nothing to do when it last looked
	err    error
}

func (r *replica) begin() error {
	r.life++
	l := &life{replica: r, name: fmt.Sprintf("bot %d.%d", r.number, r.life)}
	db, over := r.books, r.world.Over()
	if r.cast.Harm != nil {
		db = r.cast.Harm(db)
	}
	if r.cast.HarmLine != nil {
		over = r.cast.HarmLine(over)
	}
	b, err := r.cast.Bot(r.world, doors{db, l}, l.name, line{l, over})
	if err != nil {
		return err
	}
	l.bot = b
	l.next, l.stop = iter.Pull(l.steps)
	r.now = l
	if err := b.Start(r.ctx); err != nil && !l.dead {
		l.die(5 * time.Second) // it ends, and whoever looks after it starts it again
	}
	return nil
}

// steps are the coroutine.
func (l *life) steps(yield func(struct{}) bool) {
	l.yield = yield
	for !l.dead {
		l.began = l.clock.Now()
		worked, err := l.bot.Step(l.ctx)
		l.idle, l.err = !worked && err == nil, err
		if err != nil {
			l.until = l.clock.Now().Add(250 * time.Millisecond) // as a loop that failed waits
		}
		if l.dead || !yield(struct{}{}) {
			return
		}
	}
}

// resume lets it go on to its next door, or to the end of its step.
func (l *life) resume() {
	l.within, l.frozen = true, false
	_, ok := l.next()
	l.within = false
	if !ok || l.dead {
		l.bury()
	}
}

// bury clears up after one that was killed.
func (l *life) bury() {
	l.dead = true
	l.stop()
	if l.replica.now == l {
		l.replica.now = nil
	}
}

// pass is a door: here it may be killed, stand still, or give way to others.
func (l *life) pass(what string) (Fault, error) {
	if l.dead {
		return Fault{}, errGone
	}
	l.door++
	f := l.faults[l.door]
	if aimed := l.aimedAt(what); aimed.Kind != "" {
		f = aimed
	}
	switch f.Kind {
	case crash:
		if l.unsaid { // nobody would ever know: docs/reliability.md, "Who stood still"
			break
		}
		l.happened(f)
		l.die(f.For)
		return f, errGone
	case stall:
		if l.within {
			l.happened(f)
			l.until, l.frozen, l.woke = l.clock.Now().Add(f.For), true, true
			l.still = append(l.still, [2]time.Time{l.clock.Now(), l.until.Add(time.Second)})
		}
	}
	l.trace.add(l.since(), l.name, what)
	l.giveWay()
	if l.dead {
		return f, errGone
	}
	return f, nil
}

// giveWay lets others go on, now and then, and as long as it stands still.
func (l *life) giveWay() {
	if !l.within {
		return // it answers a hook
	}
	if l.until.After(l.clock.Now()) || l.order.IntN(6) == 0 {
		if !l.yield(struct{}{}) {
			l.dead = true
		}
	}
}

func (l *life) die(backAfter time.Duration) {
	l.dead = true
	l.back = l.clock.Now().Add(backAfter)
	l.trace.add(l.since(), l.name, "is killed")
	if !l.within {
		l.graves = append(l.graves, l) // whoever is answering a hook is not in its coroutine
	}
}

// front is where the world's hooks come in: at any replica that lives.
type front struct{ *play }

// ServeHTTP implements http.Handler.
func (f front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var alive []*life
	for _, r := range f.replicas {
		if l := r.now; l != nil && !l.dead && !l.until.After(f.clock.Now()) {
			alive = append(alive, l)
		}
	}
	if len(alive) == 0 || f.deaf {
		http.Error(w, "nobody is there", http.StatusServiceUnavailable)
		return
	}
	alive[f.order.IntN(len(alive))].bot.Hooks.ServeHTTP(w, r)
}
