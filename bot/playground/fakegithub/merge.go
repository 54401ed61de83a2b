package fakegithub

import (
	"fmt"
	"slices"
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
	return c.sha, nil
}

// land marks a change as merged by a commit. What it was merged onto stays its
// base, so that its size is what it was.
func (s *Server) land(it *item, c, onto *commit, who *user) {
	it.open, it.closed, it.closedBy, it.updated = false, s.now(), who, s.now()
	it.change.merged, it.change.by, it.change.at, it.change.base = c, who, s.now(), onto
}

// judgement is what GitHub thinks of merging.
type judgement struct {
	may   bool
	state string // GitHub's mergeable_state: clean, unstable, blocked, dirty, draft, unknown
	why   []string
}

// judge says whether a change may be merged: all required checks of its base
// passed on its head. Others that did not pass make it unstable, no more.
func (s *Server) judge(it *item) judgement {
	switch {
	case it.change.merged != nil:
		return judgement{state: "unknown", why: []string{"it is merged"}}
	case !it.open:
		return judgement{state: "unknown", why: []string{"it is closed"}}
	}
	if _, conflict := merged(it.repo.head(it.change.baseRef), it.change.head); conflict != "" {
		return judgement{state: "dirty", why: []string{"conflict in " + conflict}}
	}
	if it.change.draft {
		return judgement{state: "draft", why: []string{"it is a draft"}}
	}
	marks := it.repo.marks(it.change.head.sha)
	var missing []string
	for _, name := range it.repo.requires(it.change.baseRef) {
		i := slices.IndexFunc(marks, func(m mark) bool { return m.name == name && m.state != "passed" })
		known := slices.ContainsFunc(marks, func(m mark) bool { return m.name == name })
		switch {
		case !known:
			missing = append(missing, name+" is expected")
		case i >= 0:
			missing = append(missing, name+" is "+marks[i].state)
		}
	}
	if len(missing) > 0 {
		return judgement{state: "blocked", why: missing}
	}
	if slices.ContainsFunc(marks, func(m mark) bool { return m.state != "passed" }) {
		return judgement{may: true, state: "unstable"}
	}
	return judgement{may: true, state: "clean"}
}

// mark is a check or a status as far as merging is concerned.
type mark struct {
	name  string
	state string // passed, failing, in progress
	app   *app
}

// marks are the newest checks and statuses of a commit.
func (r *repo) marks(sha string) []mark {
	var list []mark
	for _, run := range r.latest(sha) {
		list = append(list, mark{name: run.name, state: run.state(), app: run.suite.app})
	}
	for _, st := range r.latestStatuses(sha) {
		state := "in progress"
		switch st.state {
		case "success":
			state = "passed"
		case "failure", "error":
			state = "failing"
		}
		list = append(list, mark{name: st.context, state: state})
	}
	return list
}

func (run *checkRun) state() string {
	switch {
	case run.status != "completed":
		return "in progress"
	case run.conclusion == "success" || run.conclusion == "neutral" || run.conclusion == "skipped":
		return "passed"
	}
	return "failing"
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
