package fakegithub

import "fmt"

func (s *Server) wireRun(run *checkRun) fields {
	r := run.suite.repo
	own := s.api(fmt.Sprintf("%s/check-runs/%d", r.path(), run.id))
	page := s.site(fmt.Sprintf("/%s/runs/%d", r.full(), run.id))
	details := run.details
	if details == "" {
		details = page
	}
	return fields{
		"id": run.id, "node_id": nodeID("CR", run.id), "head_sha": run.suite.head.sha, "name": run.name, "url": own, "html_url": page,
		"details_url": details, "status": run.status, "conclusion": orNull(run.conclusion), "started_at": stamp(run.started),
		"completed_at": stamp(run.completed), "external_id": run.externalID, "check_suite": fields{"id": run.suite.id},
		"app": s.wireApp(run.suite.app), "pull_requests": s.wireChangeRefs(r, run.suite.head.sha),
		"output": fields{
			"title": given(run.title), "summary": given(run.summary), "text": given(run.text),
			"annotations_count": len(run.annotations), "annotations_url": own + "/annotations",
		},
	}
}

// wireRunTold is a run as webhooks have it, with its suite.
func (s *Server) wireRunTold(run *checkRun) fields {
	f := s.wireRun(run)
	f["check_suite"] = s.suiteFields(run.suite)
	return f
}

func (s *Server) suiteFields(su *suite) fields {
	status, conclusion := su.state()
	before := none
	if len(su.head.parents) > 0 {
		before = su.head.parents[0].sha
	}
	return fields{
		"id": su.id, "node_id": nodeID("CS", su.id), "head_branch": orNull(su.branch), "head_sha": su.head.sha,
		"status": status, "conclusion": orNull(conclusion), "url": s.api(fmt.Sprintf("%s/check-suites/%d", su.repo.path(), su.id)),
		"before": before, "after": su.head.sha, "pull_requests": s.wireChangeRefs(su.repo, su.head.sha), "app": s.wireApp(su.app),
		"created_at": stamp(su.made), "updated_at": stamp(su.updated),
	}
}

// wireSuite also has the commit and how many runs there are.
func (s *Server) wireSuite(su *suite) fields {
	f := s.suiteFields(su)
	f["head_commit"], f["latest_check_runs_count"] = wireSimpleCommit(su.head), len(su.runs())
	f["check_runs_url"] = s.api(fmt.Sprintf("%s/check-suites/%d/check-runs", su.repo.path(), su.id))
	return f
}

func (s *Server) wireStatus(r *repo, st *status) fields {
	return fields{
		"url": s.api(r.path() + "/statuses/" + st.sha), "avatar_url": s.site(fmt.Sprintf("/avatars/u/%d", st.creator.id)),
		"id": st.id, "node_id": nodeID("SC", st.id), "state": st.state, "description": given(st.description),
		"target_url": given(st.target), "context": st.context, "created_at": stamp(st.made), "updated_at": stamp(st.made),
		"creator": s.drawUser(st.creator),
	}
}
