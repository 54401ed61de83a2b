package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// revertLimit: what came to the branch longer ago is not taken back by us;
// too much may stand on it.
const revertLimit = 24 * time.Hour

// takeable says why a change is not what one pull request could take back to
// make a branch green; nil when it is. It asks nobody.
func takeable(b policies.Build, c bot.Change) error {
	sha, _, known := b.Culprit()
	switch {
	case !known:
		return bot.Refusal{
			Message: fmt.Sprintf("which change broke %s is not certain: it did not come alone, or another commit lies on top", words.Code(b.Branch)),
			Advice:  "Push a repair, or revert by hand what fails.",
		}
	case !c.Merged || c.MergeSHA != sha:
		return bot.Refusal{
			Message: fmt.Sprintf("%s broke with %s, which I know of no pull request for", b.Branch, sha.Short()),
			Advice:  fmt.Sprintf("git revert %s, as a pull request.", sha.Short()),
		}
	case strings.HasPrefix(c.Title, "Revert \"") || reverts(c) > 0:
		return bot.Refusal{Message: fmt.Sprintf("#%d is a revert itself, and those are not reverted by a button", c.Ref.Number), Advice: "Push a repair."}
	case b.Since.Sub(c.MergedAt) > revertLimit:
		return tooOld(c)
	}
	return nil
}

func tooOld(c bot.Change) error {
	return bot.Refusal{Message: fmt.Sprintf("#%d was merged more than %s ago, and too much may stand on it", c.Ref.Number, words.For(revertLimit)), Advice: "Push a repair."}
}

// revertButton is on an incident while one pull request can take back what it
// began with, and nobody has asked for that.
func revertButton(b policies.Build, c bot.Change) []bot.Button {
	i := slices.IndexFunc(buttons(), func(x Button) bool { return x.Verb == "revert" })
	if i < 0 || b.Revert != nil || takeable(b, c) != nil {
		return nil
	}
	x := buttons()[i]
	return []bot.Button{{Verb: x.Verb, Label: x.Label, Confirm: x.Confirm, Value: incidentValue(b)}}
}

// pressRevert opens the revert of what the incident began with.
func (h *Handlers) pressRevert(ctx context.Context, p *pressed) error {
	b, err := h.pressedIncident(ctx, p)
	if err != nil {
		return err
	}
	_, err = h.revert(ctx, &p.asked, b, 0)
	return err
}

// mainRevert is pressRevert by command.
func (h *Handlers) mainRevert(ctx context.Context, a *asked) error {
	number := 0
	if a.d.Event.From == bot.FromSlack {
		number = a.ref.Number // chat takes "#12" out of the words
	}
	for _, arg := range a.args[1:] {
		n, ok := numberOf(arg, a.repo)
		if !ok || number > 0 {
			return bot.Refusal{Message: "say which change is to be taken back, or nothing for what the branch broke with", Advice: "/main revert #12"}
		}
		number = n
	}
	b, err := h.redBranch(ctx, a.repo, "")
	if err != nil {
		return err
	}
	c, err := h.revert(ctx, a, b, number)
	if err != nil {
		return err
	}
	a.answer = fmt.Sprintf("↩ GitHub is asked for a revert of #%d; the pull request opens in a moment.\n", c.Ref.Number)
	return nil
}

// revert asks for the pull request that takes back what a branch broke with,
// for whoever asks, as things are now.
func (h *Handlers) revert(ctx context.Context, a *asked, b policies.Build, number int) (c bot.Change, err error) {
	if err := h.authorize(ctx, a.by, "revert", target{repo: b.Repo}); err != nil {
		return c, err
	}
	if c, err = h.brokeWith(ctx, b); err != nil {
		return c, err
	}
	if err := takeable(b, c); err != nil {
		return c, err
	}
	if number > 0 && number != c.Ref.Number {
		return c, bot.Refusal{Message: fmt.Sprintf("%s broke with #%d, not with #%d", b.Branch, c.Ref.Number, number), Advice: fmt.Sprintf("/main revert #%d", c.Ref.Number)}
	}
	if a.d.At.Sub(c.MergedAt) > revertLimit {
		return c, tooOld(c)
	}
	merge, err := h.standsAlone(ctx, b, c)
	if err != nil {
		return c, err
	}
	why := b.Why()
	b.Revert = &policies.Revert{Number: c.Ref.Number, By: a.by, At: a.d.At, Merge: merge}
	a.plan.Keep(b)
	a.plan.Learn(bot.NewFact("main.revert_asked", b.Repo, b.Branch, a.d.At, map[string]any{"number": b.Number, "change": c.Ref.Number, "sha": c.MergeSHA}).Asked(a.by))
	a.plan.Answer(bot.OpenRevert{
		Ref: c.Ref, Branch: b.Branch, SHA: c.MergeSHA, Title: fmt.Sprintf("Revert \"%s\"", c.Title), Body: words.RevertBody(c.Ref, b.Branch, why, a.by),
	})
	return c, h.showIncident(ctx, a.settings, b, a.plan)
}

