package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Workflows dispatches and watches workflow runs. Its tokens may write
// actions; no other token of ours may, and where nobody deploys by workflow
// none is ever minted.
type Workflows struct{ c *Client }

// Workflows is what the client can do with workflows.
func (c *Client) Workflows() *Workflows { return &Workflows{c} }

// errNoActions is why GitHub mints no such token.
var errNoActions = errors.New("the app needs the repository permission Actions, read and write, to deploy by workflow")

type wireWorkflowRun struct {
	ID         int64     `json:"id"`
	Title      string    `json:"display_title"`
	Status     string    `json:"status"`
	Conclusion string    `json:"conclusion"`
	URL        string    `json:"html_url"`
	At         time.Time `json:"created_at"`
	Path       string    `json:"path"` // perhaps with "@" and the branch
	Branch     string    `json:"head_branch"`
	// Actor made the run's first attempt. Who runs it again is the triggering
	// actor: it stays the same run, of the same inputs.
	Actor wireUser `json:"actor"`
}

// run is a run in our words; ours is what the login of home made.
func (r wireWorkflowRun) run(h home) bot.WorkflowRun {
	path, _, _ := strings.Cut(r.Path, "@")
	file, below := strings.CutPrefix(path, ".github/workflows/")
	if !below {
		file = ""
	}
	return bot.WorkflowRun{
		ID: r.ID, Title: r.Title, Status: r.Status, Conclusion: r.Conclusion, URL: r.URL, At: r.At,
		File: file, Ours: h.self != "" && strings.EqualFold(r.Actor.Login, string(h.self)), Default: h.branch != "" && r.Branch == h.branch,
	}
}

// home is where we dispatch in a repository, and under which login.
type home struct {
	branch string
	self   bot.Login
}

func (w *Workflows) home(ctx context.Context, client *gh.Client, repo bot.RepoRef) (h home, err error) {
	if h.self, err = w.c.self(ctx); err != nil {
		return h, err
	}
	h.branch, err = w.branch(ctx, client, repo)
	return h, err
}

// branch is the default one.
func (w *Workflows) branch(ctx context.Context, client *gh.Client, repo bot.RepoRef) (string, error) {
	var r wireRepo
	if err := w.do(ctx, client, http.MethodGet, path(repo), nil, &r); err != nil {
		return "", w.refused("read the default branch of "+string(repo.Name), err)
	}
	if r.DefaultBranch == "" {
		return "", fmt.Errorf("read the default branch of %s: the answer names none", repo.Name)
	}
	return r.DefaultBranch, nil
}

// Dispatch starts a workflow, a file's name below .github/workflows, on the
// default branch: what a change does to the workflow deploys nothing. The id
// is that of the run; 0 when GitHub does not tell, as old enterprise servers.
//
// Errors: bot.Permanent when GitHub refuses; what is not known to have been
// refused may have been done.
func (w *Workflows) Dispatch(ctx context.Context, repo bot.RepoRef, workflow string, inputs map[string]string) (id int64, err error) {
	doing := fmt.Sprintf("dispatch %s of %s", workflow, repo.Name)
	client, err := w.c.ofActions(repo)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", doing, err)
	}
	branch, err := w.branch(ctx, client, repo)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", doing, err)
	}
	var made struct {
		ID int64 `json:"workflow_run_id"`
	}
	body := map[string]any{"ref": branch, "inputs": inputs, "return_run_details": true}
	where := path(repo, "actions", "workflows", workflow, "dispatches")
	err = w.do(ctx, client, http.MethodPost, where, body, &made)
	if unknownField(err) { // an enterprise's server that is older than the field
		delete(body, "return_run_details")
		err = w.do(ctx, client, http.MethodPost, where, body, &made)
	}
	return made.ID, w.refused(doing, err)
}

// unknownField reports whether GitHub refused because it does not know
// return_run_details: then nothing was dispatched.
func unknownField(err error) bool {
	var answer *gh.ErrorResponse
	return errors.As(err, &answer) && answer.Response != nil && strings.Contains(answer.Message, "return_run_details") &&
		(answer.Response.StatusCode == http.StatusUnprocessableEntity || answer.Response.StatusCode == http.StatusBadRequest)
}

// Dispatched lists the repository's dispatched runs that were made since then
// (zero: ever), newest first, until more says that it has seen enough. GitHub
// ends a list with the 1,000th and does not say so.
func (w *Workflows) Dispatched(ctx context.Context, repo bot.RepoRef, since time.Time, more func(bot.WorkflowRun) bool) error {
	doing := "list workflow runs of " + string(repo.Name)
	client, err := w.c.ofActions(repo)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	home, err := w.home(ctx, client, repo)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	for page := 1; ; page++ {
		var list struct {
			Runs []wireWorkflowRun `json:"workflow_runs"`
		}
		q := url.Values{"event": {"workflow_dispatch"}, "per_page": {"100"}, "page": {strconv.Itoa(page)}}
		if !since.IsZero() {
			q.Set("created", ">="+since.UTC().Format(time.RFC3339))
		}
		if err := w.do(ctx, client, http.MethodGet, path(repo, "actions", "runs")+"?"+q.Encode(), nil, &list); err != nil {
			return w.refused(doing, err)
		}
		for _, r := range list.Runs {
			if !more(r.run(home)) {
				return nil
			}
		}
		if len(list.Runs) < 100 {
			return nil
		}
	}
}

// Run reads one run. Whose it is and where it ran is not told: who asks by id
// knows it.
func (w *Workflows) Run(ctx context.Context, repo bot.RepoRef, id int64) (bot.WorkflowRun, error) {
	doing := fmt.Sprintf("read workflow run %d of %s", id, repo.Name)
	client, err := w.c.ofActions(repo)
	if err != nil {
		return bot.WorkflowRun{}, fmt.Errorf("%s: %w", doing, err)
	}
	var r wireWorkflowRun
	err = w.do(ctx, client, http.MethodGet, path(repo, "actions", "runs", strconv.FormatInt(id, 10)), nil, &r)
	return r.run(home{}), readError(doing, err)
}

// Cancel asks a run to stop. One that has ended already is no error.
func (w *Workflows) Cancel(ctx context.Context, repo bot.RepoRef, id int64) error {
	doing := fmt.Sprintf("cancel workflow run %d of %s", id, repo.Name)
	client, err := w.c.ofActions(repo)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	err = w.do(ctx, client, http.MethodPost, path(repo, "actions", "runs", strconv.FormatInt(id, 10), "cancel"), nil, nil)
	var answer *gh.ErrorResponse
	var taken *gh.AcceptedError
	switch {
	case errors.As(err, &taken):
		return nil // 202: it will
	case errors.As(err, &answer) && answer.Response != nil && answer.Response.StatusCode == http.StatusConflict:
		return nil
	}
	return writeError(doing, err)
}

func (*Workflows) do(ctx context.Context, client *gh.Client, method, where string, body, v any) error {
	req, err := client.NewRequest(method, where, body)
	if err != nil {
		return err
	}
	resp, err := client.Do(ctx, req, v)
	if resp != nil && resp.StatusCode == http.StatusNoContent {
		return nil
	}
	return err
}

// refused says what the operator has to do where the app may not.
func (*Workflows) refused(doing string, err error) error {
	err = writeError(doing, err)
	var f failure
	if errors.As(err, &f) && (f.minting && f.status == http.StatusUnprocessableEntity || f.status == http.StatusForbidden && !f.limited) {
		return bot.Permanent{Err: fmt.Errorf("%w: %w", err, errNoActions)}
	}
	return err
}
