package main

import (
	"context"
	"net/http"
	"net/http/pprof"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
)

// meters are what the operator's Prometheus sees of us.
type meters struct {
	pages      http.Handler
	registry   *prometheus.Registry
	effects    *prometheus.CounterVec
	turnedAway prometheus.Counter
	leases     prometheus.Counter
	lags       *lags
	requests   *requests
	budgets    *budgets
	rests      *rests
}

func newMeters(db database, pages http.Handler) *meters {
	m := &meters{
		pages:    pages,
		registry: prometheus.NewRegistry(),
		effects: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roundtrip_effects_total", Help: "Effects that ended, by kind and how.",
		}, []string{"kind", "outcome"}),
		turnedAway: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "roundtrip_hooks_turned_away_total", Help: "Deliveries answered with 503, since too much was being read, or waited to be stored, at once.",
		}),
		leases: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "roundtrip_leases_lost_total", Help: "Leases that could not be renewed, or were gone when the work was to be saved: it was cut off or not saved, and is tried again.",
		}),
		lags: newLags(), requests: newRequests(), budgets: newBudgets(), rests: &rests{},
	}
	m.registry.MustRegister(m.ours(db)...)
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// ours are those that docs/operating.md tells of.
func (m *meters) ours(db database) []prometheus.Collector {
	return []prometheus.Collector{
		m.effects, m.turnedAway, m.leases, m.lags.plan, m.lags.way, m.requests.took, m.budgets, m.rests, boxes{db}, missed{db},
	}
}

func (m *meters) ended(t bot.Task) { m.effects.WithLabelValues(t.Kind, t.State).Inc() }

// observe is the engine's observer.
func (m *meters) observe(ctx context.Context, w engine.Work) (context.Context, func(engine.Work)) {
	switch w.What {
	case engine.Handling:
		return ctx, m.lags.begin(w)
	case engine.Losing:
		m.leases.Inc()
	}
	return ctx, func(engine.Work) {}
}

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
