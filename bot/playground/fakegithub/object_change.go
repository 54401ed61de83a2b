package fakegithub

import "fmt"

// wireChange is a change as lists have it.
func (s *Server) wireChange(it *item) fields {
	r, ch := it.repo, it.change
	own := fmt.Sprintf("%s/pulls/%d", r.path(), it.number)
	issue := fmt.Sprintf("%s/issues/%d", r.path(), it.number)
	page := s.site(fmt.Sprintf("/%s/pull/%d", r.full(), it.number))
	statuses := s.api(r.path() + "/statuses/" + ch.head.sha)
	link := func(url string) fields { return fields{"href": url} }
	return fields{
		"url": s.api(own), "id": ch.id, "node_id": nodeID("PR", ch.id), "html_url": page, "diff_url": page + ".diff",
		"patch_url": page + ".patch", "issue_url": s.api(issue), "number": it.number, "state": it.state(), "locked": false,
		"title": it.title, "user": s.drawUser(it.author), "body": orNull(it.body), "created_at": stamp(it.made),
		"updated_at": stamp(it.updated), "closed_at": it.closedAt(), "merged_at": stamp(ch.at),
		"merge_commit_sha": s.mergeSHA(it), "assignee": nil, "assignees": []fields{}, "requested_reviewers": []fields{},
		"requested_teams": []fields{}, "labels": s.wireLabels(it), "milestone": nil, "draft": ch.draft,
		"commits_url": s.api(own + "/commits"), "review_comments_url": s.api(own + "/comments"),
		"review_comment_url": s.api(r.path() + "/pulls/comments{/number}"), "comments_url": s.api(issue + "/comments"),
		"statuses_url": statuses, "author_association": r.association(it.author), "auto_merge": nil, "active_lock_reason": nil,
		"head": s.wireEnd(ch.from, ch.branch, ch.head), "base": s.wireEnd(r, ch.baseRef, ch.base),
		"_links": fields{
			"self": link(s.api(own)), "html": link(page), "issue": link(s.api(issue)), "comments": link(s.api(issue + "/comments")),
			"review_comments": link(s.api(own + "/comments")), "review_comment": link(s.api(r.path() + "/pulls/comments{/number}")),
			"commits": link(s.api(own + "/commits")), "statuses": link(statuses),
		},
	}
}

// wireChangeFull also has the size and whether it may be merged.
func (s *Server) wireChangeFull(it *item) fields {
	f := s.wireChange(it)
	files := it.files()
	f["additions"], f["deletions"] = size(files)
	f["changed_files"], f["commits"] = len(files), len(it.commits())
	f["comments"], f["review_comments"] = len(it.comments), 0
	f["merged"], f["merged_by"], f["maintainer_can_modify"] = it.change.merged != nil, s.wireUser(it.change.by), false
	v := s.judge(it)
	f["mergeable_state"], f["mergeable"], f["rebaseable"] = v.state, nil, nil
	if it.open {
		f["mergeable"], f["rebaseable"] = v.state != "dirty", v.state != "dirty"
	}
	return f
}

// wireEnd is the head or the base of a change.
func (s *Server) wireEnd(r *repo, branch string, c *commit) fields {
	return fields{
		"label": r.owner.login + ":" + branch, "ref": branch, "sha": c.sha, "user": s.drawUser(r.owner), "repo": s.drawRepo(r),
	}
}

// wireChangeRef is a change as checks name it. GitHub names none that come
// from forks.
func (s *Server) wireChangeRefs(r *repo, sha string) []fields {
	list := []fields{}
	for _, it := range r.items {
		ch := it.change
		if ch == nil || !it.open || ch.from != r || ch.head.sha != sha {
			continue
		}
		list = append(list, fields{
			"url": s.api(fmt.Sprintf("%s/pulls/%d", r.path(), it.number)), "id": ch.id, "number": it.number,
			"head": fields{"ref": ch.branch, "sha": ch.head.sha, "repo": s.wireRepoRef(ch.from)},
			"base": fields{"ref": ch.baseRef, "sha": ch.base.sha, "repo": s.wireRepoRef(r)},
		})
	}
	return list
}

// mergeSHA is the merge commit, or before that the one that GitHub would try.
func (s *Server) mergeSHA(it *item) any {
	switch {
	case it.change.merged != nil:
		return it.change.merged.sha
	case !it.open:
		return nil
	}
	return digest("merge %s into %s", it.change.head.sha, it.change.base.sha)
}

// commits of a change, oldest first.
func (it *item) commits() []*commit {
	base := it.change.base
	if it.change.merged == nil {
		base = it.repo.head(it.change.baseRef)
	}
	return between(base, it.change.head)
}

func (it *item) state() string {
	if it.open {
		return "open"
	}
	return "closed"
}

func (it *item) closedAt() any {
	if it.open {
		return nil
	}
	return stamp(it.closed)
}

func (r *repo) association(u *user) string {
	switch {
	case u == r.owner:
		return "OWNER"
	case r.role(u) == "none":
		return "NONE"
	}
	return "COLLABORATOR"
}
