package fakegithub

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

func (s *Server) listRepos(c *call) answer {
	var all []*repo
	for _, r := range s.repos {
		if c.token.reaches(r) {
			all = append(all, r)
		}
	}
	from, to := s.page(c, len(all))
	list := []any{}
	for _, r := range all[from:to] {
		list = append(list, s.drawRepo(r))
	}
	return ok(fields{"total_count": len(all), "repository_selection": "selected", "repositories": list})
}

func (s *Server) getRateLimit(c *call) answer {
	b := s.budget(c.token)
	rate := fields{"limit": b.limit, "used": b.used, "remaining": b.left(), "reset": b.reset.Unix(), "resource": "core"}
	return ok(fields{"resources": fields{"core": rate, "search": rate}, "rate": rate})
}
