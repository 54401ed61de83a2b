package playground

import (
	"fmt"
	"net/http"
)

// breaking is the page on which the world is broken, and which counts what
// holds all the same.
type breaking struct {
	frame
	Breaks []Break
	Kills  int
	Score  []Invariant
	Quiet  bool
	Away   string // why there is nothing to judge now
}

func (w *World) showBreak(rw http.ResponseWriter, r *http.Request) {
	b := breaking{frame: w.frame(r, "/break-it", "Break it"), Breaks: w.Breaks()}
	w.mu.Lock()
	b.Kills = w.kills
	w.mu.Unlock()
	seen, err := w.Seen(r.Context())
	if err != nil {
		b.Away = err.Error()
	} else {
		b.Score, b.Quiet = Judge(seen), seen.Quiet
	}
	render(rw, "break", b)
}

// formBreak throws a switch, or kills the bot.
func (w *World) formBreak(r *http.Request) error {
	if r.FormValue("kill") != "" {
		return w.Kill()
	}
	for _, b := range w.Breaks() {
		if b.Name == r.FormValue("break") {
			return w.Break(b.Name, !b.On)
		}
	}
	return fmt.Errorf("there is nothing to break by the name of %q", r.FormValue("break"))
}
