package fakegithub

import (
	"fmt"
	"slices"
)

// Change shows a change.
func (s *Server) Change(repo string, number int) (ChangeView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, err := s.change(repo, number)
	if err != nil {
		return ChangeView{}, fmt.Errorf("show change: %w", err)
	}
	return s.viewChange(it), nil
}

// Changes shows all changes of a repository, oldest first.
func (s *Server) Changes(repo string) []ChangeView {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []ChangeView
	if r := s.findRepo(repo); r != nil {
		for _, it := range r.items {
			if it.change != nil {
				list = append(list, s.viewChange(it))
			}
		}
	}
	return list
}

// Files shows what a change does to each file, by path.
func (s *Server) Files(repo string, number int) ([]FileView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, err := s.change(repo, number)
	if err != nil {
		return nil, fmt.Errorf("show files: %w", err)
	}
	var list []FileView
	for _, f := range it.files() {
		list = append(list, FileView{Path: f.path, Was: f.was, Status: f.status, Added: f.added, Deleted: f.deleted, Patch: f.patch})
	}
	return list, nil
}

func (s *Server) viewChange(it *item) ChangeView {
	ch := it.change
	v := ChangeView{
		Number: it.number, Title: it.title, Body: it.body, Author: it.author.login, State: it.state(), Draft: ch.draft,
		Fork: ch.from != it.repo, Labels: slices.Clone(it.labels), Branch: ch.branch, Head: ch.head.sha, Base: ch.baseRef,
		Merged: ch.merged != nil, Checks: s.viewChecks(it.repo, ch.head.sha, ch.baseRef), Comments: viewComments(it),
		Opened: it.made, Updated: it.updated, URL: s.site(fmt.Sprintf("/%s/pull/%d", it.repo.full(), it.number)),
	}
	files := it.files()
	v.Added, v.Deleted = size(files)
	for _, f := range files {
		v.Files = append(v.Files, f.path)
	}
	if ch.merged != nil {
		v.MergeSHA, v.MergedBy = ch.merged.sha, ch.by.login
	}
	s.viewVerdict(it, &v)
	return v
}

// viewVerdict also holds a change back for the bot's own checks, which a page
// should show even where nobody requires them.
func (s *Server) viewVerdict(it *item, v *ChangeView) {
	j := s.judge(it)
	v.Verdict, v.Blocked = j.state, j.why
	if !it.open || j.state == "dirty" || j.state == "draft" {
		return
	}
	for _, m := range it.repo.marks(it.change.head.sha) {
		why := m.name + " is " + m.state
		if m.app == s.bot && m.state != "passed" && !slices.Contains(v.Blocked, why) {
			v.Verdict, v.Blocked = "blocked", append(v.Blocked, why)
		}
	}
}

func text(t *string) string {
	if t == nil {
		return ""
	}
	return *t
}

func viewComments(it *item) []CommentView {
	var list []CommentView
	for _, c := range it.comments {
		v := CommentView{
			ID: c.id, Author: c.author.login, Body: c.body, Created: c.made, Edited: c.edited, Reactions: map[string]int{},
		}
		for _, r := range c.reactions {
			v.Reactions[r.content]++
		}
		list = append(list, v)
	}
	return list
}

// Issue shows an issue.
func (s *Server) Issue(repo string, number int) (IssueView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, err := s.anItem(repo, number)
	if err != nil {
		return IssueView{}, fmt.Errorf("show issue: %w", err)
	}
	return IssueView{
		Number: it.number, Title: it.title, Body: it.body, Author: it.author.login, State: it.state(),
		Labels: slices.Clone(it.labels), Comments: viewComments(it),
	}, nil
}

// Deployments shows all deployments of a repository, oldest first.
func (s *Server) Deployments(repo string) []DeploymentView {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.findRepo(repo)
	if r == nil {
		return nil
	}
	var list []DeploymentView
	for _, d := range r.deployments {
		v := DeploymentView{
			ID: d.id, SHA: d.head.sha, Ref: d.ref, Environment: d.environment, Task: d.task, Description: text(d.description), Payload: d.payload,
		}
		for _, st := range d.statuses {
			v.Statuses = append(v.Statuses, DeploymentStatusView{State: st.state, Description: st.description, LogURL: st.log, URL: st.envURL, Time: st.made})
		}
		list = append(list, v)
	}
	return list
}

// Branch is the SHA of a branch's head; empty when there is no such branch.
func (s *Server) Branch(repo, name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.findRepo(repo)
	if r == nil {
		return ""
	}
	return r.branches[name]
}
