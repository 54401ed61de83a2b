package handlers

import (
	"bytes"
	"context"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// file compares the repository's file with the one that is in force: of a push
// that was lost and followed by another, no push tells any more.
func (c *comparison) file(ctx context.Context) error {
	var known settingsDoc
	found, err := c.Store.Doc(ctx, settingsKey(c.doc.Repo), &known)
	if err != nil || !found || !c.may(2) { // for it, and for the head that has it
		return err
	}
	fresh, err := c.readSettings(ctx, c.doc.Repo, known, c.now)
	if err != nil || fresh.Missing == known.Missing && bytes.Equal(fresh.Text, known.Text) && len(fresh.Mistakes) == len(known.Mistakes) {
		return err
	}
	branch, ok, err := c.defaultBranch(ctx)
	if err != nil || !ok {
		return err
	}
	head, err := c.GitHub.Head(ctx, c.doc.Repo, branch)
	if err == nil {
		c.saw("file/"+string(head), known.V, bot.Pushed{Repo: c.doc.Repo, Branch: branch, Default: true, After: head, Paths: []string{ConfigPath}})
	}
	return unlessGone(err) // of a repository without a commit
}

// defaultBranch is asked for once, when it matters: whoever renames it, or has
// a stray branch of the usual name, sends nothing that would say so. Not ok: no
// more may be asked.
func (c *comparison) defaultBranch(ctx context.Context) (name string, ok bool, err error) {
	if c.main == "" && c.mainErr == nil {
		if !c.may(1) {
			return "", false, nil
		}
		c.main, c.mainErr = c.GitHub.DefaultBranch(ctx, c.doc.Repo)
	}
	return c.main, c.mainErr == nil, c.mainErr
}
