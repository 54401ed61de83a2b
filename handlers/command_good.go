package handlers

import (
	"context"
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// good lifts the veto on a commit that was rolled back: a rollback blames what
// was live, and that may not have been the fault. It takes a person who may
// deploy there, the commit, and a reason that is kept.
func (h *Handlers) good(ctx context.Context, a *asked) error {
	w, reason := a.wishWithReason()
	if w.stage == "" || w.commit == "" {
		return bot.Refusal{Message: "say which commit is good and where; `/good` lifts one veto in one stage", Advice: a.cmd.Usage, Puzzled: true}
	}
	stage, err := a.stage(w)
	if err != nil {
		return err
	}
	s, err := a.service(w)
	if err != nil {
		return err
	}
	if err := h.authorize(ctx, a.by, "good", target{repo: a.repo, stage: stage}); err != nil {
		return err
	}
	service := s.NameIn(a.repo)
	slot, _, err := h.slotOf(ctx, deploy.SlotKey(a.repo, service, stage.Environment))
	if err != nil {
		return err
	}
	sha, err := badOne(slot, stage, w.commit)
	if err != nil {
		return err
	}
	place := a.placed(service, stage.Name)
	if reason == "" {
		return bot.Refusal{Message: fmt.Sprintf("say why %s is good: `/good` needs a reason, which is kept", sha.Short()), Advice: fmt.Sprintf("/good %s @%s the fault was in …", place, sha.Short()), Puzzled: true}
	}
	a.plan.Keep(slot.Cleared(sha))
	a.plan.Learn(bot.NewFact("release.cleared", a.repo, slot.Key, a.d.At, map[string]any{
		"service": service, "environment": stage.Environment, "sha": sha, "why": reason,
	}).Asked(a.by))
	a.answer = words.Cleared(service, stage.Environment, sha, reason, fmt.Sprintf("/deploy %s @%s", place, sha))
	if channel := a.settings.Notify.ForDeploys(); channel != "" {
		a.plan.Answer(bot.KeepMessage{
			Repo: a.repo, Channel: channel, Place: fmt.Sprintf("cleared/%s/%s/%d", slot.Key, sha.Short(), a.d.At.UnixMicro()),
			Text: words.ClearedInChat(service, stage.Environment, sha, a.by.Name(), reason),
		})
	}
	return nil
}

// badOne is the commit that is refused in the slot and begins so.
func badOne(slot deploy.Slot, stage deploy.Stage, named string) (bot.SHA, error) {
	var found []bot.SHA
	for _, sha := range slot.Bad {
		if strings.HasPrefix(string(sha), strings.ToLower(named)) {
			found = append(found, sha)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return "", bot.Refusal{
		Message: fmt.Sprintf("%s of the commits that are refused in %s begin with %s, so nothing is lifted", noneOr(len(found)), stage.Environment, clip(named, 12)),
		Advice:  "/status",
	}
}

// wishWithReason reads [to] place @commit, in any order; what follows both is
// a reason in the person's own words.
func (a *asked) wishWithReason() (w wish, reason string) {
	for i, arg := range a.args {
		switch {
		case w.commit == "" && commitName.MatchString(arg):
			w.commit = arg[1:]
		case w.stage != "" && w.commit != "":
			return w, clip(strings.Join(a.args[i:], " "), 120)
		case arg == "to" || arg == "in" || arg == "on":
		case w.stage == "":
			w.service, w.stage = placeOf(arg)
		}
	}
	return w, ""
}

func noneOr(n int) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprint(n)
}
