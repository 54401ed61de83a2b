package fakegithub

import "slices"

// combinedStatus is all newest statuses of a commit as one.
func (s *Server) combinedStatus(c *call) answer {
	at := c.repo.resolve(c.PathValue("ref"))
	if at == nil {
		return notFound()
	}
	all := c.repo.latestStatuses(at.sha)
	state := "success"
	if len(all) == 0 {
		state = "pending"
	}
	for _, st := range all {
		switch {
		case st.state == "failure" || st.state == "error":
			state = "failure"
		case st.state == "pending" && state == "success":
			state = "pending"
		}
	}
	from, to := s.page(c, len(all))
	own := s.api(c.repo.path() + "/commits/" + at.sha)
	return ok(fields{
		"state": state, "sha": at.sha, "total_count": len(all), "statuses": s.statusList(c.repo, all[from:to]),
		"repository": s.drawRepo(c.repo), "commit_url": own, "url": own + "/status",
	})
}

// listStatuses is all statuses of a commit, newest first.
func (s *Server) listStatuses(c *call) answer {
	at := c.repo.resolve(c.PathValue("ref"))
	if at == nil {
		return notFound()
	}
	var all []*status
	for _, st := range slices.Backward(c.repo.statuses) {
		if st.sha == at.sha {
			all = append(all, st)
		}
	}
	from, to := s.page(c, len(all))
	return ok(s.statusList(c.repo, all[from:to]))
}

func (s *Server) statusList(r *repo, all []*status) []fields {
	list := []fields{}
	for _, st := range all {
		list = append(list, s.wireStatus(r, st))
	}
	return list
}

func (s *Server) createStatus(c *call) answer {
	var in struct {
		State       string  `json:"state"`
		Context     string  `json:"context"`
		Description *string `json:"description"`
		TargetURL   *string `json:"target_url"`
	}
	if a := c.read(&in); a != nil {
		return *a
	}
	sha := c.PathValue("sha")
	switch {
	case c.repo.commits[sha] == nil:
		return noCommit(sha)
	case !slices.Contains([]string{"error", "failure", "pending", "success"}, in.State):
		return invalid("Status", "state", "custom", "state is not included in the list")
	}
	if in.Context == "" {
		in.Context = "default"
	}
	st := &status{sha: sha, context: in.Context, state: in.State, description: in.Description, target: in.TargetURL, creator: s.bot.user}
	s.setStatus(c.repo, st)
	return created(s.wireStatus(c.repo, st))
}