// brokeWith is the change that a branch broke with; zero when none is known.
func (h *Handlers) brokeWith(ctx context.Context, b policies.Build) (bot.Change, error) {
	if len(b.Causes) == 0 {
		return bot.Change{}, nil
	}
	var head headDoc
	found, err := h.Store.Doc(ctx, headKey(b.Repo, b.Causes[0].SHA), &head)
	if err != nil || !found {
		return bot.Change{}, err
	}
	doc, _, err := h.change(ctx, bot.ChangeRef{Repo: b.Repo, Number: head.Number})
	return doc.Change, err
}

// standsAlone asks GitHub what the press cannot know: that no revert is there
// or on its way, that the change's commit is still the newest, and that it
// came alone. It says whether that commit is a merge.
func (h *Handlers) standsAlone(ctx context.Context, b policies.Build, c bot.Change) (merge bool, err error) {
	if r := b.Revert; r != nil {
		return false, alreadyAsked(*r)
	}
	head, err := h.GitHub.Head(ctx, b.Repo, b.Branch)
	if err != nil {
		return false, err
	}
	if head != c.MergeSHA {
		return false, bot.Refusal{
			Message: fmt.Sprintf("another commit, %s, lies on top of #%d by now: a revert would not bring back what was there before", head.Short(), c.Ref.Number),
			Advice:  "Wait for its checks, or push a repair.",
		}
	}
	open, err := h.GitHub.OpenChanges(ctx, b.Repo, b.Branch)
	if err != nil {
		return false, err
	}
	for _, o := range open {
		if takesBack(o, c.Ref.Number) {
			return false, bot.Refusal{Message: fmt.Sprintf("#%d takes #%d back already", o.Ref.Number, c.Ref.Number), Advice: fmt.Sprintf("Merge #%d.", o.Ref.Number)}
		}
	}
	return h.cameAlone(ctx, b, c)
}

func alreadyAsked(r policies.Revert) error {
	if r.Opened > 0 {
		return bot.Refusal{Message: fmt.Sprintf("#%d takes #%d back already", r.Opened, r.Number), Advice: fmt.Sprintf("Merge #%d.", r.Opened)}
	}
	return bot.Refusal{Message: fmt.Sprintf("%s asked for a revert of #%d at %s", r.By.Name(), r.Number, words.Clock(r.At)), Advice: "It is on its way; look at the channel."}
}

// cameAlone sees that the push which broke the branch brought no other change.
func (h *Handlers) cameAlone(ctx context.Context, b policies.Build, c bot.Change) (merge bool, err error) {
	_, before, _ := b.Culprit()
	commits, err := h.GitHub.Compare(ctx, b.Repo, before, c.MergeSHA)
	if err != nil {
		return false, err
	}
	for _, k := range commits {
		if k.SHA == c.MergeSHA {
			merge = k.Parents > 1
			continue
		}
		other, known, err := h.mergedAs(ctx, b.Repo, k.SHA)
		if err != nil {
			return false, err
		}
		if known && other.Ref.Number != c.Ref.Number {
			return false, bot.Refusal{Message: fmt.Sprintf("#%d came to %s together with #%d, and either may have broken it", other.Ref.Number, b.Branch, c.Ref.Number), Advice: "Push a repair, or revert by hand what fails."}
		}
	}
	return merge, nil
}

// mergedAs finds the change that was merged as a commit.
func (h *Handlers) mergedAs(ctx context.Context, repo bot.RepoRef, sha bot.SHA) (bot.Change, bool, error) {
	var head headDoc
	found, err := h.Store.Doc(ctx, headKey(repo, sha), &head)
	if err != nil || !found {
		return bot.Change{}, false, err
	}
	doc, known, err := h.change(ctx, bot.ChangeRef{Repo: repo, Number: head.Number})
	return doc.Change, known && doc.Change.MergeSHA == sha, err
}

// takesBack reports whether a change is the revert of another, as GitHub makes
// them: on a branch of the repository's own, which only those can push to who
// may write. A text alone says nothing.
func takesBack(c bot.Change, number int) bool {
	return !c.Fork() && strings.HasPrefix(c.HeadRef, fmt.Sprintf("revert-%d-", number))
}

