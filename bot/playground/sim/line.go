package sim

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// line carries a replica's requests to the world. The stand-ins themselves
// answer as the faults say.
type line struct {
	l  *life
	to http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (n line) RoundTrip(r *http.Request) (*http.Response, error) {
	l := n.l
	if strings.HasPrefix(r.URL.Path, "/shop/") {
		if l.dead {
			return nil, errGone
		}
		return n.to.RoundTrip(r) // both arms are asked at once, and it moves nothing
	}
	what := r.Method + " " + r.URL.RequestURI()
	aimed, err := l.pass(what)
	if err != nil {
		return nil, err
	}
	if err := l.late(); err != nil {
		return nil, err
	}
	l.unsaid = l.unsaid || (l.woke || l.lease.over) && r.Method != http.MethodGet
	l.woke = false
	l.requests++
	f := l.onLine[l.requests]
	if aimed.Aim != "" {
		f = aimed
	}
	l.fail(r.URL.Path, f)
	resp, err := n.to.RoundTrip(r)
	l.changed()
	if f.Kind == slow {
		l.happened(f)
		l.until = l.clock.Now().Add(f.For)
	}
	if _, gone := l.pass("answered " + outcome(resp, err) + " to " + what); gone != nil {
		return nil, gone
	}
	if late := l.late(); late != nil {
		return nil, late
	}
	if f.Kind == slow && f.For > patience {
		return nil, context.DeadlineExceeded
	}
	return resp, err
}

// patience is how long the adapters wait for an answer.
const patience = 10 * time.Second

func outcome(resp *http.Response, err error) string {
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(resp.StatusCode)
}

// fail makes the next request to whoever answers at a path go wrong.
func (p *play) fail(path string, f Fault) {
	if f.Kind != refuse && f.Kind != lose && f.Kind != limit {
		return
	}
	p.happened(f)
	switch {
	case strings.HasPrefix(path, "/stand-in/github/"):
		p.world.GitHub.Fail(fakegithub.Fault{
			Route: "*", Times: 1, Status: map[string]int{refuse: http.StatusBadGateway}[f.Kind], Lost: f.Kind == lose, Secondary: f.Kind == limit, RetryAfter: f.For,
		})
	case strings.HasPrefix(path, "/stand-in/slack/"):
		p.world.Slack.Fail(fakeslack.Fault{
			Method: "*", Times: 1, Status: map[string]int{refuse: http.StatusServiceUnavailable, limit: http.StatusTooManyRequests}[f.Kind], Lost: f.Kind == lose, RetryAfter: f.For,
		})
	case f.Kind == lose:
		p.world.Prod.LoseAnswers(1)
	default:
		p.world.Prod.Unavailable(1)
	}
}
