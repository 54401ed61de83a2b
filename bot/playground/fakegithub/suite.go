package fakegithub

func (s *Server) suite(r *repo, a *app, head *commit) *suite {
	for _, su := range r.suites {
		if su.app == a && su.head == head {
			return su
		}
	}
	su := &suite{id: s.nextID("suite"), repo: r, app: a, head: head, branch: r.branchAt(head), made: s.now(), updated: s.now()}
	r.suites = append(r.suites, su)
	return su
}

// branchAt is a branch of the repository itself whose head is the commit; a
// change's before others.
func (r *repo) branchAt(c *commit) string {
	for _, it := range r.items {
		if it.change != nil && it.change.from == r && it.change.head == c {
			return it.change.branch
		}
	}
	for _, name := range sorted(r.branches) {
		if r.branches[name] == c.sha {
			return name
		}
	}
	return ""
}

// settle tells that all runs of a suite ended, once for each outcome: the
// suite of the bot itself too.
func (s *Server) settle(su *suite) {
	su.updated = s.now()
	state, conclusion := su.state()
	if state != "completed" || su.reported == conclusion {
		return
	}
	su.reported = conclusion
	s.hookSuite(su, "completed", su.app.user)
}

// state is the runs' together: the worst conclusion, once all have one.
func (su *suite) state() (status, conclusion string) {
	runs := su.runs()
	if len(runs) == 0 || su.asked {
		return "queued", ""
	}
	conclusion = "neutral"
	for _, run := range runs {
		switch {
		case run.status != "completed":
			return "in_progress", ""
		case run.state() == "failing":
			conclusion = run.conclusion
		case conclusion == "neutral" && run.conclusion == "success":
			conclusion = "success"
		}
	}
	return "completed", conclusion
}

func (su *suite) runs() []*checkRun {
	var list []*checkRun
	for _, run := range su.repo.latest(su.head.sha) {
		if run.suite == su {
			list = append(list, run)
		}
	}
	return list
}
