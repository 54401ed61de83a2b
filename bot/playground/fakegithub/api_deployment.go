package fakegithub

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

func (s *Server) listDeployments(c *call) answer {
	q := c.URL.Query()
	var all []*deployment
	for _, d := range slices.Backward(c.repo.deployments) {
		if is(q.Get("sha"), d.head.sha) && is(q.Get("ref"), d.ref) && is(q.Get("task"), d.task) && is(q.Get("environment"), d.environment) {
			all = append(all, d)
		}
	}
	from, to := s.page(c, len(all))
	list := []fields{}
	for _, d := range all[from:to] {
		list = append(list, s.wireDeployment(d))
	}
	return ok(list)
}

// is compares with what was asked for; "none" and nothing ask for all.
func is(asked, value string) bool { return asked == "" || asked == "none" || asked == value }

type deploymentInput struct {
	Ref         string    `json:"ref"`
	Task        string    `json:"task"`
	AutoMerge   *bool     `json:"auto_merge"`
	Contexts    *[]string `json:"required_contexts"`
	Payload     any       `json:"payload"`
	Environment string    `json:"environment"`
	Description *string   `json:"description"`
	Transient   bool      `json:"transient_environment"`
	Production  *bool     `json:"production_environment"`
}

func (s *Server) createDeployment(c *call) answer {
	in := deploymentInput{Task: "deploy", Environment: "production", Payload: ""}
	if a := c.read(&in); a != nil {
		return *a
	}
	at := c.repo.resolve(in.Ref)
	switch {
	case in.Ref == "":
		return unprocessable("Invalid request.\n\n\"ref\" wasn't supplied.")
	case at == nil:
		return unprocessable("No ref found for: " + in.Ref)
	}
	if refused := s.deployable(c.repo, at, in); refused != nil {
		return *refused
	}
	d := &deployment{
		id: s.nextID("deployment"), repo: c.repo, head: at, ref: in.Ref, task: in.Task, environment: in.Environment,
		description: in.Description, payload: in.Payload, transient: in.Transient, production: in.Environment == "production",
		creator: s.bot.user, app: s.bot, made: s.now(),
	}
	if in.Production != nil {
		d.production = *in.Production
	}
	c.repo.deployments = append(c.repo.deployments, d)
	s.hookDeployment(d)
	return created(s.wireDeployment(d))
}

// deployable refuses a branch that lacks something of main, unless auto_merge
// is off, and a commit whose checks did not pass: all of them, or those that
// required_contexts names.
func (s *Server) deployable(r *repo, at *commit, in deploymentInput) *answer {
	_, isBranch := r.branches[in.Ref]
	if (in.AutoMerge == nil || *in.AutoMerge) && isBranch && len(between(at, r.head(Main))) > 0 {
		a := refuse(http.StatusConflict, fmt.Sprintf("Conflict merging %s into %s.", Main, in.Ref))
		return &a
	}
	marks := r.marks(at.sha)
	var missing []string
	for _, m := range marks {
		if in.Contexts == nil && m.state != "passed" {
			missing = append(missing, m.name)
		}
	}
	if in.Contexts != nil {
		for _, name := range *in.Contexts {
			if !slices.ContainsFunc(marks, func(m mark) bool { return m.name == name && m.state == "passed" }) {
				missing = append(missing, name)
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	a := refuse(http.StatusConflict, fmt.Sprintf("Conflict: Commit status checks failed for %s: %s", in.Ref, strings.Join(missing, ", ")))
	return &a
}

func (c *call) deployment() *deployment {
	id := c.number("deployment_id")
	i := slices.IndexFunc(c.repo.deployments, func(d *deployment) bool { return d.id == id })
	if i < 0 {
		return nil
	}
	return c.repo.deployments[i]
}

func (s *Server) getDeployment(c *call) answer {
	d := c.deployment()
	if d == nil {
		return notFound()
	}
	return ok(s.wireDeployment(d))
}

// deleteDeployment refuses what is active, unless it is the only one: what has
// no state, or was said to be live last.
func (s *Server) deleteDeployment(c *call) answer {
	d := c.deployment()
	if d == nil {
		return notFound()
	}
	n := len(d.statuses)
	if active := n == 0 || d.statuses[n-1].state == "success"; active && len(c.repo.deployments) > 1 {
		return unprocessable("We cannot delete an active deployment unless it is the only deployment in a given environment.")
	}
	c.repo.deployments = slices.DeleteFunc(c.repo.deployments, func(x *deployment) bool { return x == d })
	return gone()
}
