package fakeprod

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Behaviour is how a version behaves.
type Behaviour struct {
	FailEvery int           // every nth request to / and /checkout answers 500; 0 is never
	Delay     time.Duration // added to each of them
	Sick      bool          // /healthz says so
}

// baseLatency is what a request takes in pretend time before any delay.
const baseLatency = 5 * time.Millisecond

// VersionOptions say what a version is.
type VersionOptions struct {
	Service string    // label "service"
	SHA     string    // label "version"
	Started time.Time // process_start_time_seconds
	Pretend bool      // delays are measured, but nobody waits for them
}

// Version is one running version of the shop: / and /checkout are the shop,
// /version, /healthz and /metrics are about it and not counted. Its behaviour
// may be changed while it runs.
type Version struct {
	opts      VersionOptions
	served    atomic.Int64
	failEvery atomic.Int64
	sick      atomic.Bool
	delay     atomic.Int64
	metrics   http.Handler
	good, bad prometheus.Counter
	duration  prometheus.Observer
	checkouts prometheus.Counter
	failed    prometheus.Counter
}

// NewVersion starts a version with metrics of its own, all series at 0.
func NewVersion(o VersionOptions, b Behaviour) *Version {
	v := &Version{opts: o}
	v.Behave(b)
	v.measure()
	return v
}

func (v *Version) measure() {
	labels := prometheus.Labels{"service": v.opts.Service, "version": v.opts.SHA}
	reg := prometheus.NewRegistry()
	requests := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "http_requests_total", Help: "Requests to the shop.", ConstLabels: labels,
	}, []string{"code"})
	duration := prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "http_request_duration_seconds", Help: "How long they took.", ConstLabels: labels,
		Buckets: []float64{.005, .01, .025, .05, .1, .2, .3, .5, 1, 2.5, 5},
	})
	v.checkouts = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "checkouts_total", Help: "Orders begun.", ConstLabels: labels,
	})
	v.failed = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "checkouts_failed_total", Help: "Orders that failed.", ConstLabels: labels,
	})
	start := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "process_start_time_seconds", Help: "When the version started, in Unix seconds.",
	})
	start.Set(float64(v.opts.Started.UnixMilli()) / 1000)
	reg.MustRegister(requests, duration, v.checkouts, v.failed, start)
	v.good, v.bad, v.duration = requests.WithLabelValues("200"), requests.WithLabelValues("500"), duration
	v.metrics = promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
}

// SHA is what runs.
func (v *Version) SHA() string { return v.opts.SHA }

// Behave changes how the version behaves from the next request on.
func (v *Version) Behave(b Behaviour) {
	v.FailEvery(b.FailEvery)
	v.Delay(b.Delay)
	v.sick.Store(b.Sick)
}

// Behaviour is how the version behaves now.
func (v *Version) Behaviour() Behaviour {
	return Behaviour{FailEvery: int(v.failEvery.Load()), Delay: time.Duration(v.delay.Load()), Sick: v.sick.Load()}
}

// FailEvery makes every nth request fail, counted from now on; 0 makes none.
func (v *Version) FailEvery(n int) {
	v.failEvery.Store(int64(max(0, n)))
	v.served.Store(0)
}

// Delay makes every request slower by d.
func (v *Version) Delay(d time.Duration) { v.delay.Store(int64(max(0, d))) }

// ServeHTTP answers as the shop.
func (v *Version) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/", "/checkout":
		v.shop(w, r)
	case "/version":
		writeJSON(w, http.StatusOK, map[string]string{"sha": v.opts.SHA})
	case "/healthz":
		if v.sick.Load() {
			http.Error(w, "the shop is unwell", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ok\n"))
	case "/metrics":
		v.metrics.ServeHTTP(w, r)
	default:
		http.NotFound(w, r)
	}
}

// Visit is a visitor of / or /checkout on pretend time: the delay is measured,
// and nobody waits for it, nor looks at more than the status.
func (v *Version) Visit(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(v.visited(r.URL.Path, baseLatency+time.Duration(v.delay.Load())))
}

func (v *Version) shop(w http.ResponseWriter, r *http.Request) {
	if v.visited(r.URL.Path, v.wait(r)) != http.StatusOK {
		http.Error(w, "the shop is confused", http.StatusInternalServerError)
		return
	}
	w.Header().Set("X-Version", v.opts.SHA)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, "<!doctype html><title>shop</title><p>Welcome to the shop, version %.7s.\n", v.opts.SHA)
}

// visited counts a visitor, and is what they are answered.
func (v *Version) visited(path string, took time.Duration) (status int) {
	fails := v.count()
	v.duration.Observe(took.Seconds())
	if path == "/checkout" {
		v.checkouts.Inc()
		if fails {
			v.failed.Inc()
		}
	}
	if fails {
		v.bad.Inc()
		return http.StatusInternalServerError
	}
	v.good.Inc()
	return http.StatusOK
}

// count counts a request and reports whether it is an nth one.
func (v *Version) count() bool {
	n := v.served.Add(1)
	every := v.failEvery.Load()
	return every > 0 && n%every == 0
}

// wait takes as long as the version is slow, and answers how long that was.
func (v *Version) wait(r *http.Request) time.Duration {
	d := time.Duration(v.delay.Load())
	if v.opts.Pretend {
		return baseLatency + d
	}
	began := time.Now()
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
		case <-r.Context().Done():
		}
	}
	return time.Since(began)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
