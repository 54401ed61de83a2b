package handlers

import (
	"context"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// newestDoc is the change that was merged last into a branch. Its merge commit
// contains those before it: of several that wait, or are heard of late, only
// that one starts.
type newestDoc struct {
	bot.Version
	Repo   bot.RepoRef `json:"repo"`
	Branch string      `json:"branch"`
	Number int         `json:"number"`
	SHA    bot.SHA     `json:"sha,omitempty"` // of the merge
	At     time.Time   `json:"at"`
}

func (d newestDoc) DocKey() string { return "merged/" + d.Repo.Key() + "/" + d.Branch }

func (h *Handlers) newest(ctx context.Context, c bot.Change) (newestDoc, error) {
	d := newestDoc{Repo: c.Ref.Repo, Branch: c.BaseRef}
	_, err := h.Store.Doc(ctx, d.DocKey(), &d)
	return d, err
}

// noteMerge takes a merge into what is known to be the newest of its branch:
// events come in any order.
func (h *Handlers) noteMerge(ctx context.Context, c bot.Change, plan *bot.Plan) (newestDoc, error) {
	d, err := h.newest(ctx, c)
	if err != nil {
		return d, err
	}
	later, err := h.mergedAfter(ctx, c, d)
	if err == nil && later {
		d.Number, d.SHA, d.At = c.Ref.Number, c.MergeSHA, c.MergedAt
		plan.Keep(d)
	}
	return d, err
}

// mergedAfter reports whether c was merged after the change of d. GitHub tells
// whole seconds, and a queue merges several in one, in an order of its own: of
// those, the one whose commit contains the other is the later. Where GitHub
// cannot compare them, the number decides.
func (h *Handlers) mergedAfter(ctx context.Context, c bot.Change, d newestDoc) (bool, error) {
	if d.Number == c.Ref.Number || !d.At.Equal(c.MergedAt) {
		return d.At.Before(c.MergedAt), nil
	}
	if d.SHA == "" {
		return d.Number < c.Ref.Number, nil
	}
	ahead, err := h.GitHub.Compare(ctx, c.Ref.Repo, d.SHA, c.MergeSHA)
	if hopeless(err) {
		return d.Number < c.Ref.Number, nil
	}
	return len(ahead) > 0, err
}

// containedIn is the change whose merge contains that of b, if one is known:
// one that we heard of, or one that is in the slot already because somebody
// asked for it before we heard of its merge.
func (b beginning) containedIn(newest newestDoc, running *deploy.Rollout) (number int, found bool) {
	if own := b.release.Change.Number; newest.Number != own {
		return newest.Number, true
	}
	if running != nil && b.release.MergedBefore(running.Release) {
		return running.Release.Change.Number, true
	}
	if live := b.slot.Live; live != nil && b.release.MergedBefore(live.Release) {
		return live.Release.Change.Number, true
	}
	return 0, false
}

// skew is by how much the clocks of GitHub and of the store may differ.
const skew = 10 * time.Minute

// sentAlready tells whether the merge of b is in its slot, or a rollout since
// then was to bring it there, whatever became of that: whoever took it back
// does not want it to come again by itself. by is the rollout; empty: somebody
// else brought it.
func (h *Handlers) sentAlready(ctx context.Context, b beginning) (by string, found bool, err error) {
	if live := b.slot.Live; live != nil && live.Release.Same(b.release) {
		return live.Rollout, true, nil
	}
	for n := b.slot.Count; n > 0; n-- {
		r, known, err := h.rollout(ctx, deploy.RolloutID(b.slot.Key, n))
		if err != nil || !known || r.Began.Before(b.release.MergedAt.Add(-skew)) {
			return "", false, err
		}
		if r.Release.Merged && r.Release.Same(b.release) {
			return r.ID, true, nil
		}
	}
	return "", false, nil
}

// overtaken is the record of a start that does not take place: a newer merge
// contains it, or it was sent there already by a rollout.
func overtaken(e bot.StartDue, c bot.Change, newer int, by string, now time.Time) bot.Fact {
	return bot.NewFact("start.overtaken", c.Ref.Repo, c.Ref.String(), now, map[string]any{
		"number": c.Ref.Number, "sha": c.MergeSHA, "stage": e.Stage, "service": e.Service, "newer": newer, "rollout": by,
	}).Asked(e.By)
}
