package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// What is asked of GitHub every hour has bounds; whose turn it is then does not
// come is the first the next time.
const (
	mostCompared = 200              // repositories
	mostAsked    = 50               // requests for one, beside its list of open changes
	firstFetched = 20 * time.Second // what was sent is heard before we compare
	comparedOnce = 5 * time.Minute  // however often a process starts
	lineCompared = 2                // commits of a branch whose checks are looked at
)

// comparedDoc is where the next comparison of a repository begins, and what the
// last one met.
type comparedDoc struct {
	bot.Version
	Repo   bot.RepoRef `json:"repo"`
	After  int         `json:"after"`           // the change whose checks were looked at last
	Closed time.Time   `json:"closed,omitzero"` // of closed changes it is known what happened before, by GitHub's clock
	At     time.Time   `json:"at"`
	Seen   int         `json:"seen"` // events that were lost, ever
	// Told are heads of branches whose push was looked for, by branch.
	Told    map[string]bot.SHA `json:"told,omitempty"`
	Trouble string             `json:"trouble,omitempty"`
	Since   time.Time          `json:"since,omitzero"`
}

func comparedKey(repo bot.RepoRef) string { return "compared/" + repo.Key() }

func (d comparedDoc) DocKey() string { return comparedKey(d.Repo) }

// compareAll has the repositories that we know compared, those first that were
// not the last time.
func (h *Handlers) compareAll(ctx context.Context, doc *caughtUp, now time.Time, plan *bot.Plan) error {
	keys, err := h.Store.Keys(ctx, "settings/")
	if err != nil {
		return err
	}
	from, _ := slices.BinarySearch(keys, doc.Last+"\x00")
	keys = append(keys[from:len(keys):len(keys)], keys[:from]...)
	for _, key := range keys[:min(len(keys), mostCompared)] {
		var s settingsDoc
		if _, err := h.Store.Doc(ctx, key, &s); err != nil {
			return err
		}
		id := fmt.Sprintf("compare/%s/%s", now.UTC().Truncate(comparedOnce).Format(time.RFC3339), s.Repo.Key())
		plan.Wake(bot.Timer{ID: id, At: now.Add(firstFetched), Event: bot.CompareDue{Repo: s.Repo}})
		doc.Last = key
	}
	return nil
}

// compareDue looks at a repository as GitHub has it now. What differs from what
// we know becomes the event that we should have heard, and goes its usual way:
// there is one truth. What GitHub does not say now it is asked in an hour.
func (h *Handlers) compareDue(ctx context.Context, d bot.Delivery[bot.CompareDue]) (plan bot.Plan, err error) {
	c := comparison{Handlers: h, doc: comparedDoc{Repo: d.Event.Repo}, now: d.At, left: mostAsked, plan: &plan}
	if _, err := h.Store.Doc(ctx, c.doc.DocKey(), &c.doc); err != nil {
		return plan, err
	}
	err = c.all(ctx)
	c.doc.Repo, c.doc.At = d.Event.Repo, d.At // it may be called something else
	switch {
	case err == nil:
		c.doc.Trouble, c.doc.Since = "", time.Time{}
	case ctx.Err() != nil:
		return bot.Plan{}, err
	default:
		if c.doc.Trouble == "" {
			c.doc.Since = d.At
		}
		c.doc.Trouble = err.Error()
	}
	plan.Keep(c.doc)
	return plan, nil
}

// comparison of one repository, while it lasts.
type comparison struct {
	*Handlers
	doc  comparedDoc
	now  time.Time
	left int // requests that it may still make
	plan *bot.Plan
}

// all of it: what was merged comes before what it did to its branch, and that
// before the changes that are judged by it.
func (c *comparison) all(ctx context.Context) error {
	for _, part := range []func(context.Context) error{c.merges, c.branches, c.changes} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// may ask so many more requests.
func (c *comparison) may(requests int) bool {
	c.left -= requests
	return c.left >= 0
}

// saw an event that was not heard. What would change is told by the version of
// the document that it changes: the same is not told again while nothing comes
// of it.
func (c *comparison) saw(id string, version int, e bot.Event) {
	c.doc.Seen++
	c.plan.Wake(bot.Timer{ID: fmt.Sprintf("seen/%s/%s/%d", c.doc.Repo.Key(), id, version), At: c.now, Event: e})
}

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
	all, err := c.aimedAt(ctx)
	if err != nil {
		return err
	}
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
func (c *comparison) aimedAt(ctx context.Context) (branches []string, err error) {
	open, err := c.openChanges(ctx, c.doc.Repo, "")
	for _, doc := range open {
		branches = append(branches, doc.Change.BaseRef)
	}
	return branches, err
}

func (c *comparison) branch(ctx context.Context, b policies.Build) error {
	if len(b.Line) == 0 { // its checks will bring its head
		head, err := c.GitHub.Head(ctx, c.doc.Repo, b.Branch)
		if err != nil {
			return err
		}
		return c.checks(ctx, head, bot.CheckReported{Repo: c.doc.Repo, Branch: b.Branch})
	}
	pushes, err := c.GitHub.Pushes(ctx, c.doc.Repo, b.Branch, c.heardOf(b), ConfigPath)
	if err != nil {
		return err
	}
	c.may(len(pushes)) // each was compared with the one before
	commits := slices.Clone(b.Line[max(0, len(b.Line)-lineCompared):])
	for _, p := range pushes {
		p.Default = c.isDefault(ctx, b.Branch)
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

// heardOf is the newest commit of a branch whose push was heard. A check may have
// brought the head before that: then its files are not known. Once for each head
// its push is looked for, as some pushes bring no files.
func (c *comparison) heardOf(b policies.Build) bot.SHA {
	last := len(b.Line) - 1
	head := b.Line[last]
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

// isDefault: changes say which branch is the default one; before the first of
// them it is the one that every branch was made from.
func (c *comparison) isDefault(ctx context.Context, branch string) bool {
	open, err := c.openChanges(ctx, c.doc.Repo, "")
	for _, doc := range open {
		if doc.Change.Default != "" {
			return doc.Change.Default == branch
		}
	}
	return err == nil && (branch == "main" || branch == "master")
}

// checks on a commit that say more than those that we know.
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
	for _, run := range runs {
		if old, had := head.Runs[run.Name]; had && !run.Supersedes(old) {
			continue
		}
		as.Run = run
		c.saw(strings.Join([]string{"run", string(sha), fmt.Sprint(run.ID), run.Status, run.Conclusion}, "/"), head.V, as)
	}
	return nil
}
