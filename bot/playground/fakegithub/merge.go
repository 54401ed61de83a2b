package fakegithub

import (
	"fmt"
	"strings"
)

// Merge merges a change with a merge commit. It is refused while a required
// check does not pass, while the change is a draft, and when main changed the
// same files.
func (s *Server) Merge(repo string, number int, by string) (sha string, err error) {
	return s.mergeBy(repo, number, by, false)
}

// Squash merges a change as one commit.
func (s *Server) Squash(repo string, number int, by string) (sha string, err error) {
	return s.mergeBy(repo, number, by, true)
}

func (s *Server) mergeBy(repo string, number int, by string, squash bool) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, err := s.change(repo, number)
	if err != nil {
		return "", fmt.Errorf("merge: %w", err)
	}
	if v := s.judge(it); !v.may {
		return "", fmt.Errorf("merge %s#%d: it is %s: %s", repo, number, v.state, strings.Join(v.why, ", "))
	}
	onto := it.repo.head(it.change.baseRef)
	files, _ := merged(onto, it.change.head)
	who := s.person(by)
	message := fmt.Sprintf("Merge pull request #%d from %s/%s\n\n%s", number, it.change.from.owner.login, it.change.branch, it.title)
	parents := []*commit{onto, it.change.head}
	author := who
	if squash {
		message, parents, author = fmt.Sprintf("%s (#%d)", it.title, number), parents[:1], it.author
	}
	c := s.commit(it.repo, author, message, files, parents...)
	s.land(it, c, onto, who)
	before := s.move(it.repo, it.change.baseRef, c, "pr_merge", who)
	s.hookChange(it, "closed", who, nil)
	s.hookPush(it.repo, it.change.baseRef, before, c, false, who)
	if in, upon := it.repo.branchOf(it.change.baseRef); upon != nil && in == it.repo { // a change that others are merged into
		s.synchronize(upon, c, who)
	}
	return c.sha, nil
}

// land marks a change as merged by a commit. What it was merged onto stays its
// base, so that its size is what it was.
func (s *Server) land(it *item, c, onto *commit, who *user) {
	it.open, it.closed, it.closedBy, it.updated = false, s.now(), who, s.now()
	it.change.merged, it.change.by, it.change.at, it.change.base = c, who, s.now(), onto
}

// files is what a change changes, against the newest commit it shares with its
// base. Results are kept: both trees have names that never change.
func (it *item) files() []fileDiff {
	base := it.change.base
	if it.change.merged == nil {
		base = it.repo.head(it.change.baseRef)
	}
	return it.repo.diff(mergeBase(base, it.change.head), it.change.head)
}

func (r *repo) diff(a, b *commit) []fileDiff {
	var before map[string]string
	key := ".." + b.tree
	if a != nil {
		before, key = a.files, a.tree+key
	}
	list, known := r.diffs[key]
	if !known {
		list = diff(before, b.files)
		r.diffs[key] = list
	}
	return list
}

// size is how many lines a change adds and deletes.
func size(list []fileDiff) (added, deleted int) {
	for _, d := range list {
		added, deleted = added+d.added, deleted+d.deleted
	}
	return added, deleted
}
