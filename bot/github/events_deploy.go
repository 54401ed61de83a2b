package github

import (
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

type groupPayload struct {
	envelope
	Group struct {
		HeadSHA string `json:"head_sha"`
		HeadRef string `json:"head_ref"`
		BaseRef string `json:"base_ref"`
	} `json:"merge_group"`
}

func (o opener) mergeGroup(p groupPayload) (bot.Event, error) {
	if p.Action != "checks_requested" {
		return nil, notOurs("a group that is gone needs no answer")
	}
	repo, err := p.repo()
	if err != nil {
		return nil, err
	}
	head, err := sha(p.Group.HeadSHA)
	if err != nil {
		return nil, err
	}
	base := strings.TrimPrefix(p.Group.BaseRef, "refs/heads/")
	return bot.GroupFormed{Repo: repo, SHA: head, Base: base, Last: lastOf(p.Group.HeadRef)}, nil
}

// queueBranch is how GitHub names a group's branch: after the newest change in
// it and the commit that the group stands on.
var queueBranch = regexp.MustCompile(`/pr-([0-9]{1,9})-[0-9a-f]{40}$`)

func lastOf(ref string) int {
	m := queueBranch.FindStringSubmatch(ref)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1]) // digits alone
	return n
}

// wireDeployment is a deployment in payloads and in answers alike.
type wireDeployment struct {
	ID          int64           `json:"id"`
	SHA         string          `json:"sha"`
	Environment string          `json:"environment"`
	Payload     json.RawMessage `json:"payload"`
	Creator     wireUser        `json:"creator"`
	Via         *wireApp        `json:"performed_via_github_app"`
}

// rollout is the key under which we made the deployment; "" when it is not
// ours. GitHub gives a payload back as an object or as text.
func (d wireDeployment) rollout() string {
	var p struct {
		Roundtrip string `json:"roundtrip"`
	}
	raw := []byte(d.Payload)
	var text string
	if json.Unmarshal(raw, &text) == nil {
		raw = []byte(text)
	}
	if json.Unmarshal(raw, &p) != nil {
		return ""
	}
	return p.Roundtrip
}

type deploymentPayload struct {
	envelope
	Deployment wireDeployment `json:"deployment"`
	Status     struct {
		State       string   `json:"state"`
		Environment string   `json:"environment"`
		Created     stamp    `json:"created_at"`
		Creator     wireUser `json:"creator"`
		Via         *wireApp `json:"performed_via_github_app"`
	} `json:"deployment_status"`
}

func (o opener) deploymentStatus(p deploymentPayload) (bot.Event, error) {
	repo, err := p.repo()
	if err != nil {
		return nil, err
	}
	d := p.Deployment
	ours := func(a *wireApp) bool { return a != nil && a.ID == o.app }
	if d.rollout() != "" || ours(d.Via) || ours(p.Status.Via) {
		return nil, notOurs("it is the echo of a rollout of ours")
	}
	head, err := sha(d.SHA)
	if err != nil {
		return nil, err
	}
	if d.ID <= 0 || d.Environment == "" || p.Status.State == "" {
		return nil, errors.New("the deployment has no id, environment or state")
	}
	return bot.DeploymentReported{
		Repo: repo, ID: d.ID, SHA: head, Environment: d.Environment, State: p.Status.State,
		At: p.Status.Created.Time, By: p.Status.Creator.person(),
	}, nil
}
