package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// boxes looks into inbox and outbox when it is asked.
type boxes struct{ db database }

var (
	inboxDesc    = prometheus.NewDesc("roundtrip_inbox_deliveries", "Deliveries by source and state; ours and timers are events of our own making, ignored ones are not understood or not acted on.", []string{"source", "state"}, nil)
	outboxDesc   = prometheus.NewDesc("roundtrip_outbox_effects", "Effects by state.", []string{"state"}, nil)
	countedDesc  = prometheus.NewDesc("roundtrip_counted_seconds", "How long ago what is over was counted, done and ignored deliveries and ended effects, where too much is open to follow it; all else is counted now.", nil, nil)
	oldestDesc   = prometheus.NewDesc("roundtrip_oldest_seconds", "How long the oldest in a box waits already; 0 when nothing does.", []string{"box"}, nil)
	retryingDesc = prometheus.NewDesc("roundtrip_retrying", "What was tried in vain and waits to be tried again.", []string{"box"}, nil)
)

// Describe implements prometheus.Collector.
func (b boxes) Describe(c chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{inboxDesc, outboxDesc, countedDesc, oldestDesc, retryingDesc} {
		c <- d
	}
}

// Collect implements prometheus.Collector. What the database does not tell is
// an error of the whole look: a gap is seen, a zero would be believed.
func (b boxes) Collect(c chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for _, look := range []func(context.Context, chan<- prometheus.Metric) error{b.sizes, b.backlog} {
		if err := look(ctx, c); err != nil {
			c <- prometheus.NewInvalidMetric(inboxDesc, err)
			return
		}
	}
}

func (b boxes) sizes(ctx context.Context, c chan<- prometheus.Metric) error {
	now, err := b.db.Now(ctx)
	if err != nil {
		return err
	}
	list, err := b.db.Tally(ctx)
	oldest := now
	for _, t := range list {
		if t.At.Before(oldest) {
			oldest = t.At
		}
		if t.Outbox {
			c <- gauge(outboxDesc, float64(t.N), t.State)
			continue
		}
		c <- gauge(inboxDesc, float64(t.N), t.Source, t.State)
	}
	if err == nil {
		c <- gauge(countedDesc, age(now, oldest))
	}
	return err
}

func (b boxes) backlog(ctx context.Context, c chan<- prometheus.Metric) error {
	now, err := b.db.Now(ctx)
	if err != nil {
		return err
	}
	l, err := b.db.Backlog(ctx)
	if err != nil {
		return err
	}
	c <- gauge(oldestDesc, age(now, l.Letter), "inbox")
	c <- gauge(oldestDesc, age(now, l.Task), "outbox")
	c <- gauge(retryingDesc, float64(l.Letters), "inbox")
	c <- gauge(retryingDesc, float64(l.Effects), "outbox")
	return nil
}

func gauge(d *prometheus.Desc, v float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

func age(now, then time.Time) float64 {
	if then.IsZero() {
		return 0
	}
	return max(0, now.Sub(then).Seconds())
}
