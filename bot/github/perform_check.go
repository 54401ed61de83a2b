package github

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	gh "github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// checkPerformer keeps one check run of each name on a commit.
//
// Notes on lines are given when a run is made and never after: GitHub appends
// what a PATCH brings to what is there, and takes none away. Other notes are
// therefore a new run, too; so are other buttons, as nothing says what GitHub
// does with those that a PATCH leaves out.
//
// A run that is completed stays so: GitHub takes a PATCH back to in_progress
// and does not follow it. A verdict that opens again is therefore a new run of
// the same name, which takes the place of the old one wherever GitHub counts;
// so is one whose answer shows that GitHub kept what it had.
type checkPerformer struct{ c *Client }

// Kind is bot.SetCheck's.
func (*checkPerformer) Kind() string { return bot.SetCheck{}.Kind() }

// Perform writes the verdict. The first attempt does not look: one write. A
// later one looks first, for the attempt before may have been cut off after
// GitHub had done it.
func (p *checkPerformer) Perform(ctx context.Context, job bot.Job) (bot.Receipt, error) {
	e, ok := job.Effect.(bot.SetCheck)
	if !ok {
		return bot.Receipt{}, wrongKind(p, job.Effect)
	}
	doing := fmt.Sprintf("write check %q on %s of %s", e.Name, e.SHA.Short(), e.Repo.Name)
	run := lastRun(job.Last)
	if job.Attempt > 1 {
		var err error
		if run, err = p.find(ctx, e); err != nil {
			return bot.Receipt{}, writeError(doing, err)
		}
	}
	if run.becomes(e) {
		r, followed, err := p.update(ctx, e, run.id)
		if err = writeError(doing, err); !gone(err) && (err != nil || followed) {
			return r, err
		}
	}
	r, err := p.create(ctx, e)
	return r, writeError(doing, err)
}

// find looks for the newest run of ours with the effect's name and key.
func (p *checkPerformer) find(ctx context.Context, e bot.SetCheck) (run ourRun, err error) {
	runs, err := p.c.runs(ctx, e.Repo, e.SHA, url.Values{"check_name": {e.Name}, "app_id": {strconv.FormatInt(p.c.o.AppID, 10)}})
	for _, r := range runs {
		if notes, ours := notesIn(r.ExternalID, e); ours && r.App.ID == p.c.o.AppID && r.Name == e.Name && r.ID > run.id {
			run = ourRun{r.ID, r.Status, notes}
		}
	}
	return run, err
}

func (p *checkPerformer) create(ctx context.Context, e bot.SetCheck) (bot.Receipt, error) {
	client, err := p.c.of(e.Repo)
	if err != nil {
		return bot.Receipt{}, err
	}
	run, _, err := client.Checks.CreateCheckRun(ctx, e.Repo.Name.Owner(), e.Repo.Name.Name(), gh.CreateCheckRunOptions{
		Name: e.Name, HeadSHA: string(e.SHA), ExternalID: gh.String(externalID(e)), Status: gh.String(e.Status),
		Conclusion: conclusion(e), DetailsURL: optional(e.URL), Output: annotated(e), Actions: buttonsOf(e),
	})
	if err != nil {
		return bot.Receipt{}, err
	}
	return ourRun{run.GetID(), e.Status, noted(e)}.receipt(run.GetHTMLURL()), nil
}

// update reports also whether GitHub followed.
func (p *checkPerformer) update(ctx context.Context, e bot.SetCheck, id int64) (bot.Receipt, bool, error) {
	client, err := p.c.of(e.Repo)
	if err != nil {
		return bot.Receipt{}, false, err
	}
	run, _, err := client.Checks.UpdateCheckRun(ctx, e.Repo.Name.Owner(), e.Repo.Name.Name(), id, gh.UpdateCheckRunOptions{
		Name: e.Name, ExternalID: gh.String(externalID(e)), Status: gh.String(e.Status),
		Conclusion: conclusion(e), DetailsURL: optional(e.URL), Output: output(e), Actions: buttonsOf(e),
	})
	if err != nil {
		return bot.Receipt{}, false, err
	}
	kept := run.Status != nil && run.GetStatus() != e.Status || run.Conclusion != nil && conclusion(e) != nil && run.GetConclusion() != e.Conclusion
	return ourRun{id, e.Status, noted(e)}.receipt(run.GetHTMLURL()), !kept, nil
}

// conclusion belongs to a completed run alone: GitHub completes every run
// that has one.
func conclusion(e bot.SetCheck) *string {
	if e.Status != bot.Completed {
		return nil
	}
	return optional(e.Conclusion)
}

func output(e bot.SetCheck) *gh.CheckRunOutput {
	title, summary := e.Title, shorten(e.Summary, maxComment)
	if title == "" {
		title = e.Name
	}
	return &gh.CheckRunOutput{Title: &title, Summary: &summary}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