// noteRevert tells the incident of a branch when a pull request takes back
// what it broke with, whoever opened it, and when that is given up.
func (h *Handlers) noteRevert(ctx context.Context, c bot.Change, now time.Time, plan *bot.Plan) error {
	b, err := h.buildSeen(ctx, c.Ref.Repo, c.BaseRef, plan)
	if err != nil || b.Health != policies.Red {
		return err
	}
	broke, err := h.brokeWith(ctx, b)
	if err != nil || broke.Ref.IsZero() || !takesBack(c, broke.Ref.Number) {
		return err
	}
	had := b.Revert
	switch {
	case c.Open && (had == nil || had.Opened == 0):
		b.Revert = &policies.Revert{Number: broke.Ref.Number, Opened: c.Ref.Number}
		if had != nil {
			b.Revert.By, b.Revert.At, b.Revert.Merge = had.By, had.At, had.Merge
		}
	case !c.Open && !c.Merged && had != nil && had.Opened == c.Ref.Number:
		b.Revert = nil
	default:
		return nil
	}
	plan.Keep(b)
	s, _, err := h.settings(ctx, b.Repo, now, plan)
	if err != nil {
		return err
	}
	if b.Revert == nil {
		return h.showIncident(ctx, s, b, plan)
	}
	plan.Learn(bot.NewFact("main.revert_opened", b.Repo, b.Branch, now, map[string]any{"number": b.Number, "change": broke.Ref.Number, "revert": c.Ref.Number}))
	incident, err := h.incident(ctx, b)
	if err != nil {
		return err
	}
	h.tellMain(s, b, fmt.Sprintf("revert/%d", c.Ref.Number), incident.RevertOpened(), nil, plan)
	return h.showIncident(ctx, s, b, plan)
}

// treeOfRevert names the files of a change that takes back what its branch
// broke with; empty for any other. It costs one request, on red branches.
func (h *Handlers) treeOfRevert(ctx context.Context, c bot.Change, plan *bot.Plan) (string, error) {
	b, err := h.buildSeen(ctx, c.Ref.Repo, c.BaseRef, plan)
	if err != nil {
		return "", err
	}
	_, before, known := b.Culprit()
	if !known {
		return "", nil
	}
	broke, err := h.brokeWith(ctx, b)
	if err != nil || broke.Ref.IsZero() || !takesBack(c, broke.Ref.Number) {
		return "", err
	}
	commits, err := h.GitHub.Compare(ctx, b.Repo, before, c.Head)
	return treeOf(commits, c.Head), err
}

// showIncident brings the incident's one message up to date.
func (h *Handlers) showIncident(ctx context.Context, s Settings, b policies.Build, plan *bot.Plan) error {
	incident, err := h.incident(ctx, b)
	if err != nil {
		return err
	}
	text, blocks := incident.Broke()
	h.tellMain(s, b, "", text, blocks, plan)
	return nil
}

// revertSettled says how to do by hand what GitHub would not do for us. What
// it did needs no words here: the pull request tells of itself.
func (h *Handlers) revertSettled(ctx context.Context, d bot.Delivery[bot.RevertSettled]) (plan bot.Plan, err error) {
	e := d.Event
	b, err := h.build(ctx, e.Ref.Repo, e.Branch)
	if err != nil || e.Outcome == bot.Done || b.Revert == nil || b.Revert.Number != e.Ref.Number || b.Revert.Opened > 0 {
		return plan, err
	}
	s, _, err := h.settings(ctx, b.Repo, d.At, &plan)
	if err != nil {
		return plan, err
	}
	by := words.RevertByHand{Change: e.Ref, Branch: e.Branch, SHA: e.SHA, Merge: b.Revert.Merge, Why: e.Detail}
	plan.Learn(bot.NewFact("main.revert_failed", b.Repo, b.Branch, d.At, map[string]any{"number": b.Number, "change": e.Ref.Number, "why": clip(e.Detail, 300)}).Asked(b.Revert.By))
	b.Revert = nil
	plan.Keep(b)
	plan.Answer(bot.KeepComment{Ref: e.Ref, Place: "revert/" + e.Branch, Body: by.Comment()})
	if b.Health != policies.Red {
		return plan, nil
	}
	text, blocks := by.Chat()
	h.tellMain(s, b, "revert/failed/"+d.At.Format(time.RFC3339), text, blocks, &plan)
	err = h.showIncident(ctx, s, b, &plan)
	return plan, err
}

// numberOf reads "#12" or "acme/shop#12" of this repository.
func numberOf(arg string, repo bot.RepoRef) (int, bool) {
	m := changeName.FindStringSubmatch(arg)
	if m == nil || m[1] != "" && !strings.EqualFold(m[1], string(repo.Name)) {
		return 0, false
	}
	n := 0
	_, err := fmt.Sscan(m[2], &n)
	return n, err == nil && n > 0
}
