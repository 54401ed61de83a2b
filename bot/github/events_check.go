package github

import (
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// wireRun is a check run in payloads and in answers alike.
type wireRun struct {
	ID         int64   `json:"id"`
	Name       string  `json:"name"`
	HeadSHA    string  `json:"head_sha"`
	ExternalID string  `json:"external_id"`
	Status     string  `json:"status"`
	Conclusion string  `json:"conclusion"`
	Started    stamp   `json:"started_at"`
	Completed  stamp   `json:"completed_at"`
	URL        string  `json:"html_url"`
	App        wireApp `json:"app"`
	Suite      struct {
		ID     int64  `json:"id"`
		Branch string `json:"head_branch"`
	} `json:"check_suite"`
	Pulls []wirePullOf `json:"pull_requests"`
}

type wirePullOf struct {
	Number int     `json:"number"`
	Base   wireEnd `json:"base"`
}

func (r wireRun) run() (bot.CheckRun, error) {
	head, err := sha(r.HeadSHA)
	if err != nil {
		return bot.CheckRun{}, err
	}
	return bot.CheckRun{
		ID: r.ID, App: r.App.ID, Suite: r.Suite.ID, Name: r.Name, SHA: head, Status: runStatus(r.Status), Conclusion: r.Conclusion,
		Started: r.Started.Time, Completed: r.Completed.Time, URL: r.URL,
	}, nil
}

// runStatus knows three; GitHub Actions has more words for what did not begin.
func runStatus(s string) string {
	if s == bot.Completed || s == bot.InProgress {
		return s
	}
	return bot.Queued
}

// numbers of the pull requests that belong to the repository: a run in a fork
// names those of the repository above it too.
func numbers(pulls []wirePullOf, repo bot.RepoRef) []int {
	var found []int
	for _, p := range pulls {
		if p.Number > 0 && p.Base.Repo != nil && p.Base.Repo.ID == repo.ID && !slices.Contains(found, p.Number) {
			found = append(found, p.Number)
		}
	}
	return found
}

type runPayload struct {
	envelope
	Run       wireRun `json:"check_run"`
	Requested struct {
		Identifier string `json:"identifier"`
	} `json:"requested_action"`
}

func (o opener) checkRun(p runPayload) (bot.Event, error) {
	repo, err := p.repo()
	if err != nil {
		return nil, err
	}
	run, err := p.Run.run()
	if err != nil {
		return nil, err
	}
	ours, changes := p.Run.App.ID == o.app, numbers(p.Run.Pulls, repo)
	switch p.Action {
	case "created", "completed":
		if ours {
			return nil, notOurs("it is the echo of a check of ours")
		}
		return bot.CheckReported{Repo: repo, Branch: p.Run.Suite.Branch, Changes: changes, Run: run}, nil
	case "rerequested", "requested_action":
		if !ours {
			return nil, notOurs("it is for the app whose check it is")
		}
		if p.Action == "requested_action" {
			return bot.CheckPressed{
				Repo: repo, SHA: run.SHA, Changes: changes, Check: run.Name, Verb: cut(p.Requested.Identifier, mostVerb), By: p.Sender.person(),
			}, nil
		}
		return bot.RecheckAsked{Repo: repo, SHA: run.SHA, Changes: changes, By: p.Sender.person()}, nil
	}
	return nil, notOurs("we do not act on it")
}

type suitePayload struct {
	envelope
	Suite struct {
		HeadSHA string       `json:"head_sha"`
		App     wireApp      `json:"app"`
		Pulls   []wirePullOf `json:"pull_requests"`
	} `json:"check_suite"`
}

func (o opener) checkSuite(p suitePayload) (bot.Event, error) {
	if p.Action != "rerequested" {
		return nil, notOurs("its runs tell more")
	}
	repo, err := p.repo()
	if err != nil {
		return nil, err
	}
	if p.Suite.App.ID != o.app {
		return nil, notOurs("it is for the app whose checks they are")
	}
	head, err := sha(p.Suite.HeadSHA)
	if err != nil {
		return nil, err
	}
	return bot.RecheckAsked{Repo: repo, SHA: head, Changes: numbers(p.Suite.Pulls, repo), By: p.Sender.person()}, nil
}
