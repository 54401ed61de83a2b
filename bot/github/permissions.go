package github

import gh "github.com/google/go-github/v60/github"

// permissions are all that a token of ours may do, and what the app must be
// given. GitHub refuses to mint a token for more than the app has, so this
// list, the app's settings and the README must agree.
//
//	checks         write  verdicts on commits; read other people's
//	contents       read   the settings file, branches, compare, activity
//	deployments    write  a rollout as GitHub shows it
//	issues         write  comments and reactions on issues
//	pull_requests  write  comments and reactions on changes; read them
//	statuses       read   the older form of checks
//	metadata       read   who may do what; rulesets (every app has it)
//
// Nothing can push, merge, change settings or read secrets. Branch protection
// is read through the branch, which needs no administration.
func permissions() *gh.InstallationPermissions {
	read, write := gh.String("read"), gh.String("write")
	return &gh.InstallationPermissions{
		Checks: write, Contents: read, Deployments: write, Issues: write,
		PullRequests: write, Statuses: read, Metadata: read,
	}
}

// permissions of a token for t. Only where a stage is put in place by a
// workflow, and only for that, is there one more: actions, write. It may start
// and stop workflows; what these do is in the repository.
func (t tenant) permissions() *gh.InstallationPermissions {
	if !t.actions {
		return permissions()
	}
	return &gh.InstallationPermissions{Actions: gh.String("write"), Metadata: gh.String("read")}
}
