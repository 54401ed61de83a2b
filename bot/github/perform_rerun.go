package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// rerunPerformer has other people's checks run again: a job of GitHub Actions
// through its workflow, any other by asking its app.
type rerunPerformer struct{ c *Client }

// Kind is bot.RunAgain's.
func (*rerunPerformer) Kind() string { return bot.RunAgain{}.Kind() }

// errNoReruns is why GitHub mints no token for a rerun.
var errNoReruns = errors.New("the app needs the repository permission Actions, read and write, to run a failed check again")

// actions is the slug of GitHub's own app: its check runs are jobs of the same id.
const actions = "github-actions"

// errRunsStill: other jobs of the workflow do.
var errRunsStill = errors.New("its workflow runs still")

// whileItRuns is how long a workflow is left alone that runs still: GitHub
// repeats a job only of one that is over.
const whileItRuns = 15 * time.Second

type wireAnyRun struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Status string `json:"status"`
	Suite  struct {
		ID int64 `json:"id"`
	} `json:"check_suite"`
	App struct {
		ID   int64  `json:"id"`
		Slug string `json:"slug"`
	} `json:"app"`
}

// Perform looks for a run that is newer than the one that was known, and asks
// for one where there is none. The receipt is the run that was found, or that
// is to be repeated.
func (p *rerunPerformer) Perform(ctx context.Context, job bot.Job) (bot.Receipt, error) {
	e, ok := job.Effect.(bot.RunAgain)
	if !ok {
		return bot.Receipt{}, wrongKind(p, job.Effect)
	}
	doing := fmt.Sprintf("run %s again on %s of %s", e.Check, e.SHA.Short(), e.Repo.Name)
	newest, err := p.newest(ctx, e)
	switch {
	case err != nil:
		return bot.Receipt{}, readError(doing, err)
	case newest.ID == 0:
		return bot.Receipt{}, bot.Permanent{Err: fmt.Errorf("%s: it never ran there", doing)}
	case newest.ID > e.Run:
		return receipt(newest.ID, "", ""), nil
	}
	if job.Attempt > 1 {
		if waits, err := p.waits(ctx, e, newest); err != nil || waits {
			return receipt(newest.ID, "", ""), readError(doing, err)
		}
	}
	return receipt(newest.ID, "", ""), p.refused(doing, p.ask(ctx, e, newest))
}

// newest run of the check on the commit, of the app whose it is.
func (p *rerunPerformer) newest(ctx context.Context, e bot.RunAgain) (newest wireAnyRun, err error) {
	q := url.Values{"check_name": {e.Check}, "filter": {"all"}}
	err = pages(ctx, p.c, e.Repo, path(e.Repo, "commits", string(e.SHA), "check-runs"), q, func(list struct {
		Runs []wireAnyRun `json:"check_runs"`
	}) bool {
		for _, r := range list.Runs {
			if r.App.ID == e.App && r.ID > newest.ID {
				newest = r
			}
		}
		return len(list.Runs) == 100
	})
	return newest, err
}

func (p *rerunPerformer) ask(ctx context.Context, e bot.RunAgain, run wireAnyRun) error {
	what, where := usual, path(e.Repo, "check-runs", strconv.FormatInt(run.ID, 10), "rerequest")
	if run.App.Slug == actions {
		what, where = workflows, path(e.Repo, "actions", "jobs", strconv.FormatInt(run.ID, 10), "rerun")
	}
	client, err := p.c.may(e.Repo, what)
	if err != nil {
		return err
	}
	if what == workflows {
		if err := p.alone(ctx, client, e, run); err != nil {
			return err
		}
	}
	req, err := client.NewRequest(http.MethodPost, where, nil)
	if err == nil {
		_, err = client.Do(ctx, req, nil)
	}
	if err != nil && what == workflows {
		if _, _, over, looked := workflowOf(ctx, client, e.Repo, run.ID); looked == nil && !over {
			return errRunsStill // it began again meanwhile
		}
		p.c.forget(e.Repo, workflows) // it may be given more: the next token will have it
	}
	return err
}

// waits reports whether the app of a check was asked for it already, when
// nobody knows what came of asking: then GitHub has its suite queued again, though
// the run itself stays as it is.
func (p *rerunPerformer) waits(ctx context.Context, e bot.RunAgain, run wireAnyRun) (bool, error) {
	if run.App.Slug == actions || run.Suite.ID == 0 || run.Status != "completed" {
		return false, nil
	}
	var suite struct {
		Status string `json:"status"`
	}
	_, err := p.c.get(ctx, e.Repo, path(e.Repo, "check-suites", strconv.FormatInt(run.Suite.ID, 10)), &suite)
	if missing(err) {
		return false, nil
	}
	return suite.Status == "queued", err
}

// refused says what the operator has to do where the app may not.
func (*rerunPerformer) refused(doing string, err error) error {
	if err == nil {
		return nil
	}
	var known bot.Permanent
	if errors.As(err, &known) && !errors.Is(err, errForbidden) {
		return bot.Permanent{Err: fmt.Errorf("%s: %w", doing, known.Err)}
	}
	if errors.Is(err, errRunsStill) {
		return bot.RetryAfter{After: whileItRuns, Err: fmt.Errorf("%s: %w", doing, err)}
	}
	err = writeError(doing, err)
	var f failure
	if errors.As(err, &f) && (f.minting && f.status == http.StatusUnprocessableEntity || f.status == http.StatusForbidden && !f.limited) || errors.Is(err, errForbidden) {
		return bot.Permanent{Err: fmt.Errorf("%s: %w", doing, errNoReruns)}
	}
	return err
}
