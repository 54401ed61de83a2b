package fakegithub

import (
	"fmt"
	"slices"
)

// MaxBody is how long a comment may be, in characters, as GitHub counts.
const MaxBody = 65536

// OpenIssue opens an issue and says its number.
func (s *Server) OpenIssue(repo, by, title, body string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.findRepo(repo)
	if r == nil {
		return 0
	}
	it := s.newItem(r, by, title, body, nil)
	s.hookItem(it, "opened", it.author, nil)
	return it.number
}

// Comment comments on a change or an issue.
func (s *Server) Comment(repo string, number int, by, body string) (id int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, err := s.anItem(repo, number)
	if err != nil {
		return 0, fmt.Errorf("comment: %w", err)
	}
	return s.comment(it, s.person(by), body).id, nil
}

func (s *Server) comment(it *item, by *user, body string) *comment {
	c := &comment{id: s.nextID("comment"), item: it, author: by, body: body, made: s.now(), edited: s.now()}
	it.comments = append(it.comments, c)
	it.updated = s.now()
	s.hookComment(c, "created", by, nil)
	return c
}

// EditComment changes what a comment says.
func (s *Server) EditComment(repo string, id int64, by, body string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.findComment(repo, id)
	if err != nil {
		return fmt.Errorf("edit comment: %w", err)
	}
	s.editComment(c, s.person(by), body)
	return nil
}

func (s *Server) editComment(c *comment, by *user, body string) {
	was := c.body
	c.body, c.edited = body, s.now()
	s.hookComment(c, "edited", by, fields{"changes": fields{"body": fields{"from": was}}})
}

// DeleteComment takes a comment away.
func (s *Server) DeleteComment(repo string, id int64, by string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.findComment(repo, id)
	if err != nil {
		return fmt.Errorf("delete comment: %w", err)
	}
	s.deleteComment(c, s.person(by))
	return nil
}

func (s *Server) deleteComment(c *comment, by *user) {
	s.hookComment(c, "deleted", by, nil)
	c.item.comments = slices.DeleteFunc(c.item.comments, func(o *comment) bool { return o == c })
}

func (s *Server) findComment(repo string, id int64) (*comment, error) {
	r, err := s.repo(repo)
	if err != nil {
		return nil, err
	}
	if c := r.comment(id); c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("no comment %d in %s", id, repo)
}

func (r *repo) comment(id int64) *comment {
	for _, it := range r.items {
		for _, c := range it.comments {
			if c.id == id {
				return c
			}
		}
	}
	return nil
}
