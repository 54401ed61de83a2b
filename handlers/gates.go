package handlers

import (
	"context"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// askGates reads only what the stage's gates need.
func (h *Handlers) askGates(ctx context.Context, b beginning) ([]deploy.Answer, error) {
	been, err := h.been(ctx, b.release, b.settings.Pipeline)
	if err != nil {
		return nil, err
	}
	// What goes on with a canary in this environment was let in there by its name.
	ask := deploy.Ask{Release: b.release, Named: b.named || b.over != "", Onward: b.over != "", Stage: b.stage, Pipeline: b.settings.Pipeline, Slot: b.slot, Now: b.now, Been: been}
	if b.stage.Gates.MainOK {
		if ask.MainRed, err = h.mainRed(ctx, b); err != nil {
			return nil, err
		}
	}
	if len(b.stage.Gates.Checks) > 0 || b.stage.Gates.Required {
		h.readChecks(ctx, b, &ask)
	}
	return ask.Judge(), nil
}

// readChecks: what GitHub does not say is said so, and blocks. Of our own
// checks none is ever on a merged commit: each was judged on its change.
func (h *Handlers) readChecks(ctx context.Context, b beginning, ask *deploy.Ask) {
	var err error
	if b.stage.Gates.Required {
		ask.Required, err = h.GitHub.RequiredChecks(ctx, b.release.Repo, baseOf(b.release))
	}
	if b.release.Merged {
		ask.Required = slices.DeleteFunc(slices.Clone(ask.Required), policies.Ours)
	}
	if err == nil {
		ask.Checks, err = h.GitHub.Checks(ctx, b.release.Repo, b.release.SHA)
	}
	if err != nil {
		ask.ReadErr = "it did not answer"
	}
}

func baseOf(r deploy.Release) string {
	if r.Base == "" { // of no change
		return "main"
	}
	return r.Base
}

func (h *Handlers) mainRed(ctx context.Context, b beginning) (string, error) {
	build, err := h.buildSeen(ctx, b.release.Repo, baseOf(b.release), b.plan)
	if err != nil || build.Health != policies.Red {
		return "", err
	}
	return build.Why(), nil
}

func blocking2words(answers []deploy.Answer) (rows []words.GateRow) {
	for _, a := range answers {
		rows = append(rows, words.GateRow{Gate: a.Gate, Result: string(a.Result), Says: a.Says, Advice: a.Advice})
	}
	return rows
}
