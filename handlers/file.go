package handlers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// FileCheck is the check run that says whether a repository's file is right:
// on the commits of the default branch that touch it or leave it wrong, and
// on changes that edit it.
const FileCheck = "roundtrip / config"

// branchDoc is what we know of a branch: the changes that come from it, and
// the last push to it that touched the file. A push names its paths, so that
// no change has to be asked for them. Whatever learns of a change and whatever
// learns of a push both save it, so that one of the two sees the other.
type branchDoc struct {
	bot.Version
	Repo    bot.RepoRef `json:"repo"`
	Branch  string      `json:"branch"`
	Changes []int       `json:"changes,omitempty"`
	Touched bot.SHA     `json:"touched,omitempty"` // empty: the file is as it is elsewhere
}

// rememberChanges of a branch, the newest: a branch that always comes back,
// as develop, has few of them open.
const rememberChanges = 20

func (d branchDoc) DocKey() string { return "branch/" + d.Repo.Key() + "/" + d.Branch }

func (h *Handlers) branch(ctx context.Context, repo bot.RepoRef, name string) (branchDoc, error) {
	d := branchDoc{Repo: repo, Branch: name}
	_, err := h.Store.Doc(ctx, d.DocKey(), &d)
	return d, err
}

// filePushed notes that a push to a branch touched the file, and has changes
// from there that are at its commit already judged again. On the default
// branch, every commit that leaves the file wrong says so.
func (h *Handlers) filePushed(ctx context.Context, d bot.Delivery[bot.Pushed]) (plan bot.Plan, err error) {
	e := d.Event
	touches := slices.Contains(e.Paths, ConfigPath)
	switch {
	case e.Default && !e.Deleted && !touches && !e.Forced:
		return h.stillWrong(ctx, e)
	case e.Default, !touches && !e.Deleted:
		return plan, nil
	}
	b, err := h.branch(ctx, e.Repo, e.Branch)
	if err != nil || e.Deleted && b.Touched == "" {
		return plan, err
	}
	b.Touched = e.After
	if e.Deleted {
		b.Touched, b.Changes = "", nil
	}
	plan.Keep(b)
	for _, n := range b.Changes {
		doc, known, err := h.change(ctx, bot.ChangeRef{Repo: e.Repo, Number: n})
		if err != nil {
			return plan, err
		}
		if known && doc.Change.Open && doc.Change.Head == e.After {
			plan.Wake(bot.Timer{ID: "judge/file/" + d.ID + "/" + doc.Change.Ref.Key(), At: d.At, Event: bot.JudgeDue{Ref: doc.Change.Ref, Why: "file/" + d.ID}})
		}
	}
	return plan, nil
}

func (h *Handlers) stillWrong(ctx context.Context, e bot.Pushed) (plan bot.Plan, err error) {
	var file settingsDoc
	if _, err := h.Store.Doc(ctx, settingsKey(e.Repo), &file); err != nil || len(file.Mistakes) == 0 {
		return plan, err
	}
	plan.Do(fileCheck(e.Repo, e.After, "", inForceFile(file), ""))
	return plan, nil
}

// judgeFile shows on a change whether the file that it brings is right. Only
// where a push touched it do we look, once for each new head; of a fork we
// hear no pushes and look where the repository has a file that could be
// edited. What is as on the default branch is no edit.
func (h *Handlers) judgeFile(ctx context.Context, c bot.Change, now time.Time, again string, plan *bot.Plan) error {
	if !c.Open || c.Default != "" && c.BaseRef != c.Default {
		return nil
	}
	b, err := h.comesFrom(ctx, c, plan)
	if err != nil || b.Touched == "" && !c.Fork() {
		return err
	}
	ours, err := h.fileOf(ctx, c.Ref.Repo, now, plan)
	if err != nil || c.Fork() && ours.Missing {
		return err
	}
	text, err := h.GitHub.FileAt(ctx, c.Ref.Repo, ConfigPath, c.Head)
	if errors.Is(err, bot.ErrNotFound) || err == nil && !ours.Missing && bytes.Equal(text, ours.Text) {
		if b.Touched == c.Head {
			b.Touched = ""
			plan.Keep(b)
		}
		return nil
	}
	mistakes, err := h.mistakes(text, err)
	if err != nil {
		return fmt.Errorf("read %s of %s: %w", ConfigPath, c.Ref, err)
	}
	plan.Do(fileCheck(c.Ref.Repo, c.Head, c.BaseRef, brought(mistakes, ours), again))
	return nil
}

