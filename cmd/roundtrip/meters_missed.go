package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/roundtrip-bot/roundtrip/handlers"
)

// missed counts, when it is asked, what GitHub sent and did not reach us.
type missed struct{ db database }

var (
	missedDesc = prometheus.NewDesc("roundtrip_missed_deliveries", "What GitHub sent and did not reach us: fetched or lost ever, waiting to be fetched now.", []string{"state"}, nil)
	lookedDesc = prometheus.NewDesc("roundtrip_missed_looked_timestamp_seconds", "When the last look at what GitHub sent came to its end; absent before the first.", nil, nil)
)

func (m missed) Describe(c chan<- *prometheus.Desc) { c <- missedDesc; c <- lookedDesc }

func (m missed) Collect(c chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	b, err := handlers.BehindOf(ctx, m.db)
	if err != nil {
		c <- prometheus.NewInvalidMetric(missedDesc, err)
		return
	}
	for state, n := range map[string]int{"fetched": b.Fetched, "lost": b.Lost, "waiting": b.Waiting} {
		c <- prometheus.MustNewConstMetric(missedDesc, prometheus.GaugeValue, float64(n), state)
	}
	if !b.Looked.IsZero() {
		c <- prometheus.MustNewConstMetric(lookedDesc, prometheus.GaugeValue, float64(b.Looked.Unix()))
	}
}
