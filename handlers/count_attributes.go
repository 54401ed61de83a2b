package handlers

import (
	"context"
	"errors"
	pathpkg "path"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
)

// attributesPath is what a .gitattributes is called, in any directory.
const attributesPath = ".gitattributes"

// attributesDoc are the .gitattributes of a branch: read at one of its commits,
// and by its pushes the same at others.
type attributesDoc struct {
	bot.Version
	Repo   bot.RepoRef          `json:"repo"`
	Branch string               `json:"branch"`
	Heads  []bot.SHA            `json:"heads"` // where they are so, oldest first
	Files  []bot.AttributesFile `json:"files,omitempty"`
	At     time.Time            `json:"at"`            // when they were read
	Why    string               `json:"why,omitempty"` // they could not be
}

func attributesKey(repo bot.RepoRef, branch string) string {
	return "attributes/" + repo.Key() + "/" + branch
}

func (d attributesDoc) DocKey() string { return attributesKey(d.Repo, d.Branch) }

const (
	rememberHeads  = 100            // of a branch; a change that began before them has its base read
	attributesLast = 24 * time.Hour // then they are read again: a push may have been lost
)

// byAttributes adds to the rules what the .gitattributes of a change's base
// say. Pushes name what they touch, so that GitHub is asked once, and again
// after a push that touched one. Where they cannot be read, why says so, and
// the rules are blind.
func (h *Handlers) byAttributes(ctx context.Context, c bot.Change, r lines.Rules, now time.Time, plan *bot.Plan) (_ lines.Rules, why string, err error) {
	d, known, err := h.attributesOf(ctx, c.Ref.Repo, c.BaseRef, *plan)
	if err != nil {
		return r, "", err
	}
	if !known || !slices.Contains(d.Heads, c.Base) || now.Sub(d.At) >= attributesLast {
		if d, err = h.readAttributes(ctx, d, c.Base, now); err != nil {
			return r, "", err
		}
		plan.Keep(d)
	}
	if d.Why != "" {
		return r.Blind(), d.Why, nil
	}
	texts := map[string]string{}
	for _, f := range d.Files {
		texts[f.Path] = f.Text
	}
	if r.Attributes, err = lines.ReadAttributes(texts); err != nil {
		return r.Blind(), err.Error(), nil //nolint:nilerr // people are told
	}
	return r, "", nil
}

// attributesOf a branch as last read, also if that is about to be kept.
func (h *Handlers) attributesOf(ctx context.Context, repo bot.RepoRef, branch string, plan bot.Plan) (d attributesDoc, known bool, err error) {
	for _, doc := range plan.Docs {
		if kept, ok := doc.(attributesDoc); ok && kept.DocKey() == attributesKey(repo, branch) {
			return kept, true, nil
		}
	}
	d = attributesDoc{Repo: repo, Branch: branch}
	known, err = h.Store.Doc(ctx, d.DocKey(), &d)
	return d, known, err
}

// readAttributes asks for those of a commit; of what did not change, only for
// its name.
func (h *Handlers) readAttributes(ctx context.Context, d attributesDoc, at bot.SHA, now time.Time) (attributesDoc, error) {
	files, err := h.GitHub.Attributes(ctx, d.Repo, at, d.Files)
	var never bot.Permanent
	switch {
	case errors.As(err, &never):
		d.Why = never.Error()
	case err != nil:
		return d, err
	default:
		d.Files, d.Why = files, ""
	}
	d.Heads, d.At = []bot.SHA{at}, now
	return d, nil
}

// attributesPushed notes that a branch's new head has the .gitattributes of the
// one before, by what the push says that it touched.
func (h *Handlers) attributesPushed(ctx context.Context, d bot.Delivery[bot.Pushed]) (plan bot.Plan, err error) {
	e := d.Event
	doc, known, err := h.attributesOf(ctx, e.Repo, e.Branch, plan)
	if err != nil || !known || e.Deleted || e.Forced || !slices.Contains(doc.Heads, e.Before) || slices.Contains(doc.Heads, e.After) {
		return plan, err
	}
	if len(e.Commits) >= mostListed || slices.ContainsFunc(e.Paths, func(p string) bool { return pathpkg.Base(p) == attributesPath }) {
		return plan, nil // a change towards it has them read
	}
	doc.Heads = append(doc.Heads[max(0, len(doc.Heads)-rememberHeads+1):], e.After)
	plan.Keep(doc)
	return plan, nil
}

// mostListed is how many commits of a push GitHub names.
const mostListed = 2048
