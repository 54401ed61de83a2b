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

// attributesDoc are the .gitattributes of a branch: read at its tip, and by its
// pushes still the same.
type attributesDoc struct {
	bot.Version
	Repo   bot.RepoRef          `json:"repo"`
	Branch string               `json:"branch"`
	Tip    bot.SHA              `json:"tip,omitempty"` // empty: GitHub is asked where the branch is
	Heads  []bot.SHA            `json:"heads"`         // what the branch had by then, oldest first
	Stale  bool                 `json:"stale,omitempty"`
	Files  []bot.AttributesFile `json:"files,omitempty"`
	At     time.Time            `json:"at"`            // when they were read
	Why    string               `json:"why,omitempty"` // they could not be
}

func attributesKey(repo bot.RepoRef, branch string) string {
	return "attributes/" + repo.Key() + "/" + branch
}

func (d attributesDoc) DocKey() string { return attributesKey(d.Repo, d.Branch) }

const (
	rememberHeads  = 100            // of a branch; for a change that began before them GitHub is asked where it is
	attributesLast = 24 * time.Hour // then they are read again: a push may have been lost
)

// attributesNow are those of the branch that a change goes to, as it is now and
// not as it was when the change began. Pushes name what they touch, so that
// GitHub is asked once, and again after a push that touched one.
func (h *Handlers) attributesNow(ctx context.Context, c bot.Change, now time.Time, plan *bot.Plan) (d attributesDoc, err error) {
	d, known, err := h.attributesOf(ctx, c.Ref.Repo, c.BaseRef, *plan)
	if err != nil {
		return d, err
	}
	plan.See(d.DocKey(), d.V)
	if !known && c.Opened.Equal(c.Updated) { // it was just opened: its base is the tip
		d.Tip, d.Heads, d.At = c.Base, []bot.SHA{c.Base}, now
	}
	hold, fresh := known && !d.Stale && slices.Contains(d.Heads, c.Base), now.Sub(d.At) < attributesLast
	if hold && fresh {
		return d, nil
	}
	read, err := h.readAttributes(ctx, d, c.Base, fresh && slices.Contains(d.Heads, c.Base), now)
	switch {
	case err == nil:
		plan.Keep(read)
	case hold:
		return d, nil // as far as pushes say, they are the same
	}
	return read, err
}

// has notes that the branch had a commit.
func (d *attributesDoc) has(sha bot.SHA) {
	if !slices.Contains(d.Heads, sha) {
		d.Heads = append(d.Heads[max(0, len(d.Heads)-rememberHeads+1):], sha)
	}
}

// rules with what the attributes say. Where they could not be read, why says so,
// and the rules are blind.
func (d attributesDoc) rules(r lines.Rules) (_ lines.Rules, why string) {
	if d.Why != "" {
		return r.Blind(), d.Why
	}
	texts := map[string]string{}
	for _, f := range d.Files {
		texts[f.Path] = f.Text
	}
	var err error
	if r.Attributes, err = lines.ReadAttributes(texts); err != nil {
		return r.Blind(), err.Error()
	}
	return r, ""
}

// name tells these attributes from others.
func (d attributesDoc) name() string {
	name := d.Why
	for _, f := range d.Files {
		name += "\n" + f.Path + " " + f.ID
	}
	return name
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

// readAttributes asks for those of the tip, and where that is unless we know it;
// of what did not change, only for its name. The branch had base by then.
func (h *Handlers) readAttributes(ctx context.Context, d attributesDoc, base bot.SHA, knowsTip bool, now time.Time) (_ attributesDoc, err error) {
	if !knowsTip || d.Tip == "" {
		if d.Tip, err = h.GitHub.Head(ctx, d.Repo, d.Branch); err != nil {
			return d, err
		}
	}
	d.has(base)
	files, err := h.GitHub.Attributes(ctx, d.Repo, d.Tip, d.Files)
	var never bot.Permanent
	switch {
	case errors.As(err, &never):
		d.Why = never.Error()
	case err != nil:
		return d, err
	default:
		d.Files, d.Why = files, ""
	}
	d.has(d.Tip)
	d.Stale, d.At = false, now
	return d, nil
}

// attributesPushed notes that a branch's new head has the .gitattributes of the
// one before, by what the push says that it touched. Where it may have others,
// the open changes towards it are judged again, which has them read.
func (h *Handlers) attributesPushed(ctx context.Context, d bot.Delivery[bot.Pushed]) (plan bot.Plan, err error) {
	e := d.Event
	doc, known, err := h.attributesOf(ctx, e.Repo, e.Branch, plan)
	if err != nil || !known || e.Deleted || slices.Contains(doc.Heads, e.After) && !e.Forced {
		return plan, err
	}
	next := e.Before == doc.Tip && !e.Forced // else one before it was lost, or is on its way
	touched := len(e.Commits) >= mostListed || slices.ContainsFunc(e.Paths, func(p string) bool { return pathpkg.Base(p) == attributesPath })
	doc.Tip = e.After
	if !next {
		doc.Tip = ""
	}
	doc.has(e.After)
	if touched || !next {
		doc.Stale = true
		rejudge(bot.JudgeAllDue{Repo: e.Repo, Base: e.Branch, Why: "attributes/" + d.ID}, d.At, &plan)
	}
	plan.Keep(doc)
	return plan, nil
}

// mostListed is how many commits of a push GitHub names.
const mostListed = 2048
