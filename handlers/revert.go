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
			Message: fmt.Sprintf("which change broke %s is not certain, and only one that is certain is reverted: it did not come alone, or another commit lies on top", words.Code(b.Branch)),
			Advice:  "Push a repair, or revert by hand what fails.",
		}
	case !c.Merged || c.MergeSHA != sha:
		return bot.Refusal{
			Message: fmt.Sprintf("%s broke with %s, which I know of no pull request for; I revert only those", b.Branch, sha.Short()),
			Advice:  fmt.Sprintf("Open a pull request with `git revert %s`.", sha.Short()),
		}
	case strings.HasPrefix(c.Title, "Revert \"") || reverts(c) > 0:
		return bot.Refusal{Message: fmt.Sprintf("#%d is a revert itself, and those are never reverted by a button", c.Ref.Number), Advice: "Push a repair."}
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
			return bot.Refusal{Message: "say which change is to be taken back, as in `#12`, or nothing for what the branch broke with while it is red", Advice: "/main revert #12", Puzzled: true}
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
		return c, bot.Refusal{Message: fmt.Sprintf("%s broke with #%d, not with #%d, and only what broke it is reverted", b.Branch, c.Ref.Number, number), Advice: fmt.Sprintf("/main revert #%d", c.Ref.Number)}
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
