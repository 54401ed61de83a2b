package fakegithub

import (
	"fmt"
	"strings"
)

// What is told, in GitHub's words. Each webhook is a picture of the moment in
// which it was queued.

func (s *Server) hookChange(it *item, action string, by *user, more fields) {
	f := fields{"action": action, "number": it.number, "pull_request": s.wireChangeFull(it)}
	s.queue(it.repo, "pull_request", by, joined(f, more))
}

// hookItem tells of a change or of an issue.
func (s *Server) hookItem(it *item, action string, by *user, more fields) {
	if it.change != nil {
		s.hookChange(it, action, by, more)
		return
	}
	s.queue(it.repo, "issues", by, joined(fields{"action": action, "issue": s.wireIssue(it)}, more))
}

func (s *Server) hookComment(c *comment, action string, by *user, more fields) {
	f := fields{"action": action, "issue": s.wireIssue(c.item), "comment": s.wireComment(c)}
	s.queue(c.item.repo, "issue_comment", by, joined(f, more))
}

// maxPushed is how many commits a push event lists.
const maxPushed = 2048

func (s *Server) hookPush(r *repo, branch, before string, to *commit, forced bool, by *user) {
	list := []fields{}
	old := r.commits[before]
	if old == nil && branch != Main {
		old = r.head(Main)
	}
	for _, c := range between(old, to) {
		if len(list) < maxPushed {
			list = append(list, s.wirePushed(r, c))
		}
	}
	s.queue(r, "push", by, fields{
		"ref": "refs/heads/" + branch, "before": before, "after": to.sha, "repository": s.wireRepoPushed(r),
		"created": before == none, "deleted": false, "forced": forced, "base_ref": nil,
		"pusher":  fields{"name": by.login, "email": by.email()},
		"compare": s.site(fmt.Sprintf("/%s/compare/%.12s...%.12s", r.full(), before, to.sha)),
		"commits": list, "head_commit": s.wirePushed(r, to),
	})
}

func (s *Server) hookRun(run *checkRun, action string, by *user) {
	s.queue(run.suite.repo, "check_run", by, fields{"action": action, "check_run": s.wireRunTold(run)})
}

func (s *Server) hookSuite(su *suite, action string, by *user) {
	s.queue(su.repo, "check_suite", by, fields{"action": action, "check_suite": s.wireSuite(su)})
}

func (s *Server) hookStatus(r *repo, st *status) {
	branches := []fields{}
	for _, name := range sorted(r.branches) {
		if at := r.commits[st.sha]; mergeBase(r.head(name), at) == at && len(branches) < 10 {
			branches = append(branches, s.wireBranchRef(r, name))
		}
	}
	s.queue(r, "status", st.creator, fields{
		"id": st.id, "sha": st.sha, "name": r.full(), "target_url": given(st.target), "context": st.context,
		"description": given(st.description), "state": st.state, "commit": s.wireCommit(r, r.commits[st.sha]), "branches": branches,
		"created_at": stamp(st.made), "updated_at": stamp(st.made), "avatar_url": s.site(fmt.Sprintf("/avatars/u/%d", st.creator.id)),
	})
}

func (s *Server) hookDeployment(d *deployment) {
	s.queue(d.repo, "deployment", d.creator, fields{
		"action": "created", "deployment": s.wireDeployment(d), "workflow": nil, "workflow_run": nil,
	})
}

func (s *Server) hookDeploymentStatus(d *deployment, st *deploymentStatus) {
	s.queue(d.repo, "deployment_status", st.creator, fields{
		"action": "created", "deployment": s.wireDeployment(d), "deployment_status": s.wireDeploymentStatus(d, st),
		"check_run": nil, "workflow": nil, "workflow_run": nil,
	})
}

func (s *Server) hookGroup(r *repo, g *group, action, reason string) {
	f := fields{"action": action, "merge_group": fields{
		"head_sha": g.head.sha, "head_ref": "refs/heads/" + g.ref, "base_sha": g.onto.sha, "base_ref": "refs/heads/" + g.base,
		"head_commit": wireSimpleCommit(g.head),
	}}
	if reason != "" {
		f["reason"] = reason
	}
	s.queue(r, "merge_group", s.person("github-merge-queue[bot]"), f)
}

// Announce tells of the installation in a repository's owner: "created",
// "deleted", "suspend", "unsuspend" or "new_permissions_accepted".
func (s *Server) Announce(repo, action, by string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.repo(repo)
	if err != nil {
		return fmt.Errorf("announce installation: %w", err)
	}
	r.inst.suspended = action == "suspend" || action == "deleted"
	short := []fields{}
	for _, o := range s.repos {
		if o.inst == r.inst {
			short = append(short, fields{"id": o.id, "node_id": nodeID("R", o.id), "name": o.name, "full_name": o.full(), "private": false})
		}
	}
	f := fields{"action": action, "installation": s.wireInstallation(r.inst), "repositories": short}
	if action == "created" {
		f["requester"] = nil
	}
	s.queue(nil, "installation", s.person(by), f)
	return nil
}

func joined(f, more fields) fields {
	for k, v := range more {
		f[k] = v
	}
	return f
}

// queue keeps a webhook until it is sent. Where the app is not installed
// nobody is told.
func (s *Server) queue(r *repo, event string, by *user, f fields) {
	var name string
	if r != nil {
		if r.inst == nil || r.inst.suspended {
			return
		}
		name = r.full()
		f["installation"] = fields{"id": r.inst.id, "node_id": nodeID("MDI", r.inst.id)}
		if _, has := f["repository"]; !has {
			f["repository"] = s.drawRepo(r)
		}
		if r.owner.kind == "Organization" {
			f["organization"] = s.wireOrg(r.owner)
		}
	}
	f["sender"] = s.drawUser(by)
	action, _ := f["action"].(string)
	n := s.nextID("guid")
	h := digest("delivery %d of app %d", n, s.bot.id)
	d := &delivery{
		guid:  strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:32]}, "-"),
		event: event, action: action, repo: r, name: name, body: rawOf(f), queued: s.now(), state: Waiting,
	}
	s.hooks = append(s.hooks, d)
	s.saveHook(d)
	s.stir()
}
