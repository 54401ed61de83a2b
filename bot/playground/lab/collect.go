package lab

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Collect takes a /metrics page of an instance of a job, as Prometheus does:
// each series gets the two labels, what is gone is said to have ended, and up
// says whether the instance answered. No page, or one that cannot be read, is
// an instance that is down.
func (l *Lab) Collect(at time.Time, job, instance string, page []byte) error {
	samples, err := read(page)
	up := 1.0
	if page == nil || err != nil {
		samples, up = nil, 0
	}
	samples = append(samples, sample{map[string]string{model.MetricNameLabel: "up"}, up})
	l.mu.Lock()
	defer l.mu.Unlock()
	target := job + "/" + instance
	var now []string
	for _, s := range samples {
		s.labels["job"], s.labels["instance"] = job, instance
		key, addErr := l.add(at, s.labels, s.value)
		if addErr != nil {
			err = addErr
			continue
		}
		now = append(now, key)
	}
	for _, key := range l.alive[target] {
		if s := l.series[key]; s != nil && !slices.Contains(now, key) {
			s.add(at.UnixMilli(), stale)
		}
	}
	l.alive[target] = now
	l.forget(at)
	return err
}

type sample struct {
	labels map[string]string
	value  float64
}

// read takes a page in Prometheus' text format apart into series.
func read(page []byte) (samples []sample, err error) {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(page))
	if err != nil {
		return nil, err
	}
	for name, family := range families {
		for _, m := range family.GetMetric() {
			samples = append(samples, flat(name, m)...)
		}
	}
	return samples, nil
}

// flat is a metric as series: a histogram has one for each bucket.
func flat(name string, m *dto.Metric) (samples []sample) {
	own := map[string]string{model.MetricNameLabel: name}
	for _, l := range m.GetLabel() {
		own[l.GetName()] = l.GetValue()
	}
	add := func(suffix string, v float64, more ...string) {
		with := maps.Clone(own)
		with[model.MetricNameLabel] = name + suffix
		for i := 0; i+1 < len(more); i += 2 {
			with[more[i]] = more[i+1]
		}
		samples = append(samples, sample{with, v})
	}
	switch {
	case m.GetCounter() != nil:
		add("", m.GetCounter().GetValue())
	case m.GetGauge() != nil:
		add("", m.GetGauge().GetValue())
	case m.GetUntyped() != nil:
		add("", m.GetUntyped().GetValue())
	case m.GetSummary() != nil:
		for _, q := range m.GetSummary().GetQuantile() {
			add("", q.GetValue(), "quantile", number(q.GetQuantile()))
		}
		add("_sum", m.GetSummary().GetSampleSum())
		add("_count", float64(m.GetSummary().GetSampleCount()))
	case m.GetHistogram() != nil:
		buckets(m.GetHistogram(), add)
	}
	return samples
}

func buckets(h *dto.Histogram, add func(suffix string, v float64, more ...string)) {
	last := 0.0
	for _, b := range h.GetBucket() {
		last = b.GetUpperBound()
		add("_bucket", float64(b.GetCumulativeCount()), "le", number(last))
	}
	if !math.IsInf(last, 1) {
		add("_bucket", float64(h.GetSampleCount()), "le", "+Inf")
	}
	add("_sum", h.GetSampleSum())
	add("_count", float64(h.GetSampleCount()))
}

func number(v float64) string {
	if math.IsInf(v, 1) {
		return "+Inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
