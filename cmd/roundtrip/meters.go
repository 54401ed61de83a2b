package main

import (
	"context"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/web"
)

// meters are what the operator's Prometheus sees of us.
type meters struct {
	pages      http.Handler
	registry   *prometheus.Registry
	effects    *prometheus.CounterVec
	turnedAway prometheus.Counter
}

func newMeters(db database, name string) *meters {
	m := &meters{
		pages:    web.Pages(db, name),
		registry: prometheus.NewRegistry(),
		effects: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roundtrip_effects_total", Help: "Effects that ended, by kind and how.",
		}, []string{"kind", "outcome"}),
		turnedAway: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "roundtrip_hooks_turned_away_total", Help: "Deliveries answered with 503, since too much was being read, or waited to be stored, at once.",
		}),
	}
	m.registry.MustRegister(m.effects, m.turnedAway, boxes{db}, missed{db}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *meters) ended(t bot.Task) { m.effects.WithLabelValues(t.Kind, t.State).Inc() }

// handler serves /metrics, profiles and the bot's own pages, which show titles
// of changes to whoever comes; not for the internet.
func (m *meters) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.Handle("/", m.pages)
	return mux
}

// boxes counts the rows of inbox and outbox when it is asked.
type boxes struct{ db database }

var (
	inboxDesc  = prometheus.NewDesc("roundtrip_inbox_deliveries", "Deliveries by source and state; ours and timers are events of our own making, ignored ones are not understood or not acted on.", []string{"source", "state"}, nil)
	outboxDesc = prometheus.NewDesc("roundtrip_outbox_effects", "Effects by state.", []string{"state"}, nil)
)

func (b boxes) Describe(c chan<- *prometheus.Desc) { c <- inboxDesc; c <- outboxDesc }

func (b boxes) Collect(c chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	inbox, err := b.db.Tally(ctx)
	if err != nil {
		c <- prometheus.NewInvalidMetric(inboxDesc, err)
		return
	}
	for _, t := range inbox {
		c <- prometheus.MustNewConstMetric(inboxDesc, prometheus.GaugeValue, float64(t.N), t.Source, t.State)
	}
	_, outbox, err := b.db.Count(ctx)
	if err != nil {
		c <- prometheus.NewInvalidMetric(outboxDesc, err)
		return
	}
	for state, n := range outbox {
		c <- prometheus.MustNewConstMetric(outboxDesc, prometheus.GaugeValue, float64(n), state)
	}
}
