package fakegithub

import (
	"fmt"
	"slices"
	"strings"
)

// QueueGroup lets the merge queue try changes together: a commit on top of
// the base that has all of them, on a branch of the queue's own.
func (s *Server) QueueGroup(repo, base string, numbers ...int) (sha string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.repo(repo)
	if err != nil {
		return "", fmt.Errorf("queue: %w", err)
	}
	onto := r.head(base)
	if onto == nil || len(numbers) == 0 {
		return "", fmt.Errorf("queue in %s: no branch %q, or no changes", repo, base)
	}
	head := onto
	var title string
	for _, n := range numbers {
		it, err := s.change(repo, n)
		if err != nil {
			return "", fmt.Errorf("queue: %w", err)
		}
		files, conflict := merged(head, it.change.head)
		if conflict != "" || !it.open {
			return "", fmt.Errorf("queue %s#%d: closed, or conflict in %q", repo, n, conflict)
		}
		title = fmt.Sprintf("Merge pull request #%d from %s/%s\n\n%s", n, it.change.from.owner.login, it.change.branch, it.title)
		head = s.commit(r, s.person("github-merge-queue[bot]"), title, files, head, it.change.head)
	}
	last := numbers[len(numbers)-1]
	g := &group{base: base, ref: fmt.Sprintf("gh-readonly-queue/%s/pr-%d-%s", base, last, onto.sha), head: head, onto: onto, numbers: slices.Clone(numbers)}
	r.groups[head.sha] = g
	r.branches[g.ref] = head.sha
	s.hookGroup(r, g, "checks_requested", "")
	return head.sha, nil
}

// MergeGroup merges a group of the queue whose required checks passed.
func (s *Server) MergeGroup(repo, sha string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, g, err := s.group(repo, sha)
	if err != nil {
		return fmt.Errorf("merge the group: %w", err)
	}
	if g.onto != r.head(g.base) {
		return fmt.Errorf("merge the group %s: %s moved", sha, g.base)
	}
	if missing := r.missing(g); len(missing) > 0 {
		return fmt.Errorf("merge the group %s: blocked: %s", sha, strings.Join(missing, ", "))
	}
	by := s.person("github-merge-queue[bot]")
	s.endGroup(r, g, "merged")
	before := s.move(r, g.base, g.head, "merge_queue_merge", by)
	for _, n := range g.numbers {
		it := r.item(n)
		s.land(it, g.head, g.onto, by)
		s.hookChange(it, "closed", by, nil)
	}
	s.hookPush(r, g.base, before, g.head, false, by)
	return nil
}

func (r *repo) missing(g *group) []string {
	marks := r.marks(g.head.sha)
	var list []string
	for _, name := range r.requires(g.base) {
		if !slices.ContainsFunc(marks, func(m mark) bool { return m.name == name && m.state == "passed" }) {
			list = append(list, name)
		}
	}
	return list
}

// DropGroup takes a group out of the queue; why is GitHub's word, "invalidated"
// or "dequeued".
func (s *Server) DropGroup(repo, sha, why string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, g, err := s.group(repo, sha)
	if err != nil {
		return fmt.Errorf("drop the group: %w", err)
	}
	s.endGroup(r, g, why)
	return nil
}

func (s *Server) endGroup(r *repo, g *group, why string) {
	s.hookGroup(r, g, "destroyed", why)
	delete(r.groups, g.head.sha)
	delete(r.branches, g.ref)
}

func (s *Server) group(repo, sha string) (*repo, *group, error) {
	r, err := s.repo(repo)
	if err != nil {
		return nil, nil, err
	}
	if g := r.groups[sha]; g != nil {
		return r, g, nil
	}
	return nil, nil, fmt.Errorf("%s has no group %s", repo, sha)
}
