package fakegithub

import (
	"slices"
	"strings"
)

func (s *Server) listPulls(c *call) answer {
	q := c.URL.Query()
	state := q.Get("state")
	if state == "" {
		state = "open"
	}
	var all []*item
	for _, it := range c.repo.items {
		ch := it.change
		if ch == nil || state != "all" && it.state() != state || q.Get("base") != "" && ch.baseRef != q.Get("base") {
			continue
		}
		if head := q.Get("head"); head != "" && !strings.EqualFold(head, ch.from.owner.login+":"+ch.branch) {
			continue
		}
		all = append(all, it)
	}
	if q.Get("sort") == "updated" {
		slices.SortStableFunc(all, func(a, b *item) int { return a.updated.Compare(b.updated) })
	}
	// Without a word GitHub puts the newest first, except when sorting otherwise.
	byMade := q.Get("sort") == "" || q.Get("sort") == "created"
	if q.Get("direction") == "desc" || q.Get("direction") == "" && byMade {
		slices.Reverse(all)
	}
	return s.changeList(c, all)
}

func (s *Server) changeList(c *call, all []*item) answer {
	from, to := s.page(c, len(all))
	list := []fields{}
	for _, it := range all[from:to] {
		list = append(list, s.wireChange(it))
	}
	return ok(list)
}

// pull is the change that the path names; nil when there is none.
func (c *call) pull() *item {
	it := c.repo.item(int(c.number("pull_number")))
	if it == nil || it.change == nil {
		return nil
	}
	return it
}

func (s *Server) getPull(c *call) answer {
	it := c.pull()
	if it == nil {
		return notFound()
	}
	return ok(s.wireChangeFull(it))
}

func (s *Server) listPullFiles(c *call) answer {
	it := c.pull()
	if it == nil {
		return notFound()
	}
	files := it.files()
	files = files[:min(len(files), 3000)] // GitHub lists no more
	from, to := s.page(c, len(files))
	return ok(s.wireFiles(c.repo, it.change.head, files[from:to]))
}

func (s *Server) listPullCommits(c *call) answer {
	it := c.pull()
	if it == nil {
		return notFound()
	}
	all := it.commits()
	return s.commitList(c, all[:min(len(all), 250)]) // GitHub lists no more
}
