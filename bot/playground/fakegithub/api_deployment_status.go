package fakegithub

import (
	"slices"
	"unicode/utf8"
)

func (s *Server) listDeploymentStatuses(c *call) answer {
	d := c.deployment()
	if d == nil {
		return notFound()
	}
	all := slices.Clone(d.statuses)
	slices.Reverse(all)
	from, to := s.page(c, len(all))
	list := []fields{}
	for _, st := range all[from:to] {
		list = append(list, s.wireDeploymentStatus(d, st))
	}
	return ok(list)
}

var deploymentStates = []string{"error", "failure", "inactive", "in_progress", "queued", "pending", "success"}

func (s *Server) createDeploymentStatus(c *call) answer {
	d := c.deployment()
	if d == nil {
		return notFound()
	}
	var in struct {
		State        string `json:"state"`
		Description  string `json:"description"`
		Environment  string `json:"environment"`
		TargetURL    string `json:"target_url"`
		LogURL       string `json:"log_url"`
		EnvURL       string `json:"environment_url"`
		AutoInactive *bool  `json:"auto_inactive"`
	}
	if a := c.read(&in); a != nil {
		return *a
	}
	switch {
	case !slices.Contains(deploymentStates, in.State):
		return invalid("DeploymentStatus", "state", "custom", "state is not included in the list")
	case utf8.RuneCountInString(in.Description) > 140:
		return invalid("DeploymentStatus", "description", "custom", "description is too long (maximum is 140 characters)")
	}
	if in.Environment == "" {
		in.Environment = d.environment
	}
	if in.LogURL == "" {
		in.LogURL = in.TargetURL
	}
	st := &deploymentStatus{
		id: s.nextID("deployment_status"), state: in.State, description: in.Description, environment: in.Environment,
		target: in.LogURL, log: in.LogURL, envURL: in.EnvURL, creator: s.bot.user, app: s.bot, made: s.now(),
	}
	if n := len(d.statuses); n > 0 {
		last := d.statuses[n-1]
		c.idle = last.state == st.state && last.description == st.description && last.log == st.log && last.envURL == st.envURL
	}
	d.statuses = append(d.statuses, st)
	if in.State == "success" && (in.AutoInactive == nil || *in.AutoInactive) {
		s.retire(d)
	}
	if in.State != "inactive" { // of which GitHub tells nobody
		s.hookDeploymentStatus(d, st)
	}
	return created(s.wireDeploymentStatus(d, st))
}

// retire makes what was live in the same environment before inactive.
// Transient and production deployments stay as they are.
func (s *Server) retire(live *deployment) {
	for _, d := range live.repo.deployments {
		if d == live || d.transient || d.production || d.environment != live.environment || len(d.statuses) == 0 {
			continue
		}
		if last := d.statuses[len(d.statuses)-1]; last.state == "success" {
			gone := *last
			gone.id, gone.state, gone.made = s.nextID("deployment_status"), "inactive", s.now()
			d.statuses = append(d.statuses, &gone)
		}
	}
}
