package github

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// limits remembers how long GitHub asked us to wait, and asks for nothing
// before: whoever goes on is shut out for longer. go-github remembers too, but
// by the machine's clock, and ours is the store's.
type limits struct {
	next  http.RoundTripper
	now   func() time.Time
	mu    sync.Mutex
	until time.Time
}

// limited: GitHub asked us to wait, and nothing was sent.
type limited struct{ wait time.Duration }

func (l limited) Error() string { return fmt.Sprintf("GitHub asked for %s without requests", l.wait) }

// RoundTrip implements http.RoundTripper.
func (l *limits) RoundTrip(req *http.Request) (*http.Response, error) {
	l.mu.Lock()
	left := l.until.Sub(l.now())
	l.mu.Unlock()
	if left > 0 {
		if req.Body != nil {
			_ = req.Body.Close() // as every RoundTripper must
		}
		return nil, limited{left}
	}
	resp, err := l.next.RoundTrip(req)
	if err == nil {
		l.learn(resp)
	}
	return resp, err
}

// learn reads what an answer says of limits. A moment at which requests are
// allowed again becomes the time until then.
func (l *limits) learn(r *http.Response) {
	now := l.now()
	spent := r.Header.Get("X-Ratelimit-Remaining") == "0"
	at, err := strconv.ParseInt(r.Header.Get("X-Ratelimit-Reset"), 10, 64)
	if spent && err == nil && r.Header.Get("Retry-After") == "" {
		r.Header.Set("Retry-After", strconv.Itoa(int(bounded(time.Unix(at, 0).Sub(now)).Seconds())))
	}
	refused := r.StatusCode == http.StatusForbidden || r.StatusCode == http.StatusTooManyRequests
	s, err := strconv.Atoi(r.Header.Get("Retry-After"))
	if err != nil || s < 0 || !spent && !refused {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = now.Add(bounded(time.Duration(s) * time.Second))
}

// session is go-github's client for one call: what it remembers of limits ends
// with it.
func (c *Client) session(h *http.Client) *gh.Client {
	client := gh.NewClient(h)
	client.BaseURL = c.api
	return client
}
