package fakeprod

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// Load is people in the shop: one in five requests is a checkout, spread by
// the golden ratio, so that their rhythm never falls in step with a canary's
// share or with every nth failure.
type Load struct {
	shop    http.Handler // of Advance
	mu      sync.Mutex   // one Advance at a time
	owed    float64      // requests not yet made, less than one
	count   uint64       // requests made
	sent    atomic.Int64
	failed  atomic.Int64
	page    *http.Request
	counter *http.Request
}

// Sums is what became of the load.
type Sums struct {
	Sent   int64 // answered or not
	Failed int64 // answered 5xx, or not at all
}

// NewLoad makes a load for a shop that is called in process; shop may be nil
// for Run alone.
func NewLoad(shop http.Handler) *Load {
	request := func(path string) *http.Request {
		return &http.Request{
			Method: http.MethodGet, URL: &url.URL{Path: path}, Host: "shop", RequestURI: path,
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: http.NoBody,
		}
	}
	return &Load{shop: shop, page: request("/"), counter: request("/checkout")}
}

// Sums counts what was sent so far.
func (l *Load) Sums() Sums { return Sums{Sent: l.sent.Load(), Failed: l.failed.Load()} }

// Advance makes the requests of the time between two moments, in process and
// in order: rps times the seconds; what is less than a whole request is kept
// for the next time. It answers how many it made.
func (l *Load) Advance(from, to time.Time, rps float64) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.due(to.Sub(from), rps)
	for range n {
		r := l.page
		if l.checkout() {
			r = l.counter
		}
		w := answer{}
		l.shop.ServeHTTP(&w, r)
		l.note(w.status)
	}
	return n
}

// Run sends real requests to a shop at url until ctx ends, rps a second at
// most: a shop that is slow for all of forty at once gets fewer.
func (l *Load) Run(ctx context.Context, url string, rps float64) {
	l.RunAt(ctx, url, func() float64 { return rps })
}

// RunAt is Run with a rate that may change: it is asked anew each time.
func (l *Load) RunAt(ctx context.Context, url string, rps func() float64) {
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: workers}}
	defer client.CloseIdleConnections()
	paths := make(chan string)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for path := range paths {
				if status := get(ctx, client, url+path); status != 0 || ctx.Err() == nil {
					l.note(status) // what we cut off ourselves says nothing
				}
			}
		})
	}
	l.feed(ctx, paths, rps)
	close(paths)
	all.Wait()
}

// workers is how many requests Run has on their way at most.
const workers = 40

func (l *Load) feed(ctx context.Context, paths chan<- string, rps func() float64) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			for _, path := range l.paths(now.Sub(last), rps()) {
				select {
				case paths <- path:
				case <-ctx.Done():
					return
				}
			}
			last = now
		}
	}
}

func (l *Load) paths(d time.Duration, rps float64) (list []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range l.due(min(d, time.Second), rps) {
		path := "/"
		if l.checkout() {
			path = "/checkout"
		}
		list = append(list, path)
	}
	return list
}

// due is how many whole requests are owed after d more.
func (l *Load) due(d time.Duration, rps float64) int {
	const noise = 1e-6 // of adding fractions
	l.owed += max(0, rps*d.Seconds())
	n := int(l.owed + noise)
	l.owed -= float64(n)
	return n
}

// checkout reports whether the next request is one: when the fraction of its
// number times the golden ratio is below a fifth.
func (l *Load) checkout() bool {
	l.count++
	return l.count*0x9E3779B97F4A7C15 < 1<<64/5
}

func (l *Load) note(status int) {
	l.sent.Add(1)
	if status == 0 || status >= 500 {
		l.failed.Add(1)
	}
}

// get answers the status, 0 when there was no answer.
func get(ctx context.Context, client *http.Client, url string) int {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0
	}
	resp, err := client.Do(r)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return resp.StatusCode
}

// answer is a ResponseWriter that keeps the status alone.
type answer struct {
	status int
	header http.Header
}

func (a *answer) Header() http.Header {
	if a.header == nil {
		a.header = http.Header{}
	}
	return a.header
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return len(b), nil
}
