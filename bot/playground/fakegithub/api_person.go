package fakegithub

import (
	"slices"
)

func (s *Server) getUser(c *call) answer {
	u := s.lookup(c.PathValue("username"))
	if u == nil {
		return notFound()
	}
	return ok(joined(s.userFields(u), fields{
		"name": u.login, "company": nil, "blog": "", "location": nil, "email": nil, "hireable": nil, "bio": nil,
		"public_repos": 0, "public_gists": 0, "followers": 0, "following": 0,
		"created_at": stamp(s.bot.made), "updated_at": stamp(s.bot.made), "twitter_username": nil,
	}))
}

func (s *Server) getPermission(c *call) answer {
	u := s.lookup(c.PathValue("username"))
	if u == nil {
		return notFound()
	}
	role := c.repo.role(u)
	level := map[string]string{"triage": "read", "maintain": "write"}[role]
	if level == "" {
		level = role
	}
	f := s.userFields(u)
	f["role_name"] = role
	f["permissions"] = fields{
		"admin": role == "admin", "maintain": atLeast(role, "maintain"), "push": atLeast(role, "write"),
		"triage": atLeast(role, "triage"), "pull": atLeast(role, "read"),
	}
	return ok(fields{"permission": level, "role_name": role, "user": f})
}

var roles = []string{"none", "read", "triage", "write", "maintain", "admin"}

func atLeast(role, floor string) bool { return slices.Index(roles, role) >= slices.Index(roles, floor) }
