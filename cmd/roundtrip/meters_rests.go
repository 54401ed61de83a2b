package main

import (
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/roundtrip-bot/roundtrip/bot/dial"
)

// rests are all that leaves hosts alone which do not answer: one for each client.
type rests struct {
	mu  sync.Mutex
	all []*dial.Rest
}

// before is a new one that stands before what carries requests.
func (r *rests) before(next http.RoundTripper, now func() time.Time, asks bool) http.RoundTripper {
	one := dial.NewRest(next, now, asks)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, one)
	return one
}

var (
	restSinceDesc = prometheus.NewDesc("roundtrip_host_rests_since_timestamp_seconds", "Since when a host that does not answer is left alone.", []string{"host"}, nil)
	restUntilDesc = prometheus.NewDesc("roundtrip_host_rests_until_timestamp_seconds", "When a host that does not answer may be tried next.", []string{"host"}, nil)
)

// Describe implements prometheus.Collector.
func (*rests) Describe(c chan<- *prometheus.Desc) {
	c <- restSinceDesc
	c <- restUntilDesc
}

// Collect implements prometheus.Collector.
func (r *rests) Collect(c chan<- prometheus.Metric) {
	for host, h := range r.hosts() {
		c <- gauge(restSinceDesc, float64(h.Since.Unix()), host)
		c <- gauge(restUntilDesc, float64(h.Until.Unix()), host)
	}
}

// hosts that are left alone, at most as many as are told apart. Of one that
// several clients leave alone the longest rest counts.
func (r *rests) hosts() map[string]dial.Resting {
	r.mu.Lock()
	defer r.mu.Unlock()
	hosts := map[string]dial.Resting{}
	for _, one := range r.all {
		for _, h := range one.Resting() {
			known, is := hosts[h.Host]
			if is && known.Since.Before(h.Since) {
				h.Since = known.Since
			}
			if is && known.Until.After(h.Until) {
				h.Until = known.Until
			}
			if is || len(hosts) < mostHosts {
				hosts[h.Host] = h
			}
		}
	}
	return hosts
}
