package fakegithub

import "fmt"

func (s *Server) wireIssue(it *item) fields {
	own := s.api(fmt.Sprintf("%s/issues/%d", it.repo.path(), it.number))
	kind := "issues"
	if it.change != nil {
		kind = "pull"
	}
	page := s.site(fmt.Sprintf("/%s/%s/%d", it.repo.full(), kind, it.number))
	f := fields{
		"url": own, "repository_url": s.api(it.repo.path()), "labels_url": own + "/labels{/name}", "comments_url": own + "/comments",
		"events_url": own + "/events", "timeline_url": own + "/timeline", "html_url": page, "id": it.id, "node_id": nodeID("I", it.id),
		"number": it.number, "title": it.title, "user": s.drawUser(it.author), "labels": s.wireLabels(it), "state": it.state(),
		"locked": false, "assignee": nil, "assignees": []fields{}, "milestone": nil, "comments": len(it.comments),
		"created_at": stamp(it.made), "updated_at": stamp(it.updated), "closed_at": it.closedAt(),
		"author_association": it.repo.association(it.author), "active_lock_reason": nil, "body": orNull(it.body),
		"state_reason": nil, "performed_via_github_app": nil, "reactions": s.wireReactions(own+"/reactions", it.reactions),
	}
	if !it.open {
		f["state_reason"] = "completed"
	}
	if it.change != nil {
		f["draft"] = it.change.draft
		f["pull_request"] = fields{
			"url": s.api(fmt.Sprintf("%s/pulls/%d", it.repo.path(), it.number)), "html_url": page, "diff_url": page + ".diff",
			"patch_url": page + ".patch", "merged_at": stamp(it.change.at),
		}
	}
	return f
}

// wireIssueFull also says who closed it.
func (s *Server) wireIssueFull(it *item) fields {
	f := s.wireIssue(it)
	f["closed_by"] = s.wireUser(it.closedBy)
	return f
}

func (s *Server) wireComment(c *comment) fields {
	it := c.item
	own := s.api(fmt.Sprintf("%s/issues/comments/%d", it.repo.path(), c.id))
	kind := "issues"
	if it.change != nil {
		kind = "pull"
	}
	f := fields{
		"url": own, "html_url": s.site(fmt.Sprintf("/%s/%s/%d#issuecomment-%d", it.repo.full(), kind, it.number, c.id)),
		"issue_url": s.api(fmt.Sprintf("%s/issues/%d", it.repo.path(), it.number)), "id": c.id, "node_id": nodeID("IC", c.id),
		"user": s.drawUser(c.author), "created_at": stamp(c.made), "updated_at": stamp(c.edited), "body": c.body,
		"author_association": it.repo.association(c.author), "performed_via_github_app": nil,
		"reactions": s.wireReactions(own+"/reactions", c.reactions),
	}
	if c.author == s.bot.user {
		f["performed_via_github_app"] = s.wireApp(s.bot)
	}
	return f
}

// contents of reactions, as GitHub has them.
var reactionContents = []string{"+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"}

func (s *Server) wireReactions(url string, list []*reaction) fields {
	f := fields{"url": url, "total_count": len(list)}
	for _, name := range reactionContents {
		n := 0
		for _, r := range list {
			if r.content == name {
				n++
			}
		}
		f[name] = n
	}
	return f
}

func (s *Server) wireReaction(r *reaction) fields {
	return fields{"id": r.id, "node_id": nodeID("RE", r.id), "user": s.drawUser(r.user), "content": r.content, "created_at": stamp(r.made)}
}
