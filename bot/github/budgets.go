package github

import (
	"cmp"
	"slices"
	"time"
)

// Budget is what GitHub last said of an installation's limits.
type Budget struct {
	Installation int64  // 0: the app itself
	Resource     string // "core", "graphql"
	Limit, Left  int    // requests, or points of GraphQL
	Reset        time.Time
	Until        time.Time // GitHub asked for no requests before; zero, or over, when it does not
}

// Budgets are those of which GitHub said something, by installation and name.
// What was said of a time that is over holds no more.
func (c *Client) Budgets() (list []Budget) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for installation, l := range c.limits {
		list = append(list, l.said(installation)...)
	}
	slices.SortFunc(list, func(a, b Budget) int {
		return cmp.Or(cmp.Compare(a.Installation, b.Installation), cmp.Compare(a.Resource, b.Resource))
	})
	return list
}

func (l *limits) said(installation int64) (list []Budget) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, b := range map[string]budget{core: l.core, graphql: l.graphql} {
		if b.limit > 0 {
			list = append(list, Budget{Installation: installation, Resource: name, Limit: b.limit, Left: b.left, Reset: b.reset, Until: l.until})
		}
	}
	return list
}

// forgetLimits drops the limits of installations for which none is in force and
// no token is kept. The caller holds the lock.
func (c *Client) forgetLimits() {
	used := map[int64]bool{0: true}
	for t := range c.clients {
		used[t.installation] = true
	}
	now := c.o.Now()
	for installation, l := range c.limits {
		if !used[installation] && l.over(now) {
			delete(c.limits, installation)
		}
	}
}

// over reports whether nothing that was said or counted holds any more.
func (l *limits) over(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, t := range []time.Time{l.until, l.core.reset, l.graphql.reset} {
		if now.Before(t) {
			return false
		}
	}
	return l.hour.budget(now).left == l.hour.limit
}
