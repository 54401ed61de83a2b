package main

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// requests are those to hosts outside.
type requests struct {
	took  *prometheus.HistogramVec
	also  func(http.RoundTripper) http.RoundTripper // looks on as well; nil: nobody
	mu    sync.Mutex
	hosts map[string]bool
}

// mostHosts bounds by how many names hosts are told apart.
const mostHosts = 50

func newRequests() *requests {
	return &requests{hosts: map[string]bool{}, took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "roundtrip_requests_seconds", Help: "Requests to a host until its answer began, by the answer: 2xx to 5xx, limited (it asked us to wait), or none.",
		Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
	}, []string{"host", "outcome"})}
}

// watch stands before what carries requests.
func (r *requests) watch(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	if r.also != nil {
		next = r.also(next)
	}
	return counted{next, r}
}

type counted struct {
	next http.RoundTripper
	*requests
}

// RoundTrip implements http.RoundTripper.
func (c counted) RoundTrip(req *http.Request) (*http.Response, error) {
	begun := time.Now()
	resp, err := c.next.RoundTrip(req)
	c.took.WithLabelValues(c.host(req.URL.Host), outcomeOf(resp, err)).Observe(time.Since(begun).Seconds())
	return resp, err
}

// CloseIdleConnections of what carries the requests.
func (c counted) CloseIdleConnections() { (&http.Client{Transport: c.next}).CloseIdleConnections() }

func (r *requests) host(name string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.hosts[name] && len(r.hosts) >= mostHosts {
		return "others"
	}
	r.hosts[name] = true
	return name
}

func outcomeOf(resp *http.Response, err error) string {
	switch {
	case err != nil:
		return "none"
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode == http.StatusForbidden && (resp.Header.Get("Retry-After") != "" || resp.Header.Get("X-Ratelimit-Remaining") == "0"):
		return "limited"
	}
	return strconv.Itoa(resp.StatusCode/100) + "xx"
}
