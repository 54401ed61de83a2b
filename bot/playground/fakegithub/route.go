package fakegithub

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// limit is how many requests an hour a token has.
const limit = 5000

// maxRequest is how much of a request is read, in bytes.
const maxRequest = 4 << 20

// route is one operation. Needs is "jwt", "any", or the permission without
// which an installation's token is refused: "checks:write".
type route struct {
	pattern string
	needs   string
	do      func(*Server, *call) answer
}

func routes() []route {
	return []route{
		{"GET /app", "jwt", (*Server).getApp},
		{"GET /app/installations", "jwt", (*Server).listInstallations},
		{"GET /app/installations/{installation_id}", "jwt", (*Server).getInstallation},
		{"POST /app/installations/{installation_id}/access_tokens", "jwt", (*Server).createToken},
		{"GET /app/hook/deliveries", "jwt", (*Server).listDeliveries},
		{"GET /app/hook/deliveries/{delivery_id}", "jwt", (*Server).getDelivery},
		{"POST /app/hook/deliveries/{delivery_id}/attempts", "jwt", (*Server).attemptDelivery},
		{"GET /repos/{owner}/{repo}/installation", "jwt", (*Server).getRepoInstallation},
		{"GET /installation/repositories", "metadata:read", (*Server).listRepos},
		{"GET /rate_limit", "any", (*Server).getRateLimit},
		{"GET /users/{username}", "any", (*Server).getUser},
		{"GET /repos/{owner}/{repo}", "metadata:read", (*Server).getRepo},
		{"GET /repos/{owner}/{repo}/contents/{path...}", "contents:read", (*Server).getContents},
		{"GET /repos/{owner}/{repo}/branches/{branch...}", "contents:read", (*Server).getBranch},
		{"GET /repos/{owner}/{repo}/rules/branches/{branch...}", "metadata:read", (*Server).getRules},
		{"GET /repos/{owner}/{repo}/git/ref/{ref...}", "contents:read", (*Server).getRef},
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
		{"POST /repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest", "checks:write", (*Server).rerequestRun},
		{"GET /repos/{owner}/{repo}/commits/{ref}/check-runs", "checks:read", (*Server).listRuns},
		{"GET /repos/{owner}/{repo}/commits/{ref}/check-suites", "checks:read", (*Server).listSuites},
		{"GET /repos/{owner}/{repo}/commits/{ref}/status", "statuses:read", (*Server).combinedStatus},
		{"GET /repos/{owner}/{repo}/commits/{ref}/statuses", "statuses:read", (*Server).listStatuses},
		{"POST /repos/{owner}/{repo}/statuses/{sha}", "statuses:write", (*Server).createStatus},
		{"GET /repos/{owner}/{repo}/deployments", "deployments:read", (*Server).listDeployments},
		{"POST /repos/{owner}/{repo}/deployments", "deployments:write", (*Server).createDeployment},
		{"GET /repos/{owner}/{repo}/deployments/{deployment_id}", "deployments:read", (*Server).getDeployment},
		{"GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", "deployments:read", (*Server).listDeploymentStatuses},
		{"POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", "deployments:write", (*Server).createDeploymentStatus},
	}
}

// ServeHTTP answers the REST API, at the root and, as on an enterprise's
// server, below /api/v3.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.EscapedPath(), "/api/v3")
	rt, values := find(s.routes, r.Method, path)
	if rt != nil {
		for name, value := range values {
			r.SetPathValue(name, value)
		}
		s.serve(w, r, *rt)
		return
	}
	if f := s.takeFault(r.Method + " " + path); f != nil {
		f.failed(w, s.now())
		return
	}
	notFound().write(w)
}

// find picks the route of a path: of all that match the one with the most
// literal parts, so that issues/comments/7 is no issue called "comments".
func find(all []route, method, path string) (best *route, values map[string]string) {
	literal := -1
	for i := range all {
		m, pattern, _ := strings.Cut(all[i].pattern, " ")
		if m != method {
			continue
		}
		if v, n, ok := match(strings.Split(pattern, "/"), strings.Split(path, "/")); ok && n > literal {
			best, values, literal = &all[i], v, n
		}
	}
	return best, values
}

