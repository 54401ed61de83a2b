package github

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// limits remembers what GitHub said of its limits for one installation, asks
// for nothing while it wants to be left alone (whoever goes on is shut out for
// longer), and keeps the rest of a budget for what is pressing. go-github
// remembers too, but by the machine's clock, and ours is the store's.
type limits struct {
	next  http.RoundTripper
	now   func() time.Time
	paced bool // by what GitHub's own servers count besides

	mu           sync.Mutex
	until        time.Time // nothing is asked before
	asked        time.Time // when that was said, by our clock
	core         budget
	graphql      budget
	minute, hour window // of content that people are notified of
}

func newLimits(next http.RoundTripper, now func() time.Time, paced bool) *limits {
	return &limits{
		next: next, now: now, paced: paced,
		minute: window{span: time.Minute, limit: contentsAMinute}, hour: window{span: time.Hour, limit: contentsAnHour},
	}
}

// limited: GitHub asked us to wait, and nothing was sent.
type limited struct{ wait time.Duration }

func (l limited) Error() string { return fmt.Sprintf("GitHub asked for %s without requests", l.wait) }

// RoundTrip implements http.RoundTripper.
func (l *limits) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := l.admit(req); err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // as every RoundTripper must
		}
		return nil, err
	}
	resp, err := l.next.RoundTrip(req)
	if err == nil {
		l.learn(req, resp)
	}
	return resp, err
}

// admit counts a request that may be sent now, or says why it may not.
func (l *limits) admit(req *http.Request) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if left := l.until.Sub(now); left > 0 && !now.Before(l.asked) { // else the clock was set back, and it would be longer than what was asked for
		return limited{left}
	}
	if minting(req) { // the app's budget, of which nothing else is spent
		return nil
	}
	if err := l.spare(req, bot.PriorityIn(req.Context()), now); err != nil {
		return err
	}
	if l.paced && notifies(req) {
		l.minute.add(now)
		l.hour.add(now)
	}
	return nil
}

// spare says which budget of those that a request spends is kept for others.
func (l *limits) spare(req *http.Request, p bot.Priority, now time.Time) error {
	spent := []spared{{what: "requests", budget: *l.of(resource(req))}}
	if l.paced && notifies(req) {
		spent = append(spent, spared{what: "comments a minute", budget: l.minute.budget(now)}, spared{what: "comments an hour", budget: l.hour.budget(now)})
	}
	for _, s := range spent {
		if s.wait = s.waits(p, now); s.wait > 0 {
			s.until, s.priority = now.Add(s.wait), p
			return s
		}
	}
	return nil
}

func (l *limits) of(resource string) *budget {
	if resource == graphql {
		return &l.graphql
	}
	return &l.core
}

// learn reads what an answer says of limits. A moment at which requests are
// allowed again becomes the time until then.
func (l *limits) learn(req *http.Request, r *http.Response) {
	now := l.now()
	spent := r.Header.Get("X-Ratelimit-Remaining") == "0"
	at, err := strconv.ParseInt(r.Header.Get("X-Ratelimit-Reset"), 10, 64)
	if spent && err == nil && r.Header.Get("Retry-After") == "" {
		r.Header.Set("Retry-After", strconv.Itoa(int(bounded(time.Unix(at, 0).Sub(now)).Seconds())))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	// An answer to somebody who is not known tells of the limit of whoever is at our address.
	if b, name := told(r.Header); r.StatusCode != http.StatusUnauthorized && !minting(req) && (name == core || name == graphql) {
		b.heard = now
		*l.of(name) = l.of(name).with(b)
	}
	refused := r.StatusCode == http.StatusForbidden || r.StatusCode == http.StatusTooManyRequests
	s, err := strconv.Atoi(r.Header.Get("Retry-After"))
	if err != nil || s < 0 || !spent && !refused {
		return
	}
	if until := now.Add(bounded(time.Duration(s) * time.Second)); until.After(l.until) || now.Before(l.asked) {
		l.until, l.asked = until, now
	}
}

func minting(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/access_tokens") }

// resource is the budget of which a request spends.
func resource(r *http.Request) string {
	if strings.HasSuffix(r.URL.Path, "/graphql") {
		return graphql
	}
	return core
}

// session is go-github's client for one call: what it remembers of limits ends
// with it.
func (c *Client) session(h *http.Client) *gh.Client {
	client := gh.NewClient(h)
	client.BaseURL = c.api
	return client
}
