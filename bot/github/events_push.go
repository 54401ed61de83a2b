package github

import (
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

type wirePushed struct {
	ID        string `json:"id"`
	Tree      string `json:"tree_id"`
	Message   string `json:"message"`
	Timestamp stamp  `json:"timestamp"`
	Author    struct {
		Username string `json:"username"`
	} `json:"author"`
	Added    []string `json:"added"`
	Removed  []string `json:"removed"`
	Modified []string `json:"modified"`
}

type pushPayload struct {
	envelope
	Ref     string       `json:"ref"`
	Before  string       `json:"before"`
	After   string       `json:"after"`
	Forced  bool         `json:"forced"`
	Deleted bool         `json:"deleted"`
	Head    *wirePushed  `json:"head_commit"`
	Commits []wirePushed `json:"commits"`
}

func (o opener) push(p pushPayload) (bot.Event, error) {
	repo, err := p.repo()
	if err != nil {
		return nil, err
	}
	branch, ok := strings.CutPrefix(p.Ref, "refs/heads/")
	if !ok || branch == "" {
		return nil, notOurs("it is no branch")
	}
	e := bot.Pushed{
		Repo: repo, Branch: branch, Default: branch == p.Repository.DefaultBranch,
		Forced: p.Forced, Deleted: p.Deleted, By: p.Sender.person(),
	}
	if e.Before, err = sha(p.Before); err != nil {
		return nil, err
	}
	if e.After, err = sha(p.After); err != nil {
		return nil, err
	}
	if p.Head != nil {
		e.At = p.Head.Timestamp.Time
	}
	e.Commits, e.Paths = commits(p.Commits)
	return e, nil
}

func commits(pushed []wirePushed) (list []bot.Commit, paths []string) {
	seen := map[string]bool{}
	for _, c := range pushed {
		list = append(list, bot.Commit{
			SHA: bot.SHA(c.ID), Tree: c.Tree, Title: title(c.Message),
			Author: bot.Login(c.Author.Username), Authored: c.Timestamp.Time,
		})
		for _, p := range slices.Concat(c.Added, c.Removed, c.Modified) {
			if !seen[p] {
				seen[p], paths = true, append(paths, p)
			}
		}
	}
	return list, paths
}

// title is the first line of a message.
func title(message string) string {
	line, _, _ := strings.Cut(message, "\n")
	return strings.TrimSpace(line)
}
