package main

import (
	"net/http"
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// budgets are what GitHub's answers said last of how many requests are left.
type budgets struct {
	mu   sync.Mutex
	said map[purse]purseSays
	last []int64 // installations by last answer, oldest first
}

type purse struct {
	installation int64 // 0: the app itself
	resource     string
}

type purseSays struct{ limit, remaining, reset float64 }

// mostInstallations bounds of how many installations is told: those that
// GitHub answered last.
const mostInstallations = 50

var (
	limitDesc     = prometheus.NewDesc("roundtrip_github_limit", "Requests that GitHub allows in its hour, as it said last.", []string{"installation", "resource"}, nil)
	remainingDesc = prometheus.NewDesc("roundtrip_github_remaining", "Requests that are left of them.", []string{"installation", "resource"}, nil)
	resetDesc     = prometheus.NewDesc("roundtrip_github_reset_timestamp_seconds", "When GitHub's next hour begins, by its clock.", []string{"installation", "resource"}, nil)
)

func newBudgets() *budgets { return &budgets{said: map[purse]purseSays{}} }

// seen reads the headers of an answer.
func (b *budgets) seen(installation int64, h http.Header) {
	var v [3]float64
	for i, name := range []string{"Limit", "Remaining", "Reset"} {
		n, err := strconv.ParseInt(h.Get("X-Ratelimit-"+name), 10, 64)
		if err != nil {
			return
		}
		v[i] = float64(n)
	}
	p := purse{installation, h.Get("X-Ratelimit-Resource")}
	if len(p.resource) > 40 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.use(installation)
	b.said[p] = purseSays{v[0], v[1], v[2]}
}

// use notes an installation, and forgets the one that was longest silent.
func (b *budgets) use(installation int64) {
	for i, id := range b.last {
		if id == installation {
			b.last = append(b.last[:i], b.last[i+1:]...)
			break
		}
	}
	b.last = append(b.last, installation)
	if len(b.last) <= mostInstallations {
		return
	}
	for p := range b.said {
		if p.installation == b.last[0] {
			delete(b.said, p)
		}
	}
	b.last = b.last[1:]
}

// Describe implements prometheus.Collector.
func (b *budgets) Describe(c chan<- *prometheus.Desc) {
	c <- limitDesc
	c <- remainingDesc
	c <- resetDesc
}

// Collect implements prometheus.Collector.
func (b *budgets) Collect(c chan<- prometheus.Metric) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for p, s := range b.said {
		who := "app"
		if p.installation != 0 {
			who = strconv.FormatInt(p.installation, 10)
		}
		c <- gauge(limitDesc, s.limit, who, p.resource)
		c <- gauge(remainingDesc, s.remaining, who, p.resource)
		c <- gauge(resetDesc, s.reset, who, p.resource)
	}
}
