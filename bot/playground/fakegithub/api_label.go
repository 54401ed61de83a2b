package fakegithub

import (
	"encoding/json"
	"slices"
)

// listIssues is issues and changes alike, newest first, as GitHub lists them.
func (s *Server) listIssues(c *call) answer {
	state := c.URL.Query().Get("state")
	if state == "" {
		state = "open"
	}
	var all []*item
	for _, it := range slices.Backward(c.repo.items) {
		if state == "all" || it.state() == state {
			all = append(all, it)
		}
	}
	from, to := s.page(c, len(all))
	list := []fields{}
	for _, it := range all[from:to] {
		list = append(list, s.wireIssue(it))
	}
	return ok(list)
}

func (s *Server) createIssue(c *call) answer {
	var in struct {
		Title  *string  `json:"title"`
		Body   string   `json:"body"`
		Labels []string `json:"labels"`
	}
	if a := c.read(&in); a != nil {
		return *a
	}
	if in.Title == nil || *in.Title == "" {
		return invalid("Issue", "title", "missing_field", "")
	}
	it := s.newItem(c.repo, s.bot.user.login, *in.Title, in.Body, in.Labels)
	s.hookItem(it, "opened", s.bot.user, nil)
	return created(s.wireIssueFull(it))
}

// updateIssue edits, closes or reopens an issue or a change.
func (s *Server) updateIssue(c *call) answer {
	it := c.issue()
	if it == nil {
		return notFound()
	}
	var in struct{ Title, Body, State *string }
	if a := c.read(&in); a != nil {
		return *a
	}
	it.updated = s.now()
	changes := fields{}
	for name, set := range map[string][2]*string{"title": {in.Title, &it.title}, "body": {in.Body, &it.body}} {
		if given, old := set[0], set[1]; given != nil && *given != *old {
			changes[name] = fields{"from": *old}
			*old = *given
		}
	}
	if len(changes) > 0 {
		s.hookItem(it, "edited", s.bot.user, fields{"changes": changes})
	}
	if in.State != nil && *in.State != it.state() {
		it.open = *in.State == "open"
		action := "reopened"
		if !it.open {
			action, it.closed, it.closedBy = "closed", s.now(), s.bot.user
		}
		s.hookItem(it, action, s.bot.user, nil)
	}
	return ok(s.wireIssueFull(it))
}

// addLabels takes {"labels":[…]} and, as GitHub does, a bare list.
func (s *Server) addLabels(c *call) answer {
	it := c.issue()
	if it == nil {
		return notFound()
	}
	var names []string
	if json.Unmarshal(c.body, &names) != nil {
		var in struct{ Labels []string }
		if a := c.read(&in); a != nil {
			return *a
		}
		names = in.Labels
	}
	for _, name := range names {
		if !slices.Contains(it.labels, name) {
			it.labels = append(it.labels, name)
			s.hookItem(it, "labeled", s.bot.user, fields{"label": s.wireLabel(it.repo, name)})
		}
	}
	return ok(s.wireLabels(it))
}

func (s *Server) removeLabel(c *call) answer {
	it := c.issue()
	if it == nil {
		return notFound()
	}
	i := slices.Index(it.labels, c.PathValue("name"))
	if i < 0 {
		return refuse(404, "Label does not exist")
	}
	it.labels = slices.Delete(it.labels, i, i+1)
	s.hookItem(it, "unlabeled", s.bot.user, fields{"label": s.wireLabel(it.repo, c.PathValue("name"))})
	return ok(s.wireLabels(it))
}
