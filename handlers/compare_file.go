package handlers

import (
	"bytes"
	"context"
	"errors"

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
	for _, branch := range c.defaultBranches() {
		head, err := c.GitHub.Head(ctx, c.doc.Repo, branch)
		if errors.Is(err, bot.ErrNotFound) {
			continue
		}
		if err == nil {
			c.saw("file/"+string(head), known.V, bot.Pushed{Repo: c.doc.Repo, Branch: branch, Default: true, After: head, Paths: []string{ConfigPath}})
		}
		return err
	}
	return nil
}

// defaultBranches is the one that changes name; before the first of them, those
// that it is called by custom.
func (c *comparison) defaultBranches() []string {
	for _, doc := range c.open {
		if doc.Change.Default != "" {
			return []string{doc.Change.Default}
		}
	}
	return []string{"main", "master"}
}
