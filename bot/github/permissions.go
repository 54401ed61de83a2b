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
// Nothing of these can push, merge, change settings or read secrets. Branch protection
// is read through the branch, which needs no administration.
func permissions() *gh.InstallationPermissions {
	read, write := gh.String("read"), gh.String("write")
	return &gh.InstallationPermissions{
		Checks: write, Contents: read, Deployments: write, Issues: write,
		PullRequests: write, Statuses: read, Metadata: read,
	}
}

// permissions of a token for t. Two purposes ask for more than is usual, each
// in tokens of its own. Where a stage is put in place by a workflow: actions,
// write, which may start and stop workflows; what these do is in the
// repository. Where somebody asked for a revert: contents, write, with which
// GitHub makes the branch of the pull request; nothing of ours pushes.
func (t tenant) permissions() *gh.InstallationPermissions {
	read, write := gh.String("read"), gh.String("write")
	switch t.what {
	case workflows:
		return &gh.InstallationPermissions{Actions: write, Metadata: read}
	case reverting:
		return &gh.InstallationPermissions{Contents: write, PullRequests: write, Metadata: read}
	case usual:
	}
	return permissions()
}
