package fakegithub

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// workflowRun is a run of a workflow that somebody dispatched.
type workflowRun struct {
	id                 int64
	repo               *repo
	by                 *user
	branch             string
	workflow, title    string
	status, conclusion string
	head               *commit
	made, updated      time.Time
	inputs             map[string]string
}

// Dispatch is a workflow that somebody started.
type Dispatch struct {
	ID       int64
	Repo     string
	Workflow string // its file's name
	Title    string
	Inputs   map[string]string
}

// OnDispatch decides what becomes of runs: f is told of each as it is made and
// answers its conclusion; an empty one leaves it running until EndWorkflow. It
// must not call the server.
func (s *Server) OnDispatch(f func(Dispatch) (conclusion string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onDispatch = f
}

// EndWorkflow ends a run: success, failure, cancelled and so on.
func (s *Server) EndWorkflow(repo string, id int64, conclusion string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.findRepo(repo)
	if r == nil {
		return fmt.Errorf("end workflow run %d: there is no %s", id, repo)
	}
	for _, run := range r.workflows {
		if run.id == id && run.status != "completed" {
			run.end(conclusion, s.now())
			return nil
		}
	}
	return fmt.Errorf("end workflow run %d: %s has no such run under way", id, repo)
}

func (w *workflowRun) end(conclusion string, at time.Time) {
	w.status, w.conclusion, w.updated = "completed", conclusion, at
}

var (
	runName = regexp.MustCompile(`(?m)^run-name:\s*(.*?)\s*$`)
	input   = regexp.MustCompile(`\$\{\{\s*inputs\.(\w+)\s*\}\}`)
)

// dispatchWorkflow starts what the branch has below .github/workflows. Inputs
// that the file does not name are refused, as GitHub does.
func (s *Server) dispatchWorkflow(c *call) answer {
	var in struct {
		Ref    string            `json:"ref"`
		Inputs map[string]string `json:"inputs"`
		Return bool              `json:"return_run_details"`
	}
	if a := c.read(&in); a != nil {
		return *a
	}
	at := c.repo.resolve(in.Ref)
	if at == nil {
		return unprocessable("No ref found for: " + in.Ref)
	}
	text, found := at.files[".github/workflows/"+c.PathValue("workflow_id")]
	switch {
	case !found:
		return notFound()
	case !strings.Contains(text, "workflow_dispatch"):
		return unprocessable("Workflow does not have 'workflow_dispatch' trigger")
	}
	for name := range in.Inputs {
		if !regexp.MustCompile(`(?m)^\s+` + regexp.QuoteMeta(name) + `:`).MatchString(text) {
			return unprocessable(fmt.Sprintf("Unexpected inputs provided: [%q]", name))
		}
	}
	w := s.runWorkflow(&workflowRun{
		repo: c.repo, by: s.bot.user, branch: strings.TrimPrefix(in.Ref, "refs/heads/"),
		workflow: c.PathValue("workflow_id"), title: titleOf(text, in.Inputs), head: at, inputs: in.Inputs,
	})
	if s.onDispatch != nil {
		w.status = "in_progress"
		if conclusion := s.onDispatch(Dispatch{w.id, c.repo.full(), w.workflow, w.title, w.inputs}); conclusion != "" {
			w.end(conclusion, s.now())
		}
	}
	if !in.Return {
		return gone()
	}
	return ok(fields{"workflow_run_id": w.id, "run_url": s.api(w.path()), "html_url": s.site(w.page())})
}

func (s *Server) runWorkflow(w *workflowRun) *workflowRun {
	w.id, w.status, w.made, w.updated = s.nextID("workflow_run"), "queued", s.now(), s.now()
	w.repo.workflows = append(w.repo.workflows, w)
	return w
}

// RunWorkflow is what a person does on the page of a workflow: any file of any
// branch is run, under any title that its run-name makes. It is completed with
// success.
func (s *Server) RunWorkflow(repo, by, branch, file, title string) (id int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.findRepo(repo)
	if r == nil || r.resolve(branch) == nil {
		return 0, fmt.Errorf("run workflow %s: there is no branch %s of %s", file, branch, repo)
	}
	who := s.lookup(by)
	if who == nil {
		who = s.person(by)
	}
	w := s.runWorkflow(&workflowRun{repo: r, by: who, branch: branch, workflow: file, title: title, head: r.resolve(branch)})
	w.end("success", s.now())
	return w.id, nil
}

// titleOf is what run-name makes of the inputs; the workflow's name without.
func titleOf(text string, inputs map[string]string) string {
	m := runName.FindStringSubmatch(text)
	if m == nil {
		return "Deploy"
	}
	return input.ReplaceAllStringFunc(strings.Trim(m[1], `"'`), func(expr string) string {
		return inputs[input.FindStringSubmatch(expr)[1]]
	})
}

func (w *workflowRun) path() string { return fmt.Sprintf("%s/actions/runs/%d", w.repo.path(), w.id) }
func (w *workflowRun) page() string { return fmt.Sprintf("/%s/actions/runs/%d", w.repo.full(), w.id) }

func (s *Server) listWorkflowRuns(c *call) answer {
	q := c.URL.Query()
	since, err := createdSince(q.Get("created"))
	if err != nil {
		return unprocessable(err.Error())
	}
	var all []*workflowRun
	for _, w := range slices.Backward(c.repo.workflows) {
		if !w.made.Before(since) && is(q.Get("event"), "workflow_dispatch") && (is(q.Get("status"), w.status) || q.Get("status") == w.conclusion) {
			all = append(all, w)
		}
	}
	from, to := s.page(c, len(all))
	list := []fields{}
	for _, w := range all[from:to] {
		list = append(list, s.wireWorkflowRun(w))
	}
	return ok(fields{"total_count": len(all), "workflow_runs": list})
}

// createdSince reads the one form of the filter that we know, ">=time"; none is
// since ever.
func createdSince(filter string) (since time.Time, err error) {
	if filter == "" {
		return since, nil
	}
	if since, err = time.Parse(time.RFC3339, strings.TrimPrefix(filter, ">=")); err != nil || !strings.HasPrefix(filter, ">=") {
		return since, fmt.Errorf("the filter created=%q is none of >=time", filter)
	}
	return since, nil
}

func (c *call) workflowRun() *workflowRun {
	for _, w := range c.repo.workflows {
		if w.id == c.number("run_id") {
			return w
		}
	}
	return nil
}

func (s *Server) getWorkflowRun(c *call) answer {
	w := c.workflowRun()
	if w == nil {
		return notFound()
	}
	return ok(s.wireWorkflowRun(w))
}

func (s *Server) cancelWorkflowRun(c *call) answer {
	w := c.workflowRun()
	switch {
	case w == nil:
		return notFound()
	case w.status == "completed":
		return refuse(http.StatusConflict, "Cannot cancel a workflow run that is completed.")
	}
	w.end("cancelled", s.now())
	return answer{status: http.StatusAccepted, body: fields{}}
}

func (s *Server) wireWorkflowRun(w *workflowRun) fields {
	own := s.api(w.path())
	f := fields{
		"id": w.id, "node_id": fmt.Sprintf("WFR_%d", w.id), "name": "Deploy", "display_title": w.title, "event": "workflow_dispatch",
		"head_branch": w.branch, "head_sha": w.head.sha, "path": ".github/workflows/" + w.workflow, "run_number": w.id, "run_attempt": 1,
		"workflow_id": int64(len(w.workflow)), "status": w.status, "conclusion": nil, "pull_requests": []any{},
		"url": own, "html_url": s.site(w.page()), "created_at": stamp(w.made), "updated_at": stamp(w.updated),
		"jobs_url": own + "/jobs", "logs_url": own + "/logs", "artifacts_url": own + "/artifacts", "cancel_url": own + "/cancel", "rerun_url": own + "/rerun",
		"check_suite_url": s.api(fmt.Sprintf("%s/check-suites/%d", w.repo.path(), w.id)), "workflow_url": s.api(w.repo.path() + "/actions/workflows/" + w.workflow),
		"head_commit": nil, "repository": s.drawRepo(w.repo), "head_repository": s.drawRepo(w.repo), "actor": s.wireUser(w.by), "triggering_actor": s.wireUser(w.by),
	}
	if w.conclusion != "" {
		f["conclusion"] = w.conclusion
	}
	return f
}
