package handlers

import (
	"context"
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// brokeWith is the change that a branch broke with; zero when none is known.
func (h *Handlers) brokeWith(ctx context.Context, b policies.Build) (bot.Change, error) {
	if len(b.Causes) == 0 {
		return bot.Change{}, nil
	}
	doc, _, err := h.changeAt(ctx, b.Repo, b.Causes[0].SHA)
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
	open, err := h.GitHub.OpenChanges(ctx, b.Repo, b.Branch, 0)
	if err != nil {
		return false, err
	}
	for _, o := range open {
		if takesBack(o, c.Ref.Number) {
			return false, bot.Refusal{Message: fmt.Sprintf("#%d takes #%d back already and is open", o.Ref.Number, c.Ref.Number), Advice: fmt.Sprintf("Merge #%d.", o.Ref.Number)}
		}
	}
	return h.cameAlone(ctx, b, c)
}

func alreadyAsked(r policies.Revert) error {
	if r.Opened > 0 {
		return bot.Refusal{Message: fmt.Sprintf("#%d takes #%d back already and is open", r.Opened, r.Number), Advice: fmt.Sprintf("Merge #%d.", r.Opened)}
	}
	return bot.Refusal{Message: fmt.Sprintf("%s asked for a revert of #%d at %s, and it is on its way", r.By.Name(), r.Number, words.Clock(r.At)), Advice: "Look at the channel: it is shown there once it is open."}
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
	doc, known, err := h.changeAt(ctx, repo, sha)
	return doc.Change, known && doc.Change.MergeSHA == sha, err
}
