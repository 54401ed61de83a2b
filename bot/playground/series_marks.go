package playground

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// live is what runs in an environment at a moment, by commit.
func live(s *fakeprod.Shop) running {
	r := running{Environment: Production, Stable: s.Stable().SHA(), Weight: s.Weight()}
	if c := s.Canary(); c != nil {
		r.Canary = c.SHA()
	}
	return r
}

// mark notes what is otherwise than at the last look.
func (s *series) mark(now time.Time, is running) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.last
	s.last = is
	if was.Stable == "" || is == was {
		return
	}
	m := Mark{At: now.UnixMilli(), Kind: "deploy"}
	switch {
	case is.Stable != was.Stable:
		m.Text = short(is.Stable) + " is stable, with all the traffic"
	case is.Canary == "":
		m.Kind, m.Text = "bad", short(was.Canary)+" is gone, the traffic is back"
	case is.Canary != was.Canary:
		m.Text = fmt.Sprintf("%s begins with %d %%", short(is.Canary), is.Weight)
	default:
		m.Kind, m.Text = "weight", fmt.Sprintf("%s gets %d %%", short(is.Canary), is.Weight)
	}
	s.marks = append(s.marks, m)
}

// markVerdicts notes what the bot says in the threads of #shop-deploys, as
// somebody would who reads along.
func (w *World) markVerdicts(now time.Time) {
	for _, m := range w.Slack.Messages("shop-deploys") {
		if kind := verdictIn(m.Text); m.IsReply() && kind != "" {
			w.series.verdict(m.TS, Mark{At: now.UnixMilli(), Kind: kind, Text: strings.TrimSpace(m.Text)})
		}
	}
}

func verdictIn(text string) string {
	switch {
	case strings.HasPrefix(text, "✅ Healthy"):
		return "good"
	case strings.HasPrefix(text, "⛔ Rolling back"):
		return "bad"
	}
	return ""
}

func (s *series) verdict(ts string, m Mark) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.told[ts] {
		s.told[ts] = true
		s.marks = append(s.marks, m)
	}
}

// showSeries answers /series.
func (w *World) showSeries(rw http.ResponseWriter, _ *http.Request) {
	body, err := json.Marshal(w.Series())
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.Header().Set("Cache-Control", "no-store")
	_, _ = rw.Write(body) // who hung up has no use for it
}

// Clock is when it happened.
func (m Mark) Clock() string { return time.UnixMilli(m.At).Format("15:04:05") }
