package github

import (
	"fmt"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// maxText bounds what we keep of texts that people write, in bytes. GitHub's
// own limit is 65,536 characters.
const maxText = 64 << 10

// updating actions may change a verdict.
var updating = []string{"opened", "synchronize", "reopened", "edited", "ready_for_review", "converted_to_draft", "labeled", "unlabeled"}

type pullPayload struct {
	envelope
	Pull   wirePull `json:"pull_request"`
	Before string   `json:"before"`
}

func (o opener) pullRequest(p pullPayload) (bot.Event, error) {
	closed := p.Action == "closed"
	if !closed && !slices.Contains(updating, p.Action) {
		return nil, notOurs("it changes no verdict")
	}
	repo, err := p.repo()
	if err != nil {
		return nil, err
	}
	c, err := p.Pull.change(repo)
	if err != nil {
		return nil, err
	}
	if closed {
		return bot.ChangeClosed{Change: c, By: p.Sender.person()}, nil
	}
	before, _ := sha(p.Before) // only a push has one
	return bot.ChangeUpdated{Action: p.Action, Change: c, Before: before, By: p.Sender.person()}, nil
}

// wirePull is a pull request in payloads and in answers alike.
type wirePull struct {
	Number    int      `json:"number"`
	Title     string   `json:"title"`
	Body      string   `json:"body"`
	State     string   `json:"state"`
	Draft     bool     `json:"draft"`
	Merged    bool     `json:"merged"`
	MergeSHA  string   `json:"merge_commit_sha"`
	User      wireUser `json:"user"`
	Head      wireEnd  `json:"head"`
	Base      wireEnd  `json:"base"`
	Additions *int     `json:"additions"`
	Deletions *int     `json:"deletions"`
	Files     *int     `json:"changed_files"`
	Created   stamp    `json:"created_at"`
	Updated   stamp    `json:"updated_at"`
	MergedAt  stamp    `json:"merged_at"`
	MergedBy  wireUser `json:"merged_by"`
	Labels    []struct {
		Name string `json:"name"`
	} `json:"labels"`
}

// wireEnd is where a pull request comes from or goes to. The repository of
// the head is null when the fork is gone.
type wireEnd struct {
	Ref  string    `json:"ref"`
	SHA  string    `json:"sha"`
	Repo *wireRepo `json:"repo"`
}

func (p wirePull) change(repo bot.RepoRef) (bot.Change, error) {
	head, err := sha(p.Head.SHA)
	if err != nil {
		return bot.Change{}, fmt.Errorf("head: %w", err)
	}
	base, err := sha(p.Base.SHA)
	if err != nil {
		return bot.Change{}, fmt.Errorf("base: %w", err)
	}
	if p.Number <= 0 {
		return bot.Change{}, fmt.Errorf("pull request number %d is malformed", p.Number)
	}
	c := bot.Change{
		Ref: bot.ChangeRef{Repo: repo, Number: p.Number}, Title: p.Title, Body: cut(p.Body, maxText),
		Author: bot.Login(p.User.Login), AuthorBot: p.User.bot(),
		Head: head, HeadRef: p.Head.Ref, Base: base, BaseRef: p.Base.Ref,
		Draft: p.Draft, Open: p.State == "open", Merged: p.Merged || !p.MergedAt.IsZero(),
		Opened: p.Created.Time, Updated: p.Updated.Time, MergedAt: p.MergedAt.Time,
	}
	p.finish(&c)
	return c, nil
}

// finish fills in what may be absent.
func (p wirePull) finish(c *bot.Change) {
	if p.Head.Repo != nil {
		c.HeadRepo = p.Head.Repo.ID
	}
	if p.Base.Repo != nil {
		c.Default = p.Base.Repo.DefaultBranch
	}
	if p.Additions != nil && p.Deletions != nil && p.Files != nil {
		c.Added, c.Deleted, c.Files, c.HasTotals = *p.Additions, *p.Deletions, *p.Files, true
	}
	if c.Merged { // before that it is only a trial merge
		c.MergedBy = p.MergedBy.person()
		c.MergeSHA, _ = sha(p.MergeSHA)
	}
	for _, l := range p.Labels {
		c.Labels = append(c.Labels, l.Name)
	}
}
