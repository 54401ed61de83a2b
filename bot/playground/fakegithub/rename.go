package fakegithub

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Rename gives a repository another name, "acme/store", in the same owner's
// hands. Its ids stay; who asks for the old name is sent on.
func (s *Server) Rename(repo, name, by string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.repo(repo)
	if err != nil {
		return fmt.Errorf("rename: %w", err)
	}
	owner, short, _ := strings.Cut(name, "/")
	if !strings.EqualFold(owner, r.owner.login) || short == "" || s.findRepo(name) != nil {
		return fmt.Errorf("rename %s to %s: the name is taken, or another owner's", repo, name)
	}
	was := r.name
	s.renamed[strings.ToLower(r.full())] = r
	delete(s.renamed, strings.ToLower(name))
	r.name = short
	s.queue(r, "repository", s.person(by), fields{
		"action": "renamed", "changes": fields{"repository": fields{"name": fields{"from": was}}},
	})
	return nil
}

// elsewhere sends on who knows an old name.
func (s *Server) elsewhere(c *call, name string, to *repo) answer {
	rest := strings.TrimPrefix(strings.TrimPrefix(c.URL.EscapedPath(), "/api/v3"), "/repos/"+name)
	where := s.api(fmt.Sprintf("/repositories/%d%s", to.id, rest))
	if c.URL.RawQuery != "" {
		where += "?" + c.URL.RawQuery
	}
	status := http.StatusTemporaryRedirect
	if c.Method == http.MethodGet {
		status = http.StatusMovedPermanently
	}
	a := refuse(status, "Moved Permanently")
	a.body.(fields)["url"] = where
	a.header = map[string]string{"Location": where}
	return a
}

// byName turns /repositories/{id}/… into /repos/{owner}/{repo}/….
func (s *Server) byName(path string) string {
	rest, numbered := strings.CutPrefix(path, "/repositories/")
	if !numbered {
		return path
	}
	number, tail, deeper := strings.Cut(rest, "/")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return path
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.repos {
		if r.id == id {
			path = "/repos/" + url.PathEscape(r.owner.login) + "/" + url.PathEscape(r.name)
			if deeper {
				path += "/" + tail
			}
		}
	}
	return path
}
