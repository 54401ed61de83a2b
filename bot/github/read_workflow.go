package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// workflowsDocument reads the workflows as they were on a commit and as they are
// on the default branch: REST has no such call.
const workflowsDocument = `query Workflows($owner: String!, $name: String!, $then: String!) {
  repository(owner: $owner, name: $name) {
    then: object(expression: $then) { ...files }
    now: object(expression: "HEAD:.github/workflows") { ...files }
  }
}
fragment files on Tree { entries { path object { ... on Blob { text isTruncated } } } }`

type wireTree struct {
	Entries []struct {
		Path string `json:"path"`
		File struct {
			Text      string `json:"text"` // null of what is no text
			Truncated bool   `json:"isTruncated"`
		} `json:"object"`
	} `json:"entries"`
}

// texts by path; of what GitHub gives a part only, none.
func (t wireTree) texts() map[string]string {
	found := map[string]string{}
	for _, e := range t.Entries {
		if e.File.Truncated {
			e.File.Text = "\x00" // nobody takes it for a whole one
		}
		found[e.Path] = e.File.Text
	}
	return found
}

// itself are the events whose workflow is read from the commit that it ran on.
var itself = []string{"push", "merge_group", "schedule", "workflow_dispatch", "repository_dispatch"}

// alone refuses what would run, or stop, more than the job of GitHub Actions that
// is to run again. It costs three requests.
func (p *rerunPerformer) alone(ctx context.Context, client *gh.Client, e bot.RunAgain, run wireAnyRun) error {
	if p.c.o.SetsOff == nil {
		return bot.Permanent{Err: errors.New("nobody here reads its workflow")}
	}
	file, event, over, err := workflowOf(ctx, client, e.Repo, run.ID)
	switch {
	case err != nil:
		return err
	case !over:
		return errRunsStill
	}
	if !slices.Contains(itself, event) {
		return bot.Permanent{Err: fmt.Errorf("it ran for %s, whose workflow is not that of this commit", harmless(event))}
	}
	then, now, err := p.workflows(ctx, e.Repo, e.SHA)
	if err != nil {
		return err
	}
	if why := p.c.o.SetsOff(run.Name, harmless(file), then[file], now); why != "" {
		return bot.Permanent{Err: errors.New(why)}
	}
	return nil
}

// workflowOf a job is a file's path, the event that it ran for, and whether all of it is over.
func workflowOf(ctx context.Context, client *gh.Client, repo bot.RepoRef, jobID int64) (file, event string, over bool, err error) {
	var job struct {
		Run int64 `json:"run_id"`
	}
	if err := read(ctx, client, path(repo, "actions", "jobs", strconv.FormatInt(jobID, 10)), &job); err != nil {
		return "", "", false, err
	}
	var run struct {
		Status string `json:"status"` // "completed", or one of many
		Path   string `json:"path"`   // perhaps with "@" and the branch
		Event  string `json:"event"`
	}
	err = read(ctx, client, path(repo, "actions", "runs", strconv.FormatInt(job.Run, 10)), &run)
	file, _, _ = strings.Cut(run.Path, "@")
	return file, run.Event, run.Status == "completed", err
}

// workflows on a commit, and on the default branch, by path.
func (p *rerunPerformer) workflows(ctx context.Context, repo bot.RepoRef, at bot.SHA) (then, now map[string]string, err error) {
	client, err := p.c.of(repo)
	if err != nil {
		return nil, nil, err
	}
	var answer struct {
		Repository struct{ Then, Now wireTree } `json:"repository"`
	}
	err = graphQL(ctx, client, workflowsDocument, map[string]any{
		"owner": repo.Name.Owner(), "name": repo.Name.Name(), "then": string(at) + ":.github/workflows",
	}, &answer)
	return answer.Repository.Then.texts(), answer.Repository.Now.texts(), err
}

func read(ctx context.Context, client *gh.Client, where string, v any) error {
	req, err := client.NewRequest(http.MethodGet, where, nil)
	if err == nil {
		_, err = client.Do(ctx, req, v)
	}
	return err
}
