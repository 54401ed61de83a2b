package playground

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
)

// slowest is the quantile that is drawn: nineteen of twenty answers were
// quicker.
const slowest = 0.95

// bucket is a cumulative one of a histogram: so many took up to le seconds.
type bucket struct{ le, n float64 }

var bucketed = regexp.MustCompile(`(?m)^http_request_duration_seconds_bucket\{.*le="([^"]+)"\} (\S+)$`)

// bucketsOf are those of an arm's page, the widest last.
func bucketsOf(arm string, page []byte) (list []bucket, err error) {
	for _, m := range bucketed.FindAllStringSubmatch(string(page), -1) {
		le, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			return nil, fmt.Errorf("scrape %s: %w", arm, err)
		}
		n, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			return nil, fmt.Errorf("scrape %s: %w", arm, err)
		}
		list = append(list, bucket{le, n})
	}
	slices.SortFunc(list, func(a, b bucket) int {
		if a.le < b.le {
			return -1
		}
		return 1
	})
	return list, nil
}

// quantile is that of the answers between two looks, in seconds, as the metrics
// lab's histogram_quantile has it: even within a bucket, and of what is above
// the last bound only that bound. It is nil where nothing was answered, or
// where the two do not fit.
func quantile(q float64, before, after []bucket) *float64 {
	if len(before) != len(after) || len(after) < 2 {
		return nil
	}
	grown := make([]bucket, len(after))
	for i, b := range after {
		grown[i] = bucket{b.le, b.n - before[i].n}
	}
	end := grown[len(grown)-1]
	if end.n <= 0 || !math.IsInf(end.le, 1) {
		return nil
	}
	rank := q * end.n
	i := slices.IndexFunc(grown, func(b bucket) bool { return b.n >= rank })
	if i == len(grown)-1 {
		return &grown[i-1].le
	}
	var below bucket
	if i > 0 {
		below = grown[i-1]
	}
	v := below.le + (grown[i].le-below.le)*(rank-below.n)/(grown[i].n-below.n)
	return &v
}