// recheckFile judges the file of a commit that is no change's head, for who
// pressed re-run on its check. What the file says there need not be in force:
// the default branch may have moved on.
func (h *Handlers) recheckFile(ctx context.Context, d bot.Delivery[bot.RecheckAsked], plan *bot.Plan) error {
	repo, sha := d.Event.Repo, d.Event.SHA
	ours, err := h.fileOf(ctx, repo, d.At, plan)
	if err != nil {
		return err
	}
	text, err := h.GitHub.FileAt(ctx, repo, ConfigPath, sha)
	if errors.Is(err, bot.ErrNotFound) {
		return nil // it has no file, and so no check of it
	}
	old := err != nil || ours.Missing || !bytes.Equal(text, ours.Text)
	mistakes, err := h.mistakes(text, err)
	if err != nil {
		return fmt.Errorf("read %s at %s of %s: %w", ConfigPath, sha.Short(), repo.Name, err)
	}
	f := brought(mistakes, ours)
	f.Old = old
	plan.Do(fileCheck(repo, sha, "", f, d.ID))
	return nil
}

// comesFrom remembers from which branch a change comes.
func (h *Handlers) comesFrom(ctx context.Context, c bot.Change, plan *bot.Plan) (branchDoc, error) {
	if c.Fork() {
		return branchDoc{}, nil
	}
	b, err := h.branch(ctx, c.Ref.Repo, c.HeadRef)
	if err == nil && !slices.Contains(b.Changes, c.Ref.Number) {
		b.Changes = append(b.Changes[max(0, len(b.Changes)-rememberChanges+1):], c.Ref.Number)
		plan.Keep(b)
	}
	return b, err
}

// fileOf is the file of the default branch as last read.
func (h *Handlers) fileOf(ctx context.Context, repo bot.RepoRef, now time.Time, plan *bot.Plan) (d settingsDoc, err error) {
	if _, _, err := h.settings(ctx, repo, now, plan); err != nil {
		return d, err
	}
	for _, doc := range plan.Docs {
		if kept, ok := doc.(settingsDoc); ok && kept.Repo.ID == repo.ID {
			return kept, nil
		}
	}
	_, err = h.Store.Doc(ctx, settingsKey(repo), &d)
	return d, err
}

// asksForFile reports whether a reason to judge a change again is about the
// file: an edit of it there, or another one on the default branch.
func asksForFile(why string) bool {
	return strings.HasPrefix(why, "file/") || strings.HasPrefix(why, "settings/")
}

// brought is the file of a commit beside the one in force.
func brought(mistakes []bot.Mistake, ours settingsDoc) words.File {
	return words.File{Path: ConfigPath, Mistakes: written(mistakes), Notes: words.Notes(mistakes), HasGood: ours.HasGood}
}

func inForceFile(d settingsDoc) words.File {
	return words.File{Path: ConfigPath, Mistakes: d.Mistakes, Notes: d.Notes, HasGood: d.HasGood}
}

// fileCheck is the verdict on a commit; base is where a change would take it,
// empty when it is in force there.
func fileCheck(repo bot.RepoRef, sha bot.SHA, base string, f words.File, again string) bot.SetCheck {
	c := bot.SetCheck{Repo: repo, SHA: sha, Name: FileCheck, Status: bot.Completed, Conclusion: bot.Success, Notes: f.Notes, Again: again}
	if len(f.Mistakes) > 0 {
		c.Conclusion = bot.Failure
	}
	f.Base = base
	c.Title, c.Summary = f.Verdict()
	return c
}
