package handlers

import (
	"context"
	"fmt"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// headDoc is a commit: the changes whose head it is or was, or that were
// merged as it, the newest last, and the runs of other people's checks on it
// that say most. GitHub does not name the changes of forks, it may tell of a run before
// it tells of the push, and one commit may be the head of several changes: so
// runs are kept with the commit, known to be a head or not.
type headDoc struct {
	bot.Version
	Repo    bot.RepoRef             `json:"repo"`
	SHA     bot.SHA                 `json:"sha"`
	Numbers []int                   `json:"numbers,omitempty"`
	Runs    map[string]bot.CheckRun `json:"runs,omitempty"` // by name
}

func headKey(repo bot.RepoRef, sha bot.SHA) string {
	return fmt.Sprintf("head/%s/%s", repo.Key(), sha)
}

func (d headDoc) DocKey() string { return headKey(d.Repo, d.SHA) }

func (h *Handlers) head(ctx context.Context, repo bot.RepoRef, sha bot.SHA) (headDoc, error) {
	d := headDoc{Repo: repo, SHA: sha}
	_, err := h.Store.Doc(ctx, d.DocKey(), &d)
	return d, err
}

// runsOn a commit, as the plan is about to keep them or rests on them.
func (h *Handlers) runsOn(ctx context.Context, repo bot.RepoRef, sha bot.SHA, plan *bot.Plan) (map[string]bot.CheckRun, error) {
	for _, doc := range plan.Docs {
		if d, ok := doc.(headDoc); ok && d.DocKey() == headKey(repo, sha) {
			return d.Runs, nil
		}
	}
	d, err := h.head(ctx, repo, sha)
	plan.See(d.DocKey(), d.V)
	return d.Runs, err
}

// indexHead notes that a commit is a change's.
func (h *Handlers) indexHead(ctx context.Context, ref bot.ChangeRef, sha bot.SHA, plan *bot.Plan) error {
	d, err := h.head(ctx, ref.Repo, sha)
	if err != nil || slices.Contains(d.Numbers, ref.Number) {
		return err
	}
	d.Numbers = append(d.Numbers, ref.Number)
	plan.Keep(d)
	return nil
}

// changeAt is the change that a commit belongs to: of several the one that was
// merged as it, else one whose head it is, else the newest.
func (h *Handlers) changeAt(ctx context.Context, repo bot.RepoRef, sha bot.SHA) (found changeDoc, known bool, err error) {
	head, err := h.head(ctx, repo, sha)
	if err != nil {
		return found, false, err
	}
	best := 0
	for _, n := range head.Numbers {
		doc, ok, err := h.change(ctx, bot.ChangeRef{Repo: repo, Number: n})
		if err != nil {
			return found, false, err
		}
		rank := 1
		switch sha {
		case doc.Change.MergeSHA:
			rank = 3
		case doc.Change.Head:
			rank = 2
		}
		if ok && rank >= best {
			found, known, best = doc, true, rank
		}
	}
	return found, known, nil
}
