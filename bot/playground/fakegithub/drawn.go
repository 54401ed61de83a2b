package fakegithub

import "time"

// Users and repositories stand in most that is said, some of them ten times in
// one webhook, and seldom change: how one looks is kept until it does.

type userLook struct {
	url, site, login string
	as               picture
}

// drawUser is a user as most objects show one.
func (s *Server) drawUser(u *user) picture {
	if l := u.look; l.as == nil || l.url != s.opts.URL || l.site != s.opts.Site || l.login != u.login {
		u.look = userLook{s.opts.URL, s.opts.Site, u.login, rawOf(s.userFields(u))}
	}
	return u.look.as
}

// repoKey is all that may change of how a repository looks.
type repoKey struct {
	url, site, full string
	open, commits   int
	pushed          time.Time
}

type repoLook struct {
	repoKey
	as picture
}

// drawRepo is a repository as most objects show one.
func (s *Server) drawRepo(r *repo) picture {
	key := repoKey{s.opts.URL, s.opts.Site, r.full(), r.openItems(), len(r.commits), r.pushed}
	if r.look.as == nil || r.look.repoKey != key {
		r.look = repoLook{key, rawOf(s.wireRepo(r))}
	}
	return r.look.as
}
