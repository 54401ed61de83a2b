package fakegithub

import "fmt"

// permissions is what an app like the bot is given, unless Options say
// otherwise: nothing of it can change settings.
var permissions = map[string]string{
	"actions": "write", "checks": "write", "contents": "write", "deployments": "write", "issues": "write", "metadata": "read",
	"pull_requests": "write", "statuses": "read",
}

// events is what the bot is told; merge_group too, which GitHub's description
// of suites does not know yet.
var events = []string{
	"check_run", "check_suite", "deployment", "deployment_status", "issue_comment", "issues", "pull_request", "push", "status",
}

func (s *Server) wireApp(a *app) fields {
	owner := s.person("roundtrip-bot")
	if a == s.ci {
		owner = s.person("ci-maker")
	}
	return fields{
		"id": a.id, "slug": a.slug, "node_id": nodeID("A", a.id), "client_id": fmt.Sprintf("Iv1.%016x", a.id),
		"owner": s.drawUser(owner), "name": a.slug, "description": "", "external_url": s.site("/apps/" + a.slug),
		"html_url": s.site("/apps/" + a.slug), "created_at": stamp(a.made), "updated_at": stamp(a.made),
		"permissions": s.opts.Permissions, "events": events,
	}
}

func (s *Server) wireInstallation(i *installation) fields {
	own := fmt.Sprintf("/app/installations/%d", i.id)
	f := fields{
		"id": i.id, "account": s.userFields(i.account), "repository_selection": "selected",
		"access_tokens_url": s.api(own + "/access_tokens"), "repositories_url": s.api("/installation/repositories"),
		"html_url": s.site(fmt.Sprintf("/organizations/%s/settings/installations/%d", i.account.login, i.id)),
		"app_id":   s.bot.id, "app_slug": s.bot.slug, "client_id": fmt.Sprintf("Iv1.%016x", s.bot.id),
		"target_id": i.account.id, "target_type": i.account.kind, "permissions": s.opts.Permissions, "events": events,
		"created_at": stamp(i.made), "updated_at": stamp(i.made), "single_file_name": nil,
		"has_multiple_single_files": false, "single_file_paths": []string{}, "suspended_by": nil, "suspended_at": nil,
	}
	if i.suspended {
		f["suspended_by"], f["suspended_at"] = s.drawUser(i.account), stamp(s.now())
	}
	return f
}
