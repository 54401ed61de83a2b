package fakegithub

import (
	"slices"
)

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
