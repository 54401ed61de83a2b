package flow

import (
	"math"
	"slices"
)

// fewest values of which a percentile is shown; of fewer we show each.
const fewest = 5

// Quantile of the result's items: by linear interpolation between order
// statistics (R's type 7, the usual one) when all have ended, else by Kaplan
// and Meier's estimate ("Nonparametric Estimation from Incomplete
// Observations", JASA 53, 1958), in which what has not ended counts for as
// long as it has been seen. ok is false when there is nothing; atLeast says
// that the quantile lies beyond what has ended.
func (r Result) Quantile(p float64) (value float64, atLeast, ok bool) {
	var values []float64
	open := false
	for _, i := range r.Items {
		values, open = append(values, i.Value), open || i.AtLeast
	}
	if len(values) == 0 || !(p >= 0 && p <= 1) {
		return 0, false, false
	}
	if open {
		value, atLeast = kaplanMeier(r.Items, p)
		return value, atLeast, true
	}
	slices.Sort(values)
	return r7(values, p), false, true
}

func r7(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := int(math.Floor(at))
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// kaplanMeier is the time by which a share p has ended: the first at which the
// estimated share still open is below 1-p, or the middle of the stretch on
// which it is just that. Beyond the last end only "at least" can be said.
func kaplanMeier(items []Item, p float64) (float64, bool) {
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b Item) int {
		switch {
		case a.Value != b.Value:
			return int(math.Copysign(1, a.Value-b.Value))
		case a.AtLeast == b.AtLeast:
			return 0
		case a.AtLeast: // who ended at that very time was still at risk
			return 1
		}
		return -1
	})
	const tiny = 1e-12
	open, just := 1.0, math.NaN()
	for i, item := range sorted {
		if item.AtLeast {
			continue
		}
		open *= 1 - 1/float64(len(sorted)-i)
		if !math.IsNaN(just) && item.Value > just {
			return (just + item.Value) / 2, false
		}
		if open < 1-p-tiny {
			return item.Value, false
		}
		if open <= 1-p+tiny && math.IsNaN(just) {
			just = item.Value
		}
	}
	if !math.IsNaN(just) {
		return just, true
	}
	return sorted[len(sorted)-1].Value, true
}

// percentiles adds those of the items, from five on.
func (r *Result) percentiles(unit string) {
	if len(r.Items) < fewest {
		return
	}
	for _, p := range []struct {
		name string
		at   float64
	}{{"median", 0.5}, {"p75", 0.75}, {"p85", 0.85}, {"p90", 0.9}} {
		if value, atLeast, ok := r.Quantile(p.at); ok {
			r.Figures = append(r.Figures, Figure{Name: p.name, Value: value, Unit: unit, N: len(r.Items), AtLeast: atLeast})
		}
	}
}
