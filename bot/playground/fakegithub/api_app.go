package fakegithub

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

func (s *Server) getApp(*call) answer {
	f := s.wireApp(s.bot)
	f["installations_count"] = len(s.insts)
	return ok(f)
}

func (s *Server) listInstallations(c *call) answer {
	from, to := s.page(c, len(s.insts))
	list := []fields{}
	for _, i := range s.insts[from:to] {
		f := s.wireInstallation(i)
		// GitHub's description asks for an enterprise's members too, in this list alone.
		joined(f["account"].(fields), fields{
			"name": i.account.login, "slug": i.account.login, "created_at": stamp(i.made), "updated_at": stamp(i.made),
		})
		list = append(list, f)
	}
	return ok(list)
}

func (s *Server) installation(id int64) *installation {
	for _, i := range s.insts {
		if i.id == id {
			return i
		}
	}
	return nil
}

func (s *Server) getInstallation(c *call) answer {
	i := s.installation(c.number("installation_id"))
	if i == nil {
		return notFound()
	}
	return ok(s.wireInstallation(i))
}

func (s *Server) getRepoInstallation(c *call) answer { return ok(s.wireInstallation(c.repo.inst)) }

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
		list := []fields{}
		for _, r := range s.repos {
			if t.reaches(r) {
				list = append(list, s.wireRepo(r))
			}
		}
		f["repositories"] = list
	}
	return f
}

func (s *Server) listRepos(c *call) answer {
	var all []*repo
	for _, r := range s.repos {
		if c.token.reaches(r) {
			all = append(all, r)
		}
	}
	from, to := s.page(c, len(all))
	list := []fields{}
	for _, r := range all[from:to] {
		list = append(list, s.wireRepo(r))
	}
	return ok(fields{"total_count": len(all), "repository_selection": "selected", "repositories": list})
}

func (s *Server) getRateLimit(c *call) answer {
	used, reset := s.spend(c)
	rate := fields{"limit": limit, "used": used, "remaining": max(1, limit-used), "reset": reset.Unix(), "resource": "core"}
	return ok(fields{"resources": fields{"core": rate, "search": rate}, "rate": rate})
}

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

func (s *Server) listDeliveries(c *call) answer {
	type pair struct {
		d *delivery
		a attempt
	}
	var all []pair
	for _, d := range slices.Backward(s.hooks) {
		for _, a := range slices.Backward(d.attempts) {
			bad := a.status/100 != 2
			if want := c.URL.Query().Get("status"); want == "" || (want == "failure") == bad {
				all = append(all, pair{d, a})
			}
		}
	}
	slices.SortStableFunc(all, func(x, y pair) int { return int(y.a.id - x.a.id) })
	from, to := s.cursor(c, "cursor", len(all))
	list := []fields{}
	for _, p := range all[from:to] {
		list = append(list, wireDelivery(p.d, p.a))
	}
	return ok(list)
}

func wireDelivery(d *delivery, a attempt) fields {
	status := fmt.Sprint(a.status)
	switch {
	case a.status/100 == 2:
		status = "OK"
	case a.status == 0:
		status = "failed to connect to host"
	}
	f := fields{
		"id": a.id, "guid": d.guid, "delivered_at": stamp(a.sent), "redelivery": a.redelivery, "duration": 0.1,
		"status": status, "status_code": a.status, "event": d.event, "action": orNull(d.action),
		"installation_id": nil, "repository_id": nil, "throttled_at": nil,
	}
	if d.repo != nil {
		f["installation_id"], f["repository_id"] = d.repo.inst.id, d.repo.id
	}
	return f
}

func (s *Server) attempt(id int64) (*delivery, attempt) {
	for _, d := range s.hooks {
		for _, a := range d.attempts {
			if a.id == id {
				return d, a
			}
		}
	}
	return nil, attempt{}
}

func (s *Server) getDelivery(c *call) answer {
	d, a := s.attempt(c.number("delivery_id"))
	if d == nil {
		return notFound()
	}
	headers := fields{}
	for name, value := range s.hookHeaders(s.opts, d) {
		headers[name] = value
	}
	f := wireDelivery(d, a)
	f["url"] = s.opts.WebhookURL
	f["request"] = fields{"headers": headers, "payload": json.RawMessage(d.body)}
	f["response"] = fields{"headers": fields{}, "payload": ""}
	return ok(f)
}

// attemptDelivery queues a webhook again; it is sent with the others.
func (s *Server) attemptDelivery(c *call) answer {
	d, _ := s.attempt(c.number("delivery_id"))
	if d == nil {
		return notFound()
	}
	if d.state != Waiting {
		again := *d
		again.number, again.state, again.attempts, again.again, again.tries = s.nextID("delivery"), Waiting, nil, true, 0
		s.hooks = append(s.hooks, &again)
		s.stir()
	}
	return answer{status: http.StatusAccepted, body: fields{}}
}
