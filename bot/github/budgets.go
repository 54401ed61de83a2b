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
