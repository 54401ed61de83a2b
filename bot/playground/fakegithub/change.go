package fakegithub

import (
	"fmt"
	"slices"
)

// NewChange is what somebody proposes.
type NewChange struct {
	Author, Title, Body string
	Branch              string            // "change-N" when empty
	Base                string            // Main when empty
	Files               map[string]string // path → new content; "" deletes
	Draft, Fork         bool              // Fork: the branch is in the author's fork
	Labels              []string
}

// Open proposes a change: its branch starts at the base's head and has one
// commit with the files.
func (s *Server) Open(repo string, c NewChange) (number int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.repo(repo)
	if err != nil {
		return 0, fmt.Errorf("open a change: %w", err)
	}
	if c.Base == "" {
		c.Base = Main
	}
	base := r.head(c.Base)
	if base == nil {
		return 0, fmt.Errorf("open a change in %s: no branch %q", repo, c.Base)
	}
	it := s.newItem(r, c.Author, c.Title, c.Body, c.Labels)
	if c.Branch == "" {
		c.Branch = fmt.Sprintf("change-%d", it.number)
	}
	ch := &change{id: s.nextID("pull"), from: r, branch: c.Branch, baseRef: c.Base, base: base, draft: c.Draft}
	if c.Fork {
		ch.from = s.fork(r, it.author)
	}
	it.change = ch
	parent := base
	if old := ch.from.head(c.Branch); old != nil {
		parent = old
	}
	ch.head = s.commit(r, it.author, c.Title, edited(parent.files, c.Files), parent)
	s.pushTo(r, it, ch.from, c.Branch, ch.head, "push")
	s.hookChange(it, "opened", it.author, nil)
	return it.number, nil
}

func (s *Server) newItem(r *repo, author, title, body string, labels []string) *item {
	now := s.now()
	it := &item{
		repo: r, number: len(r.items) + 1, id: s.nextID("issue"), title: title, body: body,
		author: s.person(author), open: true, labels: slices.Clone(labels), made: now, updated: now,
	}
	r.items = append(r.items, it)
	return it
}

// fork finds or makes somebody's fork. Its commits are kept with the
// repository's own, as GitHub does too.
func (s *Server) fork(of *repo, owner *user) *repo {
	for _, r := range s.repos {
		if r.parent == of && r.owner == owner {
			return r
		}
	}
	f := s.newRepo(owner, of.name)
	f.parent, f.commits = of, of.commits
	f.branches[Main] = of.branches[Main]
	return f
}

// pushTo moves a branch of the repository, or of a fork, which no webhook
// of ours tells.
func (s *Server) pushTo(r *repo, it *item, in *repo, branch string, to *commit, kind string) {
	by := to.author
	if it != nil && by == nil {
		by = it.author
	}
	before := s.move(in, branch, to, kind, by)
	if in == r {
		s.hookPush(r, branch, before, to, kind == "force_push", by)
	}
}

// Push puts a commit on a branch: on a change's, which synchronizes the
// change, on main or on any other. A branch that does not exist begins at main.
func (s *Server) Push(repo, branch, author, title string, files map[string]string) (sha string, err error) {
	return s.push(repo, branch, author, title, files, false)
}

// ForcePush replaces all commits of a branch by one on top of the newest
// commit that the branch shares with main.
func (s *Server) ForcePush(repo, branch, author, title string, files map[string]string) (sha string, err error) {
	return s.push(repo, branch, author, title, files, true)
}

func (s *Server) push(repo, branch, author, title string, files map[string]string, force bool) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.repo(repo)
	if err != nil {
		return "", fmt.Errorf("push: %w", err)
	}
	by := s.person(author)
	in, it := r.branchOf(branch)
	parent, kind := in.head(branch), "push"
	if parent == nil {
		parent = r.head(Main)
	}
	if force {
		kind = "force_push"
		if parent = mergeBase(parent, r.head(Main)); branch == Main && len(parent.parents) > 0 {
			parent = parent.parents[0]
		}
	}
	c := s.commit(r, by, title, edited(parent.files, files), parent)
	s.pushTo(r, it, in, branch, c, kind)
	if it != nil {
		s.synchronize(it, c, by)
	}
	return c.sha, nil
}

// branchOf says where a branch is and which open change comes from it. A
// fork's branch is meant only where the repository itself has none of the name.
func (r *repo) branchOf(branch string) (*repo, *item) {
	var forks *item
	for _, it := range slices.Backward(r.items) {
		switch {
		case it.change == nil || !it.open || it.change.branch != branch:
		case it.change.from == r:
			return r, it
		case forks == nil:
			forks = it
		}
	}
	if forks != nil && r.branches[branch] == "" {
		return forks.change.from, forks
	}
	return r, nil
}

func (s *Server) synchronize(it *item, head *commit, by *user) {
	before := it.change.head.sha
	it.change.head = head
	it.change.base = it.repo.head(it.change.baseRef)
	it.updated = s.now()
	s.hookChange(it, "synchronize", by, fields{"before": before, "after": head.sha})
}
