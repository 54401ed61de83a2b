package main

import (
	"encoding/json"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
)

// lags are how long deliveries take: to us, and with us until their plan is
// saved.
type lags struct{ plan, way *prometheus.HistogramVec }

var lagBuckets = []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600}

func newLags() *lags {
	histogram := func(name, help string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: lagBuckets}, []string{"source"})
	}
	return &lags{
		plan: histogram("roundtrip_delivery_lag_seconds", "From a delivery's arrival, of a timer its due time, until the plan about it was saved."),
		way:  histogram("roundtrip_command_transit_seconds", "From when a command was written, by GitHub's or Slack's clock in whole seconds, until it reached us."),
	}
}

// begin of handling a delivery: what was waited for until now is by the
// store's clock, and what handling takes by this process's.
func (l *lags) begin(w engine.Work) func(engine.Work) {
	begun := time.Now()
	return func(end engine.Work) {
		if end.Error != "" {
			return // it is tried again, and takes longer
		}
		came := w.Letter.At
		if w.Letter.Due.After(came) {
			came = w.Letter.Due
		}
		l.plan.WithLabelValues(w.Letter.Source).Observe(max(0, (w.Now.Sub(came) + time.Since(begun)).Seconds()))
		if written := writtenAt(w.Letter); !written.IsZero() {
			l.way.WithLabelValues(w.Letter.Source).Observe(max(0, w.Letter.At.Sub(written).Seconds()))
		}
	}
}

// writtenAt is when somebody gave the command or pressed the button that is in
// a letter; zero for all others.
func writtenAt(l bot.Letter) time.Time {
	if l.Kind != bot.EventKind(bot.CommandGiven{}) && l.Kind != bot.EventKind(bot.ButtonPressed{}) {
		return time.Time{}
	}
	var e struct {
		At time.Time `json:"at"`
	}
	_ = json.Unmarshal(l.Event, &e) // the handler read it
	return e.At
}
