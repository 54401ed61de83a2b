package lab

import (
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
)

// Bounds of what is kept.
const (
	Kept      = time.Hour // of samples
	maxSeries = 5000
	maxKept   = 3700 // samples of a series: an hour of seconds, and some
)

// errFull says that there are too many series; the newest one was left out.
var errFull = errors.New("the lab has too many series")

// Lab keeps the samples of the last hour. It is safe for concurrent use.
type Lab struct {
	now    func() time.Time
	engine engine
	mu     sync.RWMutex
	series map[string]*series // by labels
	alive  map[string][]string
}

type series struct {
	labels  labels.Labels
	samples []point // in time's order
}

type point struct {
	t int64 // Unix milliseconds
	v float64
}

// New makes an empty lab that goes by a clock.
func New(now func() time.Time) *Lab {
	return &Lab{now: now, engine: newEngine(), series: map[string]*series{}, alive: map[string][]string{}}
}

// Add adds a sample. One that is not newer than the last of its series is left
// out, as is one of a series for which there is no room.
func (l *Lab) Add(at time.Time, names map[string]string, v float64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := l.add(at, names, v)
	return err
}

func (l *Lab) add(at time.Time, names map[string]string, v float64) (key string, err error) {
	ls := labels.FromMap(names)
	key = ls.String()
	s := l.series[key]
	if s == nil {
		if len(l.series) >= maxSeries {
			return key, errFull
		}
		s = &series{labels: ls}
		l.series[key] = s
	}
	s.add(at.UnixMilli(), v)
	return key, nil
}

func (s *series) add(t int64, v float64) {
	if n := len(s.samples); n > 0 && s.samples[n-1].t >= t {
		return
	}
	s.samples = append(s.samples, point{t, v})
	if len(s.samples) > maxKept {
		s.samples = slices.Clone(s.samples[len(s.samples)-maxKept:])
	}
}

// forget drops what is too old, and series of which nothing is left.
func (l *Lab) forget(now time.Time) {
	from := now.Add(-Kept).UnixMilli()
	for key, s := range l.series {
		n, _ := slices.BinarySearchFunc(s.samples, from, func(p point, t int64) int { return int(min(1, max(-1, p.t-t))) })
		s.samples = s.samples[n:]
		if len(s.samples) == 0 {
			delete(l.series, key)
		}
	}
}

// Names are the metrics that have a series now, with how many.
func (l *Lab) Names() []Name {
	l.mu.RLock()
	defer l.mu.RUnlock()
	count := map[string]int{}
	for _, s := range l.series {
		if last := s.samples[len(s.samples)-1].v; !value.IsStaleNaN(last) {
			count[s.labels.Get(model.MetricNameLabel)]++
		}
	}
	var names []Name
	for name, n := range count {
		names = append(names, Name{name, n})
	}
	slices.SortFunc(names, func(a, b Name) int { return strings.Compare(a.Metric, b.Metric) })
	return names
}

// Name is a metric and how many series it has.
type Name struct {
	Metric string
	Series int
}

// stale is the sample by which a series is said to have ended.
var stale = math.Float64frombits(value.StaleNaN)
