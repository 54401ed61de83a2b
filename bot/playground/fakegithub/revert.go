package fakegithub

import (
	"fmt"
)

// Revert opens the pull request that takes a merged one back, as the button
// on GitHub's page does for people.
func (s *Server) Revert(repo string, number int, by string) (opened int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, err := s.change(repo, number)
	if err != nil {
		return 0, fmt.Errorf("revert: %w", err)
	}
	made, why := s.revert(it, s.person(by), "", "", false)
	if why != "" {
		return 0, fmt.Errorf("revert %s#%d: %s", repo, number, why)
	}
	return made.number, nil
}

// revert undoes on a new branch what a change brought to its base. It says why
// it cannot.
func (s *Server) revert(it *item, by *user, title, body string, draft bool) (made *item, why string) {
	r, merged := it.repo, it.change.merged
	if merged == nil {
		return nil, "Pull request is not merged."
	}
	tip := r.head(it.change.baseRef)
	if tip == nil {
		return nil, "Base branch does not exist."
	}
	var before map[string]string
	if len(merged.parents) > 0 {
		before = merged.parents[0].files
	}
	files, conflict := mergeFiles(merged.files, tip.files, before)
	if conflict != "" {
		return nil, "This pull request could not be reverted automatically; it has merge conflicts with its base branch."
	}
	if treeSHA(files) == tip.tree {
		return nil, "There is nothing to revert."
	}
	branch := fmt.Sprintf("revert-%d-%s", it.number, it.change.branch)
	for n := 1; r.branches[branch] != ""; n++ {
		branch = fmt.Sprintf("revert-%d-%s-%d", it.number, it.change.branch, n)
	}
	if title == "" {
		title = fmt.Sprintf("Revert %q", it.title)
	}
	if body == "" {
		body = fmt.Sprintf("Reverts %s#%d", r.full(), it.number)
	}
	made = s.newItem(r, by.login, title, body, nil)
	made.change = &change{id: s.nextID("pull"), from: r, branch: branch, baseRef: it.change.baseRef, base: tip, draft: draft}
	made.change.head = s.commit(r, by, fmt.Sprintf("Revert %q\n\nThis reverts commit %s.", it.title, merged.sha), files, tip)
	s.pushTo(r, made, r, branch, made.change.head, "push")
	s.hookChange(made, "opened", by, nil)
	return made, ""
}

// revertPullRequest is the mutation. Who may not write what it writes is
// refused as GitHub refuses apps.
func (s *Server) revertPullRequest(c *call, f gqlField, in map[string]any) (any, fields) {
	id, _ := in["pullRequestId"].(string)
	it := s.pullByNode(c, id)
	switch {
	case it == nil:
		return nil, gqlError("NOT_FOUND", fmt.Sprintf("Could not resolve to a node with the global id of '%s'", id))
	case !c.token.allows(c, "contents:write") || !c.token.allows(c, "pull_requests:write"):
		return nil, gqlError("FORBIDDEN", "Resource not accessible by integration")
	}
	title, _ := in["title"].(string)
	body, _ := in["body"].(string)
	draft, _ := in["draft"].(bool)
	made, why := s.revert(it, s.bot.user, title, body, draft)
	if why != "" {
		return nil, gqlError("UNPROCESSABLE", why)
	}
	return pick("RevertPullRequestPayload", fields{
		"clientMutationId": in["clientMutationId"], "pullRequest": s.gqlPull(it), "revertPullRequest": s.gqlPull(made),
	}, f.below), nil
}

// pullByNode finds a change by its global id where the token reaches it.
func (s *Server) pullByNode(c *call, id string) *item {
	for _, r := range s.repos {
		if c.token == nil || !c.token.reaches(r) {
			continue
		}
		for _, it := range r.items {
			if it.change != nil && nodeID("PR", it.change.id) == id {
				return it
			}
		}
	}
	return nil
}
