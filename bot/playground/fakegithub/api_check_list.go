package fakegithub

import (
	"slices"
	"strconv"
)

func (s *Server) listRuns(c *call) answer {
	q := c.URL.Query()
	at := c.repo.resolve(c.PathValue("ref"))
	if at == nil {
		return noCommit(c.PathValue("ref"))
	}
	runs := c.repo.latest(at.sha)
	if q.Get("filter") == "all" {
		runs = slices.Clone(c.repo.runs)
		runs = slices.DeleteFunc(runs, func(o *checkRun) bool { return o.suite.head != at })
	}
	runs = slices.DeleteFunc(runs, func(o *checkRun) bool {
		return q.Get("check_name") != "" && o.name != q.Get("check_name") || q.Get("status") != "" && o.status != q.Get("status") ||
			q.Get("app_id") != "" && strconv.FormatInt(o.suite.app.id, 10) != q.Get("app_id")
	})
	slices.Reverse(runs) // newest first
	from, to := s.page(c, len(runs))
	list := []fields{}
	for _, run := range runs[from:to] {
		list = append(list, s.wireRun(run))
	}
	return ok(fields{"total_count": len(runs), "check_runs": list})
}

func (s *Server) getSuite(c *call) answer {
	for _, su := range c.repo.suites {
		if su.id == c.number("check_suite_id") {
			f := s.wireSuite(su)
			f["repository"] = s.drawRepo(c.repo)
			return ok(f)
		}
	}
	return notFound()
}

func (s *Server) listSuites(c *call) answer {
	q := c.URL.Query()
	at := c.repo.resolve(c.PathValue("ref"))
	if at == nil {
		return noCommit(c.PathValue("ref"))
	}
	var all []*suite
	for _, su := range c.repo.suites {
		named := q.Get("check_name") == "" || slices.ContainsFunc(su.runs(), func(o *checkRun) bool { return o.name == q.Get("check_name") })
		ofApp := q.Get("app_id") == "" || strconv.FormatInt(su.app.id, 10) == q.Get("app_id")
		if su.head == at && named && ofApp {
			all = append(all, su)
		}
	}
	from, to := s.page(c, len(all))
	list := []fields{}
	for _, su := range all[from:to] {
		f := s.wireSuite(su)
		f["repository"] = s.drawRepo(c.repo)
		list = append(list, f)
	}
	return ok(fields{"total_count": len(all), "check_suites": list})
}
