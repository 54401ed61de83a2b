package lab

import (
	"context"
	"slices"
	"sort"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// Querier reads the samples between two moments, both included, in Unix
// milliseconds.
func (l *Lab) Querier(from, to int64) (storage.Querier, error) { return &querier{l, from, to}, nil }

type querier struct {
	lab      *Lab
	from, to int64
}

// Select gives the series that all matchers match, in the order of their
// labels. What it gives does not change any more.
func (q *querier) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	var found []storage.Series
	for _, s := range q.matching(matchers) {
		if list := q.between(s.samples); len(list) > 0 {
			found = append(found, storage.NewListSeries(s.labels, list))
		}
	}
	return &set{found: found, at: -1}
}

// matching copies what the series hold now: the store goes on.
func (q *querier) matching(matchers []*labels.Matcher) (list []series) {
	q.lab.mu.RLock()
	defer q.lab.mu.RUnlock()
	for _, s := range q.lab.series {
		if !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(s.labels.Get(m.Name)) }) {
			list = append(list, *s)
		}
	}
	slices.SortFunc(list, func(a, b series) int { return labels.Compare(a.labels, b.labels) })
	return list
}

func (q *querier) between(all []point) (list []chunks.Sample) {
	first := sort.Search(len(all), func(i int) bool { return all[i].t >= q.from })
	for _, p := range all[first:] {
		if p.t > q.to {
			break
		}
		list = append(list, p)
	}
	return list
}

// LabelValues are those of a label, in order.
func (q *querier) LabelValues(_ context.Context, name string, _ *storage.LabelHints, matchers ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	var all []string
	for _, s := range q.matching(matchers) {
		if v := s.labels.Get(name); v != "" {
			all = append(all, v)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil, nil
}

// LabelNames are the labels of all series, in order.
func (q *querier) LabelNames(_ context.Context, _ *storage.LabelHints, matchers ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	var all []string
	for _, s := range q.matching(matchers) {
		s.labels.Range(func(l labels.Label) { all = append(all, l.Name) })
	}
	slices.Sort(all)
	return slices.Compact(all), nil, nil
}

// Close has nothing to give back.
func (q *querier) Close() error { return nil }

type set struct {
	found []storage.Series
	at    int
}

func (s *set) Next() bool                        { s.at++; return s.at < len(s.found) }
func (s *set) At() storage.Series                { return s.found[s.at] }
func (s *set) Err() error                        { return nil }
func (s *set) Warnings() annotations.Annotations { return nil }

// A point is a sample as the engine reads it.
func (p point) T() int64                      { return p.t }
func (p point) ST() int64                     { return 0 }
func (p point) F() float64                    { return p.v }
func (p point) H() *histogram.Histogram       { return nil }
func (p point) FH() *histogram.FloatHistogram { return nil }
func (p point) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (p point) Copy() chunks.Sample           { return p }
