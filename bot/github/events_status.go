package github

import (
	"errors"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// wireStatus is a commit status in payloads and in answers alike.
type wireStatus struct {
	ID      int64  `json:"id"`
	SHA     string `json:"sha"`
	State   string `json:"state"`
	Context string `json:"context"`
	URL     string `json:"target_url"`
	Created stamp  `json:"created_at"`
	Updated stamp  `json:"updated_at"`
}

// run is a status as the check run that it would be. Each status is a record
// of its own, so that it starts when it is made and the newest wins.
func (s wireStatus) run(head bot.SHA) bot.CheckRun {
	r := bot.CheckRun{ID: s.ID, Name: s.Context, SHA: head, Status: bot.Completed, Started: s.Created.Time, Completed: s.Updated.Time, URL: s.URL}
	switch s.State {
	case "success":
		r.Conclusion = bot.Success
	case "failure", "error":
		r.Conclusion = bot.Failure
	default: // pending
		r.Status, r.Completed = bot.InProgress, time.Time{}
	}
	return r
}

type statusPayload struct {
	envelope
	wireStatus
	Branches []struct {
		Name string `json:"name"`
	} `json:"branches"`
}

func (o opener) status(p statusPayload) (bot.Event, error) {
	repo, err := p.repo()
	if err != nil {
		return nil, err
	}
	head, err := sha(p.SHA)
	if err != nil {
		return nil, err
	}
	if p.Context == "" {
		return nil, errors.New("the status has no context")
	}
	e := bot.CheckReported{Repo: repo, Run: p.run(head)}
	for i, b := range p.Branches {
		if i == 0 || b.Name == p.Repository.DefaultBranch {
			e.Branch = b.Name
		}
	}
	return e, nil
}
