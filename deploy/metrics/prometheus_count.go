package metrics

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
)

// counted is what a cursor keeps of one target of an arm: of each series the
// last sample that was counted.
type counted struct {
	Job      string          `json:"job,omitempty"`
	Instance string          `json:"instance,omitempty"`
	Last     map[string]mark `json:"last"` // by series, shortened
}

func (c counted) key() string { return key(c.Job, "\x00", c.Instance) }

// mark is a sample: when, in Unix milliseconds, and what.
type mark struct {
	At    int64   `json:"at"`
	Value float64 `json:"value"`
}

// target is what Prometheus says of one process.
type target struct {
	counted
	alive  bool // it has a series of the total now
	series map[string]samples
	starts []mark // when its process began, as it said at each sample
}

// restarted reports whether the process began anew between two samples. Who
// grew past its old value before the next sample did not fall.
func (t *target) restarted(before, after mark) bool {
	return restarted(t.began(before.At), t.began(after.At), time.UnixMilli(before.At))
}

// began is when the process said at a moment that it began; 0 when it did not
// say.
func (t *target) began(at int64) (start float64) {
	for _, m := range t.starts {
		if m.At <= at {
			start = m.Value
		}
	}
	return start
}

// samples are those of one series, in time's order, and what the selectors say
// of it.
type samples struct {
	bad, total bool
	all        []mark
}

// targetOf names the process by the labels that Prometheus gives to each.
// Where both are missing, as in what rules record, the arm is one target.
func targetOf(labels map[string]string) counted {
	return counted{Job: labels["job"], Instance: labels["instance"]}
}

// take notes what an expression has. An error is bot.Permanent.
func (a *promArm) take(streams model.Matrix) (trouble string, err error) {
	if len(streams) > maxOfArm {
		return "", permanent("the expression for %s matches more than %d series; add matchers, or record a rule that sums them", a.total.name, maxOfArm)
	}
	for _, s := range streams {
		name, labels := string(s.Metric[model.MetricNameLabel]), labelsIn(s.Metric)
		if len(s.Histograms) > 0 {
			return "", permanent("%s is a native histogram; a ratio is made of two counters", name)
		}
		if len(s.Values) == 0 {
			continue
		}
		got := samples{
			bad:   name == a.bad.name && a.bad.matches(labels),
			total: name == a.total.name && a.total.matches(labels),
		}
		for _, v := range s.Values {
			got.all = append(got.all, mark{At: int64(v.Timestamp), Value: float64(v.Value)})
		}
		if last := got.all[len(got.all)-1].Value; !isCount(last) {
			return fmt.Sprintf("%s is %v", name, last), nil
		}
		t := a.target(labels)
		t.series[key(identity(name, labels))] = got
	}
	return "", nil
}

func (a *promArm) target(labels map[string]string) *target {
	id := targetOf(labels)
	t := a.targets[id.key()]
	if t == nil {
		t = &target{counted: id, series: map[string]samples{}}
		a.targets[id.key()] = t
	}
	return t
}

// isCount reports whether a value can be that of a counter.
func isCount(v float64) bool { return v >= 0 && v <= maxExact } // no NaN is

// lives notes which targets have a series of the total now.
func (a *promArm) lives(alive model.Vector) {
	for _, s := range alive {
		a.target(labelsIn(s.Metric)).alive = true
	}
}

// gone are the targets that were counted before and are not alive.
func (a *promArm) gone() map[string]counted {
	gone := map[string]counted{}
	for k, c := range a.before {
		if t := a.targets[k]; t == nil || !t.alive {
			gone[k] = c
		}
	}
	return gone
}

// of asks for a metric that each target has once.
func of(metric string, targets map[string]counted) string {
	var instances []string
	for _, c := range targets {
		instances = append(instances, regexp.QuoteMeta(c.Instance))
	}
	slices.Sort(instances)
	return metric + "{instance=~" + strconv.Quote(strings.Join(instances, "|")) + "}"
}

// began notes when processes began. A target that speaks of several says
// nothing.
func (a *promArm) began(streams model.Matrix) {
	several := map[string]bool{}
	for _, s := range streams {
		id := targetOf(labelsIn(s.Metric)).key()
		t := a.targets[id]
		if t == nil {
			continue
		}
		several[id] = several[id] || len(t.starts) > 0
		for _, v := range s.Values {
			t.starts = append(t.starts, mark{At: int64(v.Timestamp), Value: float64(v.Value)})
		}
	}
	for id, is := range several {
		if is {
			a.targets[id].starts = nil
		}
	}
}

// sum counts what happened since the look before, and keeps what the next one
// needs. A target that has gone is counted to its end and not kept.
func (a *promArm) sum(again bool) {
	for k, t := range a.targets {
		old, known := a.before[k]
		next := counted{Job: t.Job, Instance: t.Instance, Last: map[string]mark{}}
		for id, s := range t.series {
			was, had := old.Last[id]
			grew, last := s.since(was, had, known, t.restarted)
			if !again {
				grew = 0 // counting begins now
			}
			if s.bad {
				a.tally.bad += grew
			}
			if s.total {
				a.tally.total += grew
			}
			next.Last[id] = last
		}
		// A series that is away for a look has not begun anew when it is back.
		for id, m := range old.Last {
			if _, here := next.Last[id]; !here && len(next.Last) < maxOfArm {
				next.Last[id] = m
			}
		}
		if t.alive {
			a.next[k] = next
		}
	}
}

// since adds up by how much a counter grew after a sample, over every reset in
// between. A series that a known process did not have began there at 0: many
// libraries make one when it first counts. Of a process that was not known,
// nobody knows when it began, so its first sample is where counting begins.
func (s samples) since(was mark, had, known bool, restarted func(before, after mark) bool) (grew float64, last mark) {
	last = was
	for _, m := range s.all {
		if had && m.At <= was.At || !isCount(m.Value) {
			continue // counted before; or no number, and its neighbours are
		}
		switch {
		case last.At > 0 && restarted(last, m):
			grew += m.Value
		case last.At > 0:
			grew += grown(last.Value, m.Value)
		case known:
			grew += m.Value
		}
		last = m
	}
	return grew, last
}
