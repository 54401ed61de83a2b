package fakegithub

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Close gives a change up, or closes an issue.
func (s *Server) Close(repo string, number int, by string) error {
	return s.alter(repo, number, by, "closed", func(it *item, who *user) error {
		if !it.open {
			return errors.New("it is closed already")
		}
		it.open, it.closed, it.closedBy = false, s.now(), who
		return nil
	})
}

// Reopen opens what was closed; what is merged stays so.
func (s *Server) Reopen(repo string, number int, by string) error {
	return s.alter(repo, number, by, "reopened", func(it *item, _ *user) error {
		if it.open || it.change != nil && it.change.merged != nil {
			return errors.New("it is open or merged")
		}
		it.open, it.closedBy = true, nil
		return nil
	})
}

// Ready ends a draft.
func (s *Server) Ready(repo string, number int, by string) error {
	return s.alter(repo, number, by, "ready_for_review", func(it *item, _ *user) error {
		if it.change == nil || !it.change.draft {
			return errors.New("it is no draft")
		}
		it.change.draft = false
		return nil
	})
}

// Draft makes a change a draft again.
func (s *Server) Draft(repo string, number int, by string) error {
	return s.alter(repo, number, by, "converted_to_draft", func(it *item, _ *user) error {
		if it.change == nil || it.change.draft {
			return errors.New("it is no change or a draft already")
		}
		it.change.draft = true
		return nil
	})
}

// Label puts a label on a change or an issue.
func (s *Server) Label(repo string, number int, by, label string) error {
	return s.relabel(repo, number, by, label, "labeled")
}

// Unlabel takes a label away.
func (s *Server) Unlabel(repo string, number int, by, label string) error {
	return s.relabel(repo, number, by, label, "unlabeled")
}

func (s *Server) relabel(repo string, number int, by, label, action string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, err := s.anItem(repo, number)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	if slices.Contains(it.labels, label) == (action == "labeled") {
		return fmt.Errorf("%s %s#%d: nothing to do for %q", action, repo, number, label)
	}
	if action == "labeled" {
		it.labels = append(it.labels, label)
	} else {
		it.labels = slices.DeleteFunc(it.labels, func(l string) bool { return l == label })
	}
	it.updated = s.now()
	s.hookItem(it, action, s.person(by), fields{"label": s.wireLabel(it.repo, label)})
	return nil
}

// Edit changes the title and the body of a change or an issue; "" leaves one
// as it is.
func (s *Server) Edit(repo string, number int, by, title, body string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, err := s.anItem(repo, number)
	if err != nil {
		return fmt.Errorf("edit: %w", err)
	}
	changes := fields{}
	if title != "" && title != it.title {
		changes["title"] = fields{"from": it.title}
		it.title = title
	}
	if body != "" && body != it.body {
		changes["body"] = fields{"from": it.body}
		it.body = body
	}
	it.updated = s.now()
	s.hookItem(it, "edited", s.person(by), fields{"changes": changes})
	return nil
}

func (s *Server) anItem(repo string, number int) (*item, error) {
	r, err := s.repo(repo)
	if err != nil {
		return nil, err
	}
	if it := r.item(number); it != nil {
		return it, nil
	}
	return nil, fmt.Errorf("no change or issue %s#%d", repo, number)
}

// alter does one thing to a change or an issue and tells it.
func (s *Server) alter(repo string, number int, by, action string, do func(*item, *user) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, err := s.anItem(repo, number)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	who := s.person(by)
	if err := do(it, who); err != nil {
		return fmt.Errorf("%s %s#%d: %w", strings.ReplaceAll(action, "_", " "), repo, number, err)
	}
	it.updated = s.now()
	s.hookItem(it, action, who, nil)
	return nil
}

// DeleteBranch takes a branch away, as people do after a merge.
func (s *Server) DeleteBranch(repo, branch, by string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.repo(repo)
	if err != nil {
		return fmt.Errorf("delete branch %s: %w", branch, err)
	}
	before := r.branches[branch]
	if before == "" || branch == Main {
		return fmt.Errorf("delete branch %s: %s has none such to delete", branch, repo)
	}
	delete(r.branches, branch)
	who := s.person(by)
	r.moves = append(r.moves, move{
		id: s.nextID("activity"), before: before, after: none, branch: branch, kind: "branch_deletion", actor: who, at: s.now(),
	})
	s.queue(r, "push", who, fields{
		"ref": "refs/heads/" + branch, "before": before, "after": none, "repository": s.wireRepoPushed(r),
		"created": false, "deleted": true, "forced": false, "base_ref": nil, "pusher": fields{"name": who.login, "email": who.email()},
		"compare": s.site(fmt.Sprintf("/%s/compare/%.12s...%.12s", r.full(), before, none)), "commits": []fields{}, "head_commit": nil,
	})
	return nil
}
