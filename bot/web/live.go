package web

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// How often a page that is open asks whether something happened, and after
// how long it is shown anew in any case, since it says how long things last.
const (
	lookEvery  = 2 * time.Second
	renewEvery = time.Minute
	// mostListeners bounds the pages that are told of news at once. A page that
	// is not goes on asking whether there is room.
	mostListeners = 256
)

// live tells a page, as Server-Sent Events, that it should be fetched again.
// It ends with the server; the browser connects again by itself.
func (s *site) live(w http.ResponseWriter, r *http.Request) {
	if s.listeners.Add(1) > mostListeners {
		s.listeners.Add(-1)
		w.Header().Set("Retry-After", retryAfter)
		say(w, http.StatusServiceUnavailable, "too many pages are open: close some, or load this one again to see what is new")
		return
	}
	defer s.listeners.Add(-1)
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	out := http.NewResponseController(w)
	last, err := s.pulse.now(r.Context())
	if err != nil {
		say(w, http.StatusServiceUnavailable, "the database does not answer")
		return
	}
	tell(w, out, "retry: 3000\n\n")
	tick, renew := time.NewTicker(lookEvery), time.NewTicker(renewEvery)
	defer tick.Stop()
	defer renew.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-renew.C:
			tell(w, out, "data: time\n\n")
		case <-tick.C:
			now, err := s.pulse.now(r.Context())
			if err != nil {
				return
			}
			if now != last {
				last = now
				tell(w, out, "data: news\n\n")
			}
		}
	}
}

// tell sends an event at once. The server's limit on how long an answer takes
// is for answers that end.
func tell(w io.Writer, out *http.ResponseController, event string) {
	_ = out.SetWriteDeadline(time.Now().Add(2 * renewEvery)) // where there is no limit there is none to move
	_, _ = io.WriteString(w, event)                          // who hung up ends it by the request's context
	_ = out.Flush()
}

// pulse says whether something happened: each document that changes comes with
// a delivery that is done. However many pages are open, the database is asked
// once in lookEvery.
type pulse struct {
	count func(context.Context) (inbox, outbox map[string]int, err error)
	mu    sync.Mutex
	at    time.Time
	beat  string
}

func (p *pulse) now(ctx context.Context) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.at) < lookEvery/2 {
		return p.beat, nil
	}
	inbox, outbox, err := p.count(ctx)
	if err != nil {
		return "", err
	}
	p.at, p.beat = time.Now(), beat(inbox)+"/"+beat(outbox)
	return p.beat, nil
}

func beat(counts map[string]int) (s string) {
	for _, state := range slices.Sorted(maps.Keys(counts)) {
		s += fmt.Sprintf("%s %d ", state, counts[state])
	}
	return s
}
