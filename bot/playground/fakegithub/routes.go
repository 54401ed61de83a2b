package fakegithub

import (
	"strings"
	"sync"
)

// operation is what may be asked. Needs is "jwt", "any", or the permission without
// which an installation's token is refused: "checks:write".
type operation struct {
	pattern string
	needs   string
	do      func(*Server, *call) answer
}

// route is the way to an operation.
type route struct {
	operation
	method string
	parts  []string // of the pattern
}

// routes are the same for all servers, and changed by none.
var routes = sync.OnceValue(func() (all []route) {
	for _, o := range operations() {
		method, path, _ := strings.Cut(o.pattern, " ")
		all = append(all, route{o, method, strings.Split(path, "/")})
	}
	return all
})

func operations() []operation {
	return []operation{
		{"GET /app", "jwt", (*Server).getApp},
		{"GET /app/installations", "jwt", (*Server).listInstallations},
		{"GET /app/installations/{installation_id}", "jwt", (*Server).getInstallation},
		{"POST /app/installations/{installation_id}/access_tokens", "jwt", (*Server).createToken},
		{"GET /app/hook/deliveries", "jwt", (*Server).listDeliveries},
		{"GET /app/hook/deliveries/{delivery_id}", "jwt", (*Server).getDelivery},
		{"POST /app/hook/deliveries/{delivery_id}/attempts", "jwt", (*Server).attemptDelivery},
		{"GET /repos/{owner}/{repo}/installation", "jwt", (*Server).getRepoInstallation},
		{"GET /installation/repositories", "metadata:read", (*Server).listRepos},
		{"POST /graphql", "any", (*Server).graphQL},
		{"GET /rate_limit", "any", (*Server).getRateLimit},
		{"GET /users/{username}", "any", (*Server).getUser},
		{"GET /repos/{owner}/{repo}", "metadata:read", (*Server).getRepo},
		{"GET /repos/{owner}/{repo}/contents/{path...}", "contents:read", (*Server).getContents},
		{"GET /repos/{owner}/{repo}/branches/{branch...}", "contents:read", (*Server).getBranch},
		{"GET /repos/{owner}/{repo}/rules/branches/{branch...}", "metadata:read", (*Server).getRules},
		{"GET /repos/{owner}/{repo}/git/ref/{ref...}", "contents:read", (*Server).getRef},
		{"GET /repos/{owner}/{repo}/git/trees/{tree_sha}", "contents:read", (*Server).getTree},
		{"GET /repos/{owner}/{repo}/compare/{basehead...}", "contents:read", (*Server).compare},
		{"GET /repos/{owner}/{repo}/activity", "contents:read", (*Server).listActivity},
		{"GET /repos/{owner}/{repo}/commits", "contents:read", (*Server).listCommits},
		{"GET /repos/{owner}/{repo}/commits/{ref}", "contents:read", (*Server).getCommit},
		{"GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", "pull_requests:read", (*Server).listCommitPulls},
		{"GET /repos/{owner}/{repo}/collaborators/{username}/permission", "metadata:read", (*Server).getPermission},
		{"GET /repos/{owner}/{repo}/pulls", "pull_requests:read", (*Server).listPulls},
		{"GET /repos/{owner}/{repo}/pulls/{pull_number}", "pull_requests:read", (*Server).getPull},
		{"GET /repos/{owner}/{repo}/pulls/{pull_number}/files", "pull_requests:read", (*Server).listPullFiles},
		{"GET /repos/{owner}/{repo}/pulls/{pull_number}/commits", "pull_requests:read", (*Server).listPullCommits},
		{"GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", "pull_requests:read", (*Server).listReviews},
		{"GET /repos/{owner}/{repo}/issues", "issues:read", (*Server).listIssues},
		{"POST /repos/{owner}/{repo}/issues", "issues:write", (*Server).createIssue},
		{"PATCH /repos/{owner}/{repo}/issues/{issue_number}", "issues:write", (*Server).updateIssue},
		{"POST /repos/{owner}/{repo}/issues/{issue_number}/labels", "issues:write", (*Server).addLabels},
		{"DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", "issues:write", (*Server).removeLabel},
		{"GET /repos/{owner}/{repo}/issues/{issue_number}", "issues:read", (*Server).getIssue},
		{"GET /repos/{owner}/{repo}/issues/{issue_number}/comments", "issues:read", (*Server).listComments},
		{"POST /repos/{owner}/{repo}/issues/{issue_number}/comments", "issues:write", (*Server).createComment},
		{"GET /repos/{owner}/{repo}/issues/{issue_number}/reactions", "issues:read", (*Server).listItemReactions},
		{"POST /repos/{owner}/{repo}/issues/{issue_number}/reactions", "issues:write", (*Server).createItemReaction},
		{"GET /repos/{owner}/{repo}/issues/comments/{comment_id}", "issues:read", (*Server).getComment},
		{"PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", "issues:write", (*Server).updateComment},
		{"DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", "issues:write", (*Server).removeComment},
		{"GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", "issues:read", (*Server).listReactions},
		{"POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", "issues:write", (*Server).createReaction},
		{"DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}", "issues:write", (*Server).deleteReaction},
		{"POST /repos/{owner}/{repo}/check-runs", "checks:write", (*Server).createRun},
		{"GET /repos/{owner}/{repo}/check-runs/{check_run_id}", "checks:read", (*Server).getRun},
		{"PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", "checks:write", (*Server).updateRun},
		{"GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations", "checks:read", (*Server).listAnnotations},
		{"POST /repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest", "checks:write", (*Server).rerequestRun},
		{"GET /repos/{owner}/{repo}/commits/{ref}/check-runs", "checks:read", (*Server).listRuns},
		{"GET /repos/{owner}/{repo}/check-suites/{check_suite_id}", "checks:read", (*Server).getSuite},
		{"GET /repos/{owner}/{repo}/commits/{ref}/check-suites", "checks:read", (*Server).listSuites},
		{"GET /repos/{owner}/{repo}/commits/{ref}/status", "statuses:read", (*Server).combinedStatus},
		{"GET /repos/{owner}/{repo}/commits/{ref}/statuses", "statuses:read", (*Server).listStatuses},
		{"POST /repos/{owner}/{repo}/statuses/{sha}", "statuses:write", (*Server).createStatus},
		{"POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", "actions:write", (*Server).dispatchWorkflow},
		{"GET /repos/{owner}/{repo}/actions/runs", "actions:read", (*Server).listWorkflowRuns},
		{"GET /repos/{owner}/{repo}/actions/runs/{run_id}", "actions:read", (*Server).getWorkflowRun},
		{"POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel", "actions:write", (*Server).cancelWorkflowRun},
		{"GET /repos/{owner}/{repo}/deployments", "deployments:read", (*Server).listDeployments},
		{"POST /repos/{owner}/{repo}/deployments", "deployments:write", (*Server).createDeployment},
		{"GET /repos/{owner}/{repo}/deployments/{deployment_id}", "deployments:read", (*Server).getDeployment},
		{"DELETE /repos/{owner}/{repo}/deployments/{deployment_id}", "deployments:write", (*Server).deleteDeployment},
		{"GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", "deployments:read", (*Server).listDeploymentStatuses},
		{"POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", "deployments:write", (*Server).createDeploymentStatus},
	}
}

// template is the route as GitHub's description writes it.
func (o operation) template() string { return strings.ReplaceAll(o.pattern, "...}", "}") }
