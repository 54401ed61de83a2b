package fakegithub

import (
	"fmt"
	"strings"
)

// repoLinks are the addresses below a repository's own, as "name path".
const repoLinks = `archive /{archive_format}{/ref}
assignees /assignees{/user}
blobs /git/blobs{/sha}
branches /branches{/branch}
collaborators /collaborators{/collaborator}
comments /comments{/number}
commits /commits{/sha}
compare /compare/{base}...{head}
contents /contents/{+path}
contributors /contributors
deployments /deployments
downloads /downloads
events /events
forks /forks
git_commits /git/commits{/sha}
git_refs /git/refs{/sha}
git_tags /git/tags{/sha}
hooks /hooks
issue_comment /issues/comments{/number}
issue_events /issues/events{/number}
issues /issues{/number}
keys /keys{/key_id}
labels /labels{/name}
languages /languages
merges /merges
milestones /milestones{/number}
notifications /notifications{?since,all,participating}
pulls /pulls{/number}
releases /releases{/id}
stargazers /stargazers
statuses /statuses/{sha}
subscribers /subscribers
subscription /subscription
tags /tags
teams /teams
trees /git/trees{/sha}`

func (r *repo) path() string { return "/repos/" + r.full() }

func (s *Server) wireRepo(r *repo) fields {
	site := s.site("/" + r.full())
	open := r.openItems()
	f := fields{
		"id": r.id, "node_id": nodeID("R", r.id), "name": r.name, "full_name": r.full(), "private": false,
		"owner": s.drawUser(r.owner), "html_url": site, "description": nil, "fork": r.parent != nil, "url": s.api(r.path()),
		"git_url": "git:" + strings.TrimPrefix(strings.TrimPrefix(site, "https:"), "http:") + ".git",
		"ssh_url": "git@github.com:" + r.full() + ".git", "clone_url": site + ".git", "svn_url": site,
		"homepage": nil, "language": nil, "mirror_url": nil, "license": nil, "archived": false, "disabled": false,
		"visibility": "public", "default_branch": Main, "topics": []string{}, "is_template": false, "size": len(r.commits),
		"forks": 0, "forks_count": 0, "watchers": 0, "watchers_count": 0, "stargazers_count": 0,
		"open_issues": open, "open_issues_count": open, "has_issues": true, "has_projects": false, "has_downloads": false,
		"has_wiki": false, "has_pages": false, "has_discussions": false, "allow_forking": true, "web_commit_signoff_required": false,
		"created_at": stamp(r.made), "updated_at": stamp(r.pushed), "pushed_at": stamp(r.pushed),
		"custom_properties": s.opts.Properties,
	}
	for line := range strings.Lines(repoLinks) {
		name, path, _ := strings.Cut(strings.TrimSpace(line), " ")
		f[name+"_url"] = s.api(r.path()) + path
	}
	return f
}

// wireRepoFull has what only the repository's own page has.
func (s *Server) wireRepoFull(r *repo) fields {
	f := s.wireRepo(r)
	f["network_count"], f["subscribers_count"] = 0, 0
	f["permissions"] = fields{"admin": false, "maintain": false, "push": true, "triage": true, "pull": true}
	f["allow_merge_commit"], f["allow_squash_merge"], f["allow_rebase_merge"] = true, true, false
	return f
}

// wireRepoPushed is the repository as push events have it, which is another
// shape than everywhere else.
func (s *Server) wireRepoPushed(r *repo) fields {
	f := s.wireRepo(r)
	owner := s.userFields(r.owner)
	owner["name"], owner["email"] = r.owner.login, nil
	f["owner"] = owner
	f["created_at"], f["pushed_at"] = r.made.Unix(), r.pushed.Unix()
	f["stargazers"], f["master_branch"], f["organization"] = 0, Main, r.owner.login
	return f
}

func (r *repo) openItems() int {
	n := 0
	for _, it := range r.items {
		if it.open {
			n++
		}
	}
	return n
}

func (s *Server) wireLabel(r *repo, name string) fields {
	id := r.labels[name]
	if id == 0 {
		id = s.nextID("label")
		r.labels[name] = id
	}
	return fields{
		"id": id, "node_id": nodeID("LA", id), "url": s.api(r.path() + "/labels/" + name), "name": name,
		"color": "ededed", "default": false, "description": "",
	}
}

func (s *Server) wireLabels(it *item) []fields {
	list := []fields{}
	for _, l := range it.labels {
		list = append(list, s.wireLabel(it.repo, l))
	}
	return list
}

// wireRef is a short form of a repository, as checks name it.
func (s *Server) wireRepoRef(r *repo) fields {
	return fields{"id": r.id, "url": s.api(r.path()), "name": r.name}
}

func (s *Server) wireBranchRef(r *repo, name string) fields {
	sha := r.branches[name]
	return fields{
		"name": name, "protected": len(r.requires(name)) > 0,
		"commit": fields{"sha": sha, "url": s.api(fmt.Sprintf("%s/commits/%s", r.path(), sha))},
	}
}
