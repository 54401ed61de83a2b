package dial

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Resting says that a host was not asked: it did not answer so often in a row
// that it is left alone for a while. To try again later helps, as it does when
// nobody answers.
type Resting struct {
	Host     string // host:port
	Failures int
	Since    time.Time // when it was first left alone
	Until    time.Time // when it is asked again
}

func (e Resting) Error() string { return e.Host + " " + e.Plainly() }

// Plainly is the error without the host, which not everybody may read.
func (e Resting) Plainly() string {
	return fmt.Sprintf("did not answer %d times in a row; asked again at %s UTC", e.Failures, e.Until.UTC().Format("15:04:05"))
}

// Rest stands before what carries one client's requests, and leaves alone for
// a while each host that does not answer: no connection, no answer in time or
// to its end, or 502, 503 or 504. Any other answer is one: a 500 may be about
// that one request. Who did not answer five times in a row is left alone for
// five seconds, and then for up to a minute, and tried once after each.
//
// What is urgent tries every five seconds, and what is urgent and changes
// something is always sent: taking production back waits for no trial.
type Rest struct {
	next http.RoundTripper
	now  func() time.Time
	asks bool
	mu   sync.Mutex
	by   map[string]*circuit // host:port
}

// NewRest before next, by a clock; the machine's when nil. asks says that its
// requests change nothing, whatever their method.
func NewRest(next http.RoundTripper, now func() time.Time, asks bool) *Rest {
	if next == nil {
		next = http.DefaultTransport
	}
	if now == nil {
		now = time.Now
	}
	return &Rest{next: next, now: now, asks: asks, by: map[string]*circuit{}}
}

// RoundTrip implements http.RoundTripper.
func (r *Rest) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := r.admit(req); err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // as every RoundTripper must
		}
		return nil, err
	}
	resp, err := r.next.RoundTrip(req)
	switch {
	case err != nil:
		r.failed(req, err)
	case silent(resp):
		r.ended(req, false)
	default:
		resp.Body = &toItsEnd{ReadCloser: resp.Body, ended: sync.OnceFunc(func() { r.ended(req, true) }), failed: func(err error) { r.failed(req, err) }}
	}
	return resp, err
}

// silent reports whether an answer is that of somebody between us and the host,
// who got none. One that says when to come again is the host's own.
func silent(resp *http.Response) bool {
	return resp.StatusCode >= http.StatusBadGateway && resp.StatusCode <= http.StatusGatewayTimeout && resp.Header.Get("Retry-After") == ""
}

// CloseIdleConnections of what carries the requests.
func (r *Rest) CloseIdleConnections() { (&http.Client{Transport: r.next}).CloseIdleConnections() }

func (r *Rest) admit(req *http.Request) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, known := r.by[req.URL.Host]
	if !known {
		return nil
	}
	if until := c.admit(r.wanted(req), r.now()); !until.IsZero() {
		return Resting{Host: req.URL.Host, Failures: c.failures, Since: c.since, Until: until}
	}
	return nil
}

// Resting are the hosts that are left alone, in no order.
func (r *Rest) Resting() (list []Resting) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for host, c := range r.by {
		if c.failures >= failsToRest {
			list = append(list, Resting{Host: host, Failures: c.failures, Since: c.since, Until: c.next})
		}
	}
	return list
}

func (r *Rest) wanted(req *http.Request) want {
	switch {
	case bot.PriorityIn(req.Context()) != bot.Urgent:
		return usual
	case r.asks, req.Method == http.MethodGet, req.Method == http.MethodHead:
		return pressing
	}
	return moving
}

// failed takes note of an error that is the host's: not when we gave up, or do
// not dial it.
func (r *Rest) failed(req *http.Request, err error) {
	if errors.Is(err, context.Canceled) || errors.As(err, &Refused{}) {
		return
	}
	r.ended(req, false)
}

// ended takes note of how a request ended. Only who fails is remembered.
func (r *Rest) ended(req *http.Request, answered bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	host := req.URL.Host
	if answered {
		delete(r.by, host)
		return
	}
	if r.by[host] == nil {
		if len(r.by) >= mostHosts {
			clear(r.by)
		}
		r.by[host] = &circuit{}
	}
	r.by[host].ended(false, r.now())
}
