package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// branches that are watched, and their checks.
func (c *comparison) branches(ctx context.Context) error {
	keys, err := c.Store.Keys(ctx, policies.BuildKey(c.doc.Repo, ""))
	if err != nil {
		return err
	}
	s, err := c.lastRead(ctx, c.doc.Repo)
	if err != nil {
		return err
	}
	c.green = s.Policies.Green
	all := c.aimedAt()
	for _, key := range keys {
		_, branch, _ := strings.Cut(key, policies.BuildKey(c.doc.Repo, ""))
		all = append(all, branch)
	}
	slices.Sort(all)
	for _, branch := range slices.Compact(all) {
		b, err := c.build(ctx, c.doc.Repo, branch)
		if err != nil {
			return err
		}
		if !s.Policies.Green.Watched(branch) || !c.may(2) { // for its head, and its pushes
			continue
		}
		if err := unlessGone(c.branch(ctx, b)); err != nil {
			return err
		}
	}
	return nil
}

// aimedAt are the branches that open changes go to: of one of them nothing may
// have been heard yet.
func (c *comparison) aimedAt() (branches []string) {
	for _, doc := range c.open {
		branches = append(branches, doc.Change.BaseRef)
	}
	return branches
}

func (c *comparison) branch(ctx context.Context, b policies.Build) error {
	if len(b.Line) == 0 { // its checks will bring its head
		head, err := c.GitHub.Head(ctx, c.doc.Repo, b.Branch)
		if err != nil {
			return err
		}
		return c.checks(ctx, head, bot.CheckReported{Repo: c.doc.Repo, Branch: b.Branch})
	}
	pushes, err := c.GitHub.Pushes(ctx, c.doc.Repo, b.Branch, c.heardOf(b), ConfigPath, attributesPath)
	if err != nil {
		return err
	}
	c.may(len(pushes)) // each was compared with the one before
	commits := slices.Clone(b.Line[c.since(b):])
	for _, p := range pushes {
		if slices.Contains(b.Line, p.After) && slices.Contains(b.Line, p.Before) && b.Trees[p.After] != "" {
			continue
		}
		main, ok, err := c.defaultBranch(ctx)
		if err != nil || !ok {
			return err
		}
		p.Default = b.Branch == main
		c.saw(fmt.Sprintf("push/%s/%s..%s", b.Branch, p.Before, p.After), b.V, p)
		commits = append(commits, p.After)
	}
	for _, sha := range commits {
		if err := c.checks(ctx, sha, bot.CheckReported{Repo: c.doc.Repo, Branch: b.Branch}); err != nil {
			return err
		}
	}
	return nil
}

// since is where on a branch's line the checks begin to be compared: at its last
// commits, and where it is red at the one with which that began, since a pass
// that was lost would mean that it began later.
func (c *comparison) since(b policies.Build) int {
	at := max(0, len(b.Line)-lineCompared)
	if b.Health == policies.Red {
		if began := slices.Index(b.Line, b.Causes[0].SHA); began >= 0 {
			at = min(at, max(began, len(b.Line)-redCompared))
		}
	}
	return at
}

// heardOf is the newest commit of a branch whose push was heard. A check may have
// brought the head before that: then its files are not known. Once for each head
// its push is looked for, as some pushes bring no files.
func (c *comparison) heardOf(b policies.Build) bot.SHA {
	last := len(b.Line) - 1
	head := b.Line[last]
	if at := c.since(b); at < last && b.Health == policies.Red { // of what came between, pushes may be lost
		return b.Line[at]
	}
	if b.Trees[head] != "" || last == 0 || c.doc.Told[b.Branch] == head {
		return head
	}
	told := map[string]bot.SHA{b.Branch: head}
	for branch, sha := range c.doc.Told {
		if branch != b.Branch {
			told[branch] = sha
		}
	}
	c.doc.Told = told
	return b.Line[last-1]
}

// decides reports whether a run tells how a branch is.
func (c *comparison) decides(b policies.Build, run bot.CheckRun) bool {
	return b.Branch != "" && run.Concluded() && c.green.Decides(b.Names, run.Name)
}

// checks on a commit that say more than those that we know: of a branch also
// what was heard before its commit was known to be one of the branch.
func (c *comparison) checks(ctx context.Context, sha bot.SHA, as bot.CheckReported) error {
	if !c.may(2) {
		return nil
	}
	runs, err := c.GitHub.Checks(ctx, c.doc.Repo, sha)
	if err != nil {
		return err
	}
	head, err := c.head(ctx, c.doc.Repo, sha)
	if err != nil {
		return err
	}
	b, err := c.build(ctx, c.doc.Repo, as.Branch)
	if err != nil {
		return err
	}
	for _, run := range runs {
		if old, had := head.Runs[run.Name]; had && !run.Supersedes(old) && (!c.decides(b, run) || b.Heard(run.Name, sha)) {
			continue
		}
		as.Run = run
		c.saw(strings.Join([]string{"run", string(sha), fmt.Sprint(run.ID), run.Status, run.Conclusion}, "/"), head.V, as)
	}
	return nil
}