// match holds a path against a pattern, part by part; the last part of a
// pattern may take all that is left.
func match(pattern, path []string) (values map[string]string, literal int, ok bool) {
	values = map[string]string{}
	for i, part := range pattern {
		name, isName := strings.CutPrefix(strings.TrimSuffix(part, "}"), "{")
		if rest, takesAll := strings.CutSuffix(name, "..."); takesAll && i < len(path) {
			values[rest] = plain(strings.Join(path[i:], "/"))
			return values, literal, true
		}
		switch {
		case i >= len(path):
			return nil, 0, false
		case isName:
			values[name] = plain(path[i])
		case part != path[i]:
			return nil, 0, false
		default:
			literal++
		}
	}
	return values, literal, len(path) == len(pattern)
}

// plain undoes the escapes of a path's part.
func plain(part string) string {
	if text, err := url.PathUnescape(part); err == nil {
		return text
	}
	return part
}

// template is the route as GitHub's description writes it.
func (rt route) template() string { return strings.ReplaceAll(rt.pattern, "...}", "}") }

func (s *Server) serve(w http.ResponseWriter, r *http.Request, rt route) {
	fault := s.takeFault(rt.template())
	if fault != nil && !fault.Lost {
		fault.failed(w, s.now())
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		refuse(http.StatusRequestEntityTooLarge, "Payload too large").write(w)
		return
	}
	a := s.answer(r, rt, body)
	if fault != nil {
		fault.failed(w, s.now())
		return
	}
	a.write(w)
}

// answer does what is asked, with the lock held.
func (s *Server) answer(r *http.Request, rt route, body []byte) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{Request: r, body: body, header: map[string]string{}}
	a := s.do(c, rt)
	s.note(c, rt, a)
	a = s.tagged(c, a)
	for name, value := range c.header {
		if a.header == nil {
			a.header = map[string]string{}
		}
		a.header[name] = value
	}
	s.recordExchange(c, a)
	return a
}

func (s *Server) do(c *call, rt route) answer {
	if refused := s.admit(c, rt.needs); refused != nil {
		return *refused
	}
	if len(c.body) > 0 && !isJSON(c.body) {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	return rt.do(s, c)
}

// tagged adds what every answer has, and says "not modified" to who has the
// same already.
func (s *Server) tagged(c *call, a answer) answer {
	c.header["X-GitHub-Media-Type"] = "github.v3; format=json"
	c.header["X-GitHub-Request-Id"] = "FAKE:" + digest("%s %s", c.Method, c.URL)[:12]
	used, reset := s.spend(c)
	c.header["X-RateLimit-Limit"], c.header["X-RateLimit-Used"] = strconv.Itoa(limit), strconv.Itoa(used)
	c.header["X-RateLimit-Remaining"], c.header["X-RateLimit-Resource"] = strconv.Itoa(max(1, limit-used)), "core"
	c.header["X-RateLimit-Reset"] = strconv.FormatInt(reset.Unix(), 10)
	if c.Method != http.MethodGet || a.status != http.StatusOK {
		return a
	}
	content, _ := a.content()
	sum := sha256.Sum256(content)
	tag := `W/"` + hex.EncodeToString(sum[:]) + `"`
	c.header["ETag"], c.header["Cache-Control"] = tag, "private, max-age=60, s-maxage=60"
	if c.Header.Get("If-None-Match") == tag {
		return answer{status: http.StatusNotModified}
	}
	return a
}

// spend counts the request against its token's hour.
func (s *Server) spend(c *call) (used int, reset time.Time) {
	hour := s.now().Truncate(time.Hour)
	if c.token == nil {
		return 1, hour.Add(time.Hour)
	}
	if !c.token.hour.Equal(hour) {
		c.token.hour, c.token.used = hour, 0
	}
	c.token.used++
	return c.token.used, hour.Add(time.Hour)
}
