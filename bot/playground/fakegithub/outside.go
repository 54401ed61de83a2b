package fakegithub

import (
	"fmt"
	"time"
)

// Deployed says that somebody brought a commit into an environment by other
// means than the bot, so long ago: what runs there before the bot has ever
// deployed has been seen for a while.
func (s *Server) Deployed(repo, sha, environment, by string, ago time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.repo(repo)
	if err != nil {
		return fmt.Errorf("deploy to %s: %w", environment, err)
	}
	c := r.commits[sha]
	if c == nil {
		return fmt.Errorf("deploy to %s: no commit %q in %s", environment, sha, repo)
	}
	who, at := s.person(by), s.now().Add(-ago)
	d := &deployment{
		id: s.nextID("deployment"), repo: r, head: c, ref: Main, task: "deploy", environment: environment,
		payload: "", production: environment == "production", creator: who, made: at,
	}
	st := &deploymentStatus{id: s.nextID("deployment_status"), state: "success", environment: environment, creator: who, made: at}
	r.deployments, d.statuses = append(r.deployments, d), append(d.statuses, st)
	s.hookDeployment(d)
	s.hookDeploymentStatus(d, st)
	return nil
}

// File is what a file holds at a branch's head; empty when it is not there.
func (s *Server) File(repo, branch, path string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.repo(repo)
	if err != nil || r.head(branch) == nil {
		return ""
	}
	return r.head(branch).files[path]
}
