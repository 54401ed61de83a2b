package github

import (
	"net/http"
	"strings"
	"time"
)

// GitHub's own servers refuse whoever makes more content than this: what
// people are notified of. An enterprise's server does not count it unless it
// is told to.
//
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
const (
	contentsAMinute = 80
	contentsAnHour  = 500
)

// slots of a window: how exactly it is known when something leaves it.
const slots = 60

// window counts what happened within a span of time that ends now.
type window struct {
	span  time.Duration
	limit int
	count [slots]int
	last  int64 // the slot that is written to
}

// slot at a time, counted from 1970.
func (w *window) slot(now time.Time) int64 { return now.UnixNano() / int64(w.span/slots) }

// turn forgets what left the window. A clock that was set back by more than a
// slot begins anew: what it counted would not leave for as long as it was ahead.
func (w *window) turn(now time.Time) {
	at := w.slot(now)
	if at < w.last-1 {
		w.count, w.last = [slots]int{}, at
	}
	for s := max(w.last+1, at-slots+1); s <= at; s++ {
		w.count[s%slots] = 0
	}
	w.last = max(w.last, at)
}

func (w *window) add(now time.Time) {
	w.turn(now)
	w.count[w.last%slots]++
}

// budget is what may still happen; some of it is there again when the oldest
// of what happened leaves the window.
func (w *window) budget(now time.Time) budget {
	w.turn(now)
	b := budget{limit: w.limit, left: w.limit, reset: now}
	for s := w.last - slots + 1; s <= w.last; s++ {
		n := w.count[((s%slots)+slots)%slots]
		if n > 0 && b.left == w.limit {
			b.reset = time.Unix(0, (s+slots)*int64(w.span/slots))
		}
		b.left -= n
	}
	return b
}

// notifies reports whether a request makes content that people are notified of.
func notifies(r *http.Request) bool {
	path := r.URL.Path
	return r.Method == http.MethodPost && (strings.HasSuffix(path, "/comments") || strings.HasSuffix(path, "/pulls"))
}
