package handlers

import (
	"context"
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies/split"
)

// split proposes in which parts a change could come. Nothing is pushed.
func (h *Handlers) split(ctx context.Context, a *asked) error {
	doc, err := h.openChange(ctx, a)
	if err != nil {
		return err
	}
	if err := h.mayAsk(ctx, a, doc); err != nil {
		return err
	}
	c, s := doc.Change, a.settings.Policies.Batch
	most := s.Lines.Block
	if most == 0 {
		most = s.Lines.Warn
	}
	files, ok, err := h.GitHub.ChangedFiles(ctx, c.Ref, c.Head, c.Lines())
	if err != nil {
		return err
	}
	if !ok || most == 0 {
		return bot.Refusal{Message: fmt.Sprintf("`/split` needs a limit and the files of #%d, and GitHub did not list them for %s", c.Ref.Number, c.Head.Short()), Advice: "/split"}
	}
	attributes, err := h.attributesNow(ctx, c, a.d.At, a.plan)
	if err != nil {
		return err
	}
	rules, _ := attributes.rules(s.Rules())
	commits, err := h.commitsOf(ctx, c)
	if err != nil {
		return err
	}
	parts, why := split.Plan(split.Change{Files: files, Commits: commits, Rules: rules, Most: most})
	switch {
	case why != "":
		return bot.Refusal{Message: fmt.Sprintf("#%d cannot be split into parts of %d lines, which is the limit: %s", c.Ref.Number, most, words.Code(why)), Advice: "/override batch reason"}
	case len(parts) < 2:
		return bot.Refusal{Message: fmt.Sprintf("#%d is within the limit of %d lines: there is no need to split it", c.Ref.Number, most), Advice: "/status"}
	}
	a.answer = words.Split(c.Ref, c.Head, c.BaseRef, most, inWords(parts))
	return nil
}

// mostCommits of a change are read for a plan.
const mostCommits = 20

// commitsOf a change with their files, the oldest first; none where they are
// one, too many, merges, or not all of their lines are shown: then it is taken
// apart by its files.
func (h *Handlers) commitsOf(ctx context.Context, c bot.Change) (list []split.Commit, err error) {
	commits, err := h.GitHub.Compare(ctx, c.Ref.Repo, c.Base, c.Head)
	if err != nil {
		return nil, err
	}
	if n := len(commits); n < 2 || n > mostCommits || commits[n-1].SHA != c.Head {
		return nil, nil
	}
	for _, commit := range commits {
		if commit.Parents != 1 {
			return nil, nil
		}
		files, whole, err := h.GitHub.CommitFiles(ctx, c.Ref.Repo, commit.SHA)
		if err != nil || !whole {
			return nil, err
		}
		list = append(list, split.Commit{SHA: commit.SHA, Title: commit.Title, Files: files})
	}
	return list, nil
}

// mayAsk lets those ask who may write, and who wrote the change.
func (h *Handlers) mayAsk(ctx context.Context, a *asked, doc changeDoc) error {
	if !a.by.Bot && a.by.Login != "" && a.by.Login == doc.Change.Author {
		return nil
	}
	return h.authorize(ctx, a.by, a.cmd.Verb, target{repo: a.repo})
}

// inWords is a plan for people; of a file that the change makes, each piece has
// all the lines before it, too.
func inWords(parts []split.Part) (list []words.SplitPart) {
	made := map[string]bool{}
	for _, p := range parts {
		part := words.SplitPart{Lines: p.Lines}
		for _, c := range p.Commits {
			part.Commits = append(part.Commits, words.SplitCommit{SHA: c.SHA, Title: c.Title})
		}
		for _, f := range p.Pieces {
			made[f.Path] = made[f.Path] || f.Status == "added"
			part.Files = append(part.Files, words.SplitFile{
				Path: f.Path, Was: f.Previous, From: f.From, To: f.To, New: made[f.Path],
				Gone: f.Status == bot.Removed, Moved: f.Previous != "" && f.Lines() == 0,
			})
		}
		list = append(list, part)
	}
	return list
}
