package fakegithub

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

// createToken gives a token that is no wider than asked for.
func (s *Server) createToken(c *call) answer {
	i := s.installation(c.number("installation_id"))
	if i == nil {
		return notFound()
	}
	if i.suspended {
		return refuse(http.StatusForbidden, "This installation has been suspended")
	}
	var in struct {
		Repositories  []string          `json:"repositories"`
		RepositoryIDs []int64           `json:"repository_ids"`
		Permissions   map[string]string `json:"permissions"`
	}
	if a := c.read(&in); a != nil {
		return *a
	}
	t := &token{inst: i, permissions: maps.Clone(s.opts.Permissions), expires: s.opts.Auth().UTC().Truncate(time.Second).Add(tokenLife)}
	for _, r := range s.repos {
		if r.inst == i && (slices.Contains(in.RepositoryIDs, r.id) || slices.Contains(in.Repositories, r.name)) {
			t.repos = append(t.repos, r.id)
		}
	}
	if len(t.repos) < len(in.RepositoryIDs)+len(in.Repositories) {
		return unprocessable("There is at least one repository that does not exist or is not accessible to the parent installation.")
	}
	if in.Permissions != nil {
		if !s.within(in.Permissions) {
			return unprocessable("The permissions requested are not granted to this installation.")
		}
		t.permissions = maps.Clone(in.Permissions)
		t.permissions["metadata"] = "read"
	}
	return created(s.giveToken(t))
}

func (s *Server) within(asked map[string]string) bool {
	for name, level := range asked {
		if has := s.opts.Permissions[name]; has != "write" && has != level {
			return false
		}
	}
	return true
}

func (s *Server) giveToken(t *token) fields {
	s.ids["token"]++
	secret := "ghs_" + digest("token %d of installation %d", s.ids["token"], t.inst.id)[:36]
	s.tokens[secret] = t
	f := fields{
		"token": secret, "expires_at": stamp(t.expires), "permissions": t.permissions, "repository_selection": "selected",
	}
	if t.repos != nil {
		list := []any{}
		for _, r := range s.repos {
			if t.reaches(r) {
				list = append(list, s.drawRepo(r))
			}
		}
		f["repositories"] = list
	}
	return f
}
