package fakegithub

import (
	"fmt"
	"slices"
)

// RerunCheck is somebody pressing "Re-run" on a check of the bot's. The run
// itself stays as it is, as on GitHub: the bot decides.
func (s *Server) RerunCheck(repo string, checkRunID int64, by string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.repo(repo)
	if err != nil {
		return fmt.Errorf("re-run check %d: %w", checkRunID, err)
	}
	i := slices.IndexFunc(r.runs, func(o *checkRun) bool { return o.id == checkRunID })
	if i < 0 || r.runs[i].suite.app != s.bot {
		return fmt.Errorf("re-run check %d: %s has no such check of the bot's", checkRunID, repo)
	}
	s.hookRun(r.runs[i], "rerequested", s.person(by))
	return nil
}

// RerunSuite is somebody pressing "Re-run all" for the bot's checks on a
// commit.
func (s *Server) RerunSuite(repo, sha, by string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.repo(repo)
	if err != nil {
		return fmt.Errorf("re-run checks of %s: %w", sha, err)
	}
	for _, su := range r.suites {
		if su.app == s.bot && su.head.sha == sha {
			s.hookSuite(su, "rerequested", s.person(by))
			return nil
		}
	}
	return fmt.Errorf("re-run checks of %s: the bot has none there", sha)
}

// Reruns lists the runs of the fake CI that the bot asked for again, in order.
func (s *Server) Reruns(repo string) []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.findRepo(repo); r != nil {
		return slices.Clone(r.reruns)
	}
	return nil
}

// rerequestRun asks the run's app to run it again. The CI does so when the
// story says so. Its suite is queued from then on; the run stays as it is.
func (s *Server) rerequestRun(c *call) answer {
	run := c.run()
	switch {
	case run == nil:
		return notFound()
	case run.suite.app == s.bot:
		s.hookRun(run, "rerequested", s.bot.user)
	default:
		c.repo.reruns = append(c.repo.reruns, run.id)
		run.suite.asked = true
	}
	return created(fields{})
}
