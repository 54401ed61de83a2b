package fakegithub

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// runAction is a button beside a check run.
type runAction struct {
	Label       string `json:"label"`
	Description string `json:"description"`
	Identifier  string `json:"identifier"`
}

// long reports whether GitHub would refuse it, also where something is missing.
func (a runAction) long() bool {
	fits := func(s string, most int) bool { return s != "" && utf8.RuneCountInString(s) <= most }
	return !fits(a.Label, 20) || !fits(a.Identifier, 20) || !fits(a.Description, 40)
}

// PressAction is somebody pressing a button beside the newest check of the
// bot's with a name on a commit.
func (s *Server) PressAction(repo, sha, check, label, by string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.repo(repo)
	if err != nil {
		return fmt.Errorf("press %q: %w", label, err)
	}
	for _, run := range r.latest(sha) {
		if run.suite.app != s.bot || run.name != check {
			continue
		}
		i := slices.IndexFunc(run.actions, func(a runAction) bool { return a.Label == label })
		if i < 0 {
			break
		}
		s.queue(r, "check_run", s.person(by), fields{
			"action": "requested_action", "check_run": s.wireRunTold(run), "requested_action": fields{"identifier": run.actions[i].Identifier},
		})
		return nil
	}
	return fmt.Errorf("press %q: check %q on %.7s has no such button", label, check, sha)
}
