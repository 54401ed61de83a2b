package playground

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// count is a version's counters at a moment.
type count struct {
	at         time.Time
	began      string // when the process did: a commit may run twice
	total, bad float64
	buckets    []bucket
}

var (
	counted = regexp.MustCompile(`(?m)^http_requests_total\{code="(\d)\d\d".*version="([^"]*)"\} (\S+)$`)
	started = regexp.MustCompile(`(?m)^process_start_time_seconds (\S+)$`)
)

// counts are the counters of requests on a page, and how long they took.
func counts(arm string, page []byte) (sha string, c count, err error) {
	for _, m := range counted.FindAllStringSubmatch(string(page), -1) {
		n, err := strconv.ParseFloat(m[3], 64)
		if err != nil {
			return "", c, fmt.Errorf("scrape %s: %w", arm, err)
		}
		sha, c.total = m[2], c.total+n
		if m[1] == "5" {
			c.bad += n
		}
	}
	if m := started.FindSubmatch(page); m != nil {
		c.began = string(m[1])
	}
	c.buckets, err = bucketsOf(arm, page)
	return sha, c, err
}

// point is what a version did since it was last counted.
func (s *series) point(sha string, c count) *Point {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.keep(sha+" "+c.began, c)
	p := &Point{SHA: sha}
	if len(list) < 2 {
		return p
	}
	near := list[max(0, len(list)-4)]
	rate := (c.total - near.total) / c.at.Sub(near.at).Seconds()
	p.RPS = &rate
	if n := c.total - list[0].total; n > 0 {
		share := (c.bad - list[0].bad) / n
		p.Errors = &share
	}
	p.P95 = quantile(slowest, list[0].buckets, c.buckets)
	return p
}

// keep adds to what was counted of a process in the last looks. What is older
// would stretch a rate over a time that nobody saw, and what was more before
// is of counters that have begun again since.
func (s *series) keep(process string, c count) []count {
	var since int64
	if n := len(s.samples); n > 0 {
		since = s.samples[max(0, n-looks+1)].At
	}
	list := slices.DeleteFunc(s.counts[process], func(old count) bool {
		return old.at.UnixMilli() < since || old.total > c.total
	})
	list = append(list, c)
	list = list[max(0, len(list)-looks):]
	s.counts[process] = list
	return list
}
