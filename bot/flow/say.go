package flow

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/words"
)

func times(n int) string {
	switch n {
	case 0:
		return "not once"
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

func percent(part, whole int) string { return fmt.Sprintf("%.0f %%", 100*over(part, whole)) }

// share says a part of a whole, with both.
func share(part, whole int, did, none string) string {
	if whole == 0 {
		return none
	}
	return fmt.Sprintf("%d of %d %s (%s)", part, whole, did, percent(part, whole))
}

// duration says a figure that is a time in a unit.
func duration(f Figure, unit time.Duration) string { return took(f.Value, f.AtLeast, unit) }

func took(v float64, atLeast bool, unit time.Duration) string {
	text := words.For(time.Duration(math.Round(v * float64(unit))))
	if atLeast {
		return "≥ " + text
	}
	return text
}

// spread says how long things took: the median and the 85th percentile, or
// each of them when they are few.
func spread(r *Result, unit time.Duration) string {
	if median, ok := r.Figure("median"); ok {
		p85, _ := r.Figure("p85")
		return fmt.Sprintf("median %s, 85 %% within %s", duration(median, unit), duration(p85, unit))
	}
	if len(r.Items) == 0 {
		return "nothing to measure"
	}
	items := slices.Clone(r.Items)
	slices.SortStableFunc(items, func(a, b Item) int { return cmp.Compare(a.Value, b.Value) })
	var each []string
	for _, i := range items {
		each = append(each, took(i.Value, i.AtLeast, unit))
	}
	return strings.Join(each, ", ")
}
