package handlers

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// main is about a red branch: whoever claims it takes care of it, and all who
// look at the incident see that; revert opens the way back.
func (h *Handlers) main(ctx context.Context, a *asked) error {
	switch {
	case len(a.args) > 0 && a.args[0] == "revert":
		return h.mainRevert(ctx, a)
	case len(a.args) == 0 || a.args[0] != "claim" || len(a.args) > 2:
		return bot.Refusal{Message: "say what about main while it is red: `claim` takes care of it, `revert` opens a pull request that takes back what broke it", Advice: "/main claim", Puzzled: true}
	}
	branch := ""
	if len(a.args) == 2 {
		branch = a.args[1]
	}
	b, err := h.redBranch(ctx, a.repo, branch)
	if err != nil {
		return err
	}
	if err := h.claim(ctx, a.by, b, a.settings, a.d.At, a.plan); err != nil {
		return err
	}
	a.answer = fmt.Sprintf("🙋 %s takes care of %s. The channel shows it.\n", a.by.Name(), words.Code(b.Branch))
	return nil
}

// redBranch is the branch that was named, else the one that is red.
func (h *Handlers) redBranch(ctx context.Context, repo bot.RepoRef, name string) (policies.Build, error) {
	keys, err := h.Store.Keys(ctx, policies.BuildKey(repo, ""))
	if err != nil {
		return policies.Build{}, err
	}
	for _, key := range keys {
		b, err := h.build(ctx, repo, strings.TrimPrefix(key, policies.BuildKey(repo, "")))
		if err != nil {
			return b, err
		}
		if b.Health == policies.Red && (name == "" || b.Branch == name) {
			return b, nil
		}
	}
	return policies.Build{}, bot.Refusal{Message: fmt.Sprintf("no branch of %s that is watched is red", words.Code(string(repo.Name))), Advice: "/status"}
}

// claim notes who takes care of a red branch. The one who did it first keeps
// it for as long as the clock's target; then somebody else may step in.
func (h *Handlers) claim(ctx context.Context, by bot.Person, b policies.Build, s Settings, now time.Time, plan *bot.Plan) error {
	if err := h.authorize(ctx, by, "claim", target{repo: b.Repo}); err != nil {
		return err
	}
	if had := b.Claimed; had != (bot.Person{}) && had.Name() != by.Name() && now.Sub(b.ClaimedAt) < s.Policies.Green.Clock.Target {
		return bot.Refusal{
			Message: fmt.Sprintf("%s takes care of %s since %s", had.Name(), b.Branch, words.Clock(b.ClaimedAt)),
			Advice:  fmt.Sprintf("Talk to each other; after %s somebody else may claim it.", words.For(s.Policies.Green.Clock.Target)),
		}
	}
	b.Claimed, b.ClaimedAt = by, now
	plan.Keep(b)
	plan.Learn(bot.NewFact("main.claimed", b.Repo, b.Branch, now, map[string]any{"number": b.Number}).Asked(by))
	incident, err := h.incident(ctx, b)
	if err != nil {
		return err
	}
	text, blocks := incident.Broke()
	h.tellMain(s, b, "", text, blocks, plan)
	h.tellMain(s, b, "claim/"+now.Format(time.RFC3339), incident.ClaimedBy(), nil, plan)
	return nil
}

// claimButton is on an incident until somebody takes care of it.
func claimButton(b policies.Build) []bot.Button {
	i := slices.IndexFunc(buttons(), func(x Button) bool { return x.Verb == "claim" })
	if b.Health != policies.Red || b.Claimed != (bot.Person{}) || i < 0 {
		return nil
	}
	return []bot.Button{{Verb: "claim", Label: buttons()[i].Label, Value: incidentValue(b)}}
}

// incidentValue is what a button about an incident carries.
func incidentValue(b policies.Build) string { return fmt.Sprintf("%s@%d", b.DocKey(), b.Number) }

// pressClaim claims the incident that the button was drawn for.
func (h *Handlers) pressClaim(ctx context.Context, p *pressed) error {
	b, err := h.pressedIncident(ctx, p)
	if err != nil {
		return err
	}
	return h.claim(ctx, p.by, b, p.settings, p.d.At, p.plan)
}

// pressedIncident is the incident that a button was drawn for, if it still
// goes on.
func (h *Handlers) pressedIncident(ctx context.Context, p *pressed) (policies.Build, error) {
	key, number, _ := cutLast(p.value, "@")
	var b policies.Build
	found, err := h.Store.Doc(ctx, key, &b)
	if err != nil {
		return b, err
	}
	p.repo = b.Repo
	if !found || !strings.HasPrefix(key, "build/") {
		return b, forgotten(p.value)
	}
	if b.Health != policies.Red || strconv.Itoa(b.Number) != number {
		return b, bot.Refusal{Message: fmt.Sprintf("that is over: the button was only for incident %s of %s", clip(number, 10), words.Code(b.Branch)), Advice: "/status"}
	}
	p.settings, _, err = h.settings(ctx, b.Repo, p.d.At, p.plan)
	return b, err
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
