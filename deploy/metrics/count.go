package metrics

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"
)

// maxCounted bounds the series of one instance that a query may match, and
// with it the cursor.
const maxCounted = 5000

// maxExact is the largest count that a float holds exactly.
const maxExact = 1 << 53

// instance is what a cursor keeps of one address of one arm.
type instance struct {
	Start  float64            `json:"start,omitempty"` // of its process, Unix seconds
	Series map[string]float64 `json:"series,omitempty"`
}

// point is a series now.
type point struct {
	key        string // names it, and when it began if the page says so
	value      float64
	bad, total bool // what the selectors say of it
}

// reading is what one instance of an arm says now.
type reading struct {
	start  float64
	points []point
	counts bool // it has a series of the total
}

// tally is what happened between two looks.
type tally struct{ bad, total float64 }

// pair is the two selectors of an arm.
type pair struct{ bad, total selector }

// names are the metrics that the selectors need, in order.
func (p pair) names() []string { return slices.Compact([]string{p.total.name, p.bad.name}) }

// read finds the series that the selectors mean. Trouble is why they cannot be
// counted; an error is bot.Permanent.
func (p pair) read(from page) (r reading, trouble string, err error) {
	r.start = from.start()
	seen := map[string]bool{}
	for _, name := range p.names() {
		began := begins(from[createdName(name)])
		for _, m := range from[name].GetMetric() {
			labels := labelsOf(m)
			pt := point{bad: name == p.bad.name && p.bad.matches(labels), total: name == p.total.name && p.total.matches(labels)}
			if !pt.bad && !pt.total {
				continue
			}
			v, ok := value(m)
			id := identity(name, labels)
			pt.value, pt.key = v, key(id, began[id])
			switch {
			case !ok:
				return r, "", permanent("%s is not a counter; a ratio is made of two counters", name)
			case math.IsNaN(v), v < 0, v > maxExact:
				return r, fmt.Sprintf("says that %s is %v", name, v), nil
			case seen[pt.key]:
				return r, fmt.Sprintf("has a series of %s twice", name), nil
			case len(r.points) >= maxCounted:
				return r, "", permanent("the expressions for %s match more than %d series; add matchers", name, maxCounted)
			}
			seen[pt.key] = true
			r.counts = r.counts || pt.total
			r.points = append(r.points, pt)
		}
	}
	return r, "", nil
}

// begins says by series when each was created, where a page tells.
func begins(created *dto.MetricFamily) map[string]float64 {
	at := map[string]float64{}
	for _, m := range created.GetMetric() {
		at[identity(strings.TrimSuffix(created.GetName(), "_created"), labelsOf(m))] = stamp(m)
	}
	return at
}

// identity is a series, whether spoken of as name_total or by its _created.
func identity(name string, labels map[string]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q", strings.TrimSuffix(name, "_total"))
	for _, l := range slices.Sorted(maps.Keys(labels)) {
		fmt.Fprintf(&b, "%q%q", l, labels[l])
	}
	return b.String()
}

// key is short: cursors are kept in every rollout's document.
func key(parts ...any) string {
	sum := sha256.Sum256(fmt.Append(nil, parts...))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// since counts what happened since the look before, at a moment, and keeps
// what the next look needs. An instance that was not known then is only kept.
func (r reading) since(before instance, known bool, at time.Time) (t tally, next instance) {
	next = instance{Start: r.start, Series: map[string]float64{}}
	old := before.Series
	if restarted(before.Start, r.start, at) {
		old = nil // all its counters began at 0
	}
	for _, p := range r.points {
		next.Series[p.key] = p.value
		if !known {
			continue
		}
		d := grown(old[p.key], p.value)
		if p.bad {
			t.bad += d
		}
		if p.total {
			t.total += d
		}
	}
	// A series that is away for one look has not begun anew when it is back.
	for k, v := range old {
		if _, here := next.Series[k]; !here && len(next.Series) < maxCounted {
			next.Series[k] = v
		}
	}
	return t, next
}

// grown is by how much a counter grew. One that fell began again at 0, so its
// whole value is new; so is that of a series not seen before (was = 0).
func grown(was, is float64) float64 {
	if is < was {
		return is
	}
	return is - was
}

// restarted reports whether a process began after the look before, give or
// take what clocks differ. Its own word is not enough: some compute it from a
// clock that was set meanwhile, and taking an old counter for a new one would
// invent thousands of events.
func restarted(was, is float64, look time.Time) bool {
	const differ = 5 // seconds
	return was > 0 && is > was+1 && is > float64(look.UnixMilli())/1000-differ
}
