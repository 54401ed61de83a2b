package github

import (
	"errors"

	"github.com/roundtrip-bot/roundtrip/bot"
)

type commentPayload struct {
	envelope
	Issue struct {
		Number int    `json:"number"`
		State  string `json:"state"`
		Pull   *struct {
			URL string `json:"url"`
		} `json:"pull_request"`
	} `json:"issue"`
	Comment struct {
		ID      int64    `json:"id"`
		Body    string   `json:"body"`
		User    wireUser `json:"user"`
		Created stamp    `json:"created_at"`
		Updated stamp    `json:"updated_at"`
		Via     *wireApp `json:"performed_via_github_app"`
	} `json:"comment"`
}

// issueComment: only a comment that was just written is a command, and only
// of who wrote it. An edit never is one: it would let a collaborator put words
// into somebody else's mouth.
func (o opener) issueComment(p commentPayload) (bot.Event, error) {
	if p.Action != "created" {
		return nil, notOurs("an edit is never a command")
	}
	repo, err := p.repo()
	if err != nil {
		return nil, err
	}
	c := p.Comment
	switch {
	case p.Issue.Number <= 0 || c.ID <= 0 || c.User.Login == "":
		return nil, errors.New("the comment has no number, id or author")
	case p.Sender.Login != c.User.Login:
		return nil, notOurs("who sent it is not who wrote it")
	case c.Updated.After(c.Created.Time):
		return nil, notOurs("an edit is never a command")
	}
	by := c.User.person()
	by.Bot = by.Bot || c.Via != nil && c.Via.ID == o.app // our own, whatever it is called
	return bot.CommandGiven{
		From: bot.FromComment, By: by, Text: cut(c.Body, maxText), At: c.Created.Time,
		Ref: bot.ChangeRef{Repo: repo, Number: p.Issue.Number}, IsIssue: p.Issue.Pull == nil,
		Open: p.Issue.State == "open", Comment: c.ID,
	}, nil
}
