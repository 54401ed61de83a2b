package fakegithub

import "fmt"

func (d *deployment) path() string { return fmt.Sprintf("%s/deployments/%d", d.repo.path(), d.id) }

func (s *Server) wireDeployment(d *deployment) fields {
	updated := d.made
	if n := len(d.statuses); n > 0 {
		updated = d.statuses[n-1].made
	}
	f := fields{
		"url": s.api(d.path()), "id": d.id, "node_id": nodeID("DE", d.id), "sha": d.head.sha, "ref": d.ref, "task": d.task,
		"payload": d.payload, "original_environment": d.environment, "environment": d.environment, "description": given(d.description),
		"creator": s.drawUser(d.creator), "created_at": stamp(d.made), "updated_at": stamp(updated),
		"statuses_url": s.api(d.path() + "/statuses"), "repository_url": s.api(d.repo.path()),
		"transient_environment": d.transient, "production_environment": d.production, "performed_via_github_app": nil,
	}
	if d.app != nil {
		f["performed_via_github_app"] = s.wireApp(d.app)
	}
	return f
}

func (s *Server) wireDeploymentStatus(d *deployment, st *deploymentStatus) fields {
	f := fields{
		"url": s.api(fmt.Sprintf("%s/statuses/%d", d.path(), st.id)), "id": st.id, "node_id": nodeID("DES", st.id), "state": st.state,
		"creator": s.drawUser(st.creator), "description": st.description, "environment": st.environment, "target_url": st.target,
		"created_at": stamp(st.made), "updated_at": stamp(st.made), "deployment_url": s.api(d.path()),
		"repository_url": s.api(d.repo.path()), "environment_url": st.envURL, "log_url": st.log, "performed_via_github_app": nil,
	}
	if st.app != nil {
		f["performed_via_github_app"] = s.wireApp(st.app)
	}
	return f
}
