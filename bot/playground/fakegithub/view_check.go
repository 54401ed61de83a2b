package fakegithub

import (
	"cmp"
	"fmt"
	"slices"
)

// RunView is a check run with where it belongs.
type RunView struct {
	CheckView
	SHA     string
	Changes []ChangeView // whose head or merge commit it is of
}

// CheckRun shows a check run of a repository.
func (s *Server) CheckRun(repo string, id int64) (RunView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.repo(repo)
	if err != nil {
		return RunView{}, fmt.Errorf("show run: %w", err)
	}
	i := slices.IndexFunc(r.runs, func(o *checkRun) bool { return o.id == id })
	if i < 0 {
		return RunView{}, fmt.Errorf("show run: %s has none with the id %d", repo, id)
	}
	run := r.runs[i]
	v := RunView{CheckView: viewRun(run, r.requires(Main)), SHA: run.suite.head.sha}
	for _, it := range r.items {
		if ch := it.change; ch != nil && (ch.head == run.suite.head || ch.merged == run.suite.head) {
			v.Changes = append(v.Changes, s.viewChange(it))
		}
	}
	return v, nil
}

// Checks shows the newest checks and statuses of a commit.
func (s *Server) Checks(repo, sha string) []CheckView {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.findRepo(repo)
	if r == nil {
		return nil
	}
	return s.viewChecks(r, sha, Main)
}

func (s *Server) viewChecks(r *repo, sha, base string) []CheckView {
	required := r.requires(base)
	var list []CheckView
	for _, run := range r.latest(sha) {
		list = append(list, viewRun(run, required))
	}
	for _, st := range r.latestStatuses(sha) {
		v := CheckView{ID: st.id, Name: st.context, Required: slices.Contains(required, st.context), Status: "completed", Conclusion: st.state, Title: text(st.description), URL: text(st.target)}
		if st.state == "pending" {
			v.Status, v.Conclusion = "in_progress", ""
		}
		list = append(list, v)
	}
	slices.SortStableFunc(list, func(a, b CheckView) int { return cmp.Compare(a.Name, b.Name) }) // who reports first is chance
	return list
}

func viewRun(run *checkRun, required []string) CheckView {
	v := CheckView{
		ID: run.id, Name: run.name, App: run.suite.app.slug, Required: slices.Contains(required, run.name), Status: run.status,
		Conclusion: run.conclusion, Title: text(run.title), Summary: text(run.summary), Text: text(run.text),
		URL: run.details,
	}
	for _, a := range run.actions {
		v.Actions = append(v.Actions, ActionView{a.Label, a.Description})
	}
	return v
}
