package handlers

import (
	"context"
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// runningOf is the rollout of the change that was named, or, in chat without
// a name, the only one of the repository. The command may name the place;
// where several are meant none is touched, and there is a line for each.
func (h *Handlers) runningOf(ctx context.Context, a *asked) (r deploy.Rollout, slot deploy.Slot, err error) {
	slots, err := h.slotsOf(ctx, a.repo)
	if err != nil {
		return r, slot, err
	}
	var found, lines []string
	var back deploy.Rollout // on its way back already: meant only if nothing else is
	var backIn deploy.Slot
	for _, s := range slots {
		running, err := h.runningIn(ctx, s)
		if err != nil {
			return r, s, err
		}
		switch {
		case running == nil || !a.means(*running):
		case running.State == deploy.Returning:
			back, backIn = *running, s
		default:
			r, slot = *running, s
			found = append(found, fmt.Sprintf("%s in %s", r.Release.Named(), a.placed(r.Release.Service, r.Stage.Name)))
			lines = append(lines, a.lineFor(r))
		}
	}
	switch {
	case len(found) == 0 && back.ID != "":
		return back, backIn, nil
	case len(found) == 0:
		return r, slot, bot.Refusal{Message: fmt.Sprintf("nothing of %s is on its way", a.what()), Advice: "/status"}
	case len(found) == 1:
		return r, slot, nil
	}
	return r, slot, bot.Refusal{Message: fmt.Sprintf("several are on their way: %s", strings.Join(found, ", ")), Advice: strings.Join(lines, "\n"), Puzzled: true}
}

// what the command is about: a change, or in chat the repository.
func (a *asked) what() string {
	if a.ref.IsZero() {
		return words.Code(string(a.repo.Name))
	}
	return fmt.Sprintf("#%d", a.ref.Number)
}

// lineFor is the command for that rollout alone.
func (a *asked) lineFor(r deploy.Rollout) string {
	one := *a
	byButton := a.named == "" && a.d.Event.From == bot.FromSlack
	if (a.ref.IsZero() || byButton) && !r.Release.Change.IsZero() {
		one.named = r.Release.Change.String()
	}
	return one.line(wish{}, "", a.placed(r.Release.Service, r.Stage.Name))
}

// lineOf is another command for that rollout alone.
func (a *asked) lineOf(verb string, r deploy.Rollout) string {
	other := *a
	other.cmd.Verb = verb
	return other.lineFor(r)
}

// means reports whether a rollout is what the command is about.
func (a *asked) means(r deploy.Rollout) bool {
	switch {
	case a.only != "":
		return r.ID == a.only
	case a.at.stage.Name != "" && a.at.stage.Name != r.Stage.Name && !a.goesTo(r), a.at.service != "" && a.at.service != r.Release.Service:
		return false
	}
	return a.ref.IsZero() || r.Release.Change.Number == a.ref.Number
}

// goesTo reports whether the command promotes a finished canary and names the
// stage that it goes to.
func (a *asked) goesTo(r deploy.Rollout) bool {
	next, more := a.settings.Pipeline.Onward(r.Stage)
	return a.cmd.Verb == "promote" && r.State == deploy.Resting && more && next.Name == a.at.stage.Name
}

// looksBack is over how many rollouts of a slot the one is looked for that has
// just ended.
const looksBack = 10

// finished refuses to stop what has ended already and says how and when, if
// the command can have meant that. What is live is taken back by another, if
// there is something to go back to.
func (h *Handlers) finished(ctx context.Context, a *asked) error {
	slots, err := h.slotsOf(ctx, a.repo)
	if err != nil {
		return err
	}
	var last deploy.Rollout
	var live, back bool
	for _, slot := range slots {
		for n := slot.Count; n > max(0, slot.Count-looksBack); n-- {
			r, found, err := h.rollout(ctx, deploy.RolloutID(slot.Key, n))
			if err != nil {
				return err
			}
			if found && r.State.Ended() && a.means(r) && r.EndedAt.After(last.EndedAt) {
				last, live = r, slot.Live != nil && slot.Live.Rollout == r.ID
				_, back = slot.Back()
			}
		}
	}
	if last.ID == "" {
		return nil
	}
	refusal := bot.Refusal{
		Message: fmt.Sprintf("there is nothing to stop: %s in %s has already finished (%s %s)", last.Release.Service, last.Stage.Name, last.State.Words(), words.Moment(last.EndedAt)),
		Advice:  "/status",
	}
	switch {
	case !live || last.Kind != deploy.KindDeploy:
	case !back:
		refusal.Message += "; there is nothing to go back to there"
	default:
		refusal.Advice = a.lineOf("rollback", last)
	}
	return refusal
}

// goesBack refuses to send back what is on its way back.
func goesBack(r deploy.Rollout) error {
	return bot.Refusal{
		Message: fmt.Sprintf("the traffic of %s in %s is going back already: %s", words.Code(r.Release.Service), words.Code(string(r.Stage.Name)), r.Why),
		Advice:  "Nothing to do; /status tells when it is through.",
	}
}
