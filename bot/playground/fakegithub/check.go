package fakegithub

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Check moves a check of the fake CI on a commit. A run of that name that has
// not ended is moved on; otherwise a new one begins. Status and conclusion are
// GitHub's words.
func (s *Server) Check(repo, sha, name, status, conclusion string) (id int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.repo(repo)
	if err != nil {
		return 0, fmt.Errorf("check %s: %w", name, err)
	}
	head := r.commits[sha]
	if head == nil {
		return 0, fmt.Errorf("check %s: no commit %q in %s", name, sha, repo)
	}
	if err := possible(status, conclusion); err != nil {
		return 0, fmt.Errorf("check %s: %w", name, err)
	}
	su := s.suite(r, s.ci, head)
	i := slices.IndexFunc(r.runs, func(o *checkRun) bool { return o.suite == su && o.name == name && o.status != "completed" })
	if i >= 0 {
		if r.runs[i].status == "queued" && status == "in_progress" {
			r.runs[i].started = s.now()
		}
		s.moveRun(r.runs[i], status, conclusion, s.now())
		return r.runs[i].id, nil
	}
	fresh := s.newRun(su, name)
	s.begin(fresh, status, conclusion, s.now())
	return fresh.id, nil
}

func possible(status, conclusion string) error {
	switch {
	case !slices.Contains(runStates, status):
		return fmt.Errorf("no status %q", status)
	case (status == "completed") != (conclusion != ""):
		return errors.New("completed needs a conclusion, and nothing else has one")
	case conclusion != "" && !slices.Contains(conclusions, conclusion):
		return fmt.Errorf("no conclusion %q", conclusion)
	}
	return nil
}

var (
	runStates   = []string{"queued", "in_progress", "completed"}
	conclusions = []string{"success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required", "stale", "startup_failure"}
)

func (s *Server) newRun(su *suite, name string) *checkRun {
	run := &checkRun{id: s.nextID("run"), suite: su, name: name, started: s.now()}
	su.repo.runs = append(su.repo.runs, run)
	su.asked = false
	return run
}

// begin gives a new run its first state. One that begins completed is told as
// created and as completed.
func (s *Server) begin(run *checkRun, status, conclusion string, ended time.Time) {
	if status != "completed" {
		run.status = status
		run.suite.reported = ""
		s.hookRun(run, "created", run.suite.app.user)
		return
	}
	run.status, run.conclusion, run.completed = status, conclusion, ended
	s.hookRun(run, "created", run.suite.app.user)
	s.hookRun(run, "completed", run.suite.app.user)
	s.settle(run.suite)
}

// moveRun changes a run's state. Only its end is told: GitHub has no word for
// "in progress".
func (s *Server) moveRun(run *checkRun, status, conclusion string, at time.Time) {
	ended := status == "completed" && (run.status != "completed" || run.conclusion != conclusion)
	run.status, run.conclusion = status, conclusion
	if status != "completed" {
		run.completed, run.suite.reported = zero, ""
	}
	if ended {
		run.completed = at
		s.hookRun(run, "completed", run.suite.app.user)
		s.settle(run.suite)
	}
}

// latest is the newest run of each app and name on a commit, oldest first.
func (r *repo) latest(sha string) []*checkRun {
	var list []*checkRun
	for _, run := range r.runs {
		if run.suite.head.sha != sha {
			continue
		}
		i := slices.IndexFunc(list, func(o *checkRun) bool { return o.name == run.name && o.suite == run.suite })
		if i >= 0 {
			list = slices.Delete(list, i, i+1)
		}
		list = append(list, run)
	}
	return list
}
