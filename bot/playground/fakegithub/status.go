package fakegithub

import (
	"fmt"
	"slices"
)

// Status sets a commit status, the older form of a check.
func (s *Server) Status(repo, sha, context, state string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.repo(repo)
	if err != nil {
		return fmt.Errorf("status %s: %w", context, err)
	}
	if r.commits[sha] == nil {
		return fmt.Errorf("status %s: no commit %q in %s", context, sha, repo)
	}
	if !slices.Contains([]string{"error", "failure", "pending", "success"}, state) {
		return fmt.Errorf("status %s: no state %q", context, state)
	}
	s.setStatus(r, &status{sha: sha, context: context, state: state, creator: s.ci.user})
	return nil
}

func (s *Server) setStatus(r *repo, st *status) {
	st.id, st.made = s.nextID("status"), s.now()
	r.statuses = append(r.statuses, st)
	s.hookStatus(r, st)
}

// latestStatuses is the newest status of each context on a commit.
func (r *repo) latestStatuses(sha string) []*status {
	var list []*status
	for _, st := range slices.Backward(r.statuses) {
		if st.sha == sha && !slices.ContainsFunc(list, func(o *status) bool { return o.context == st.context }) {
			list = append(list, st)
		}
	}
	return list
}
