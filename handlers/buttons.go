package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// Button is something that people may press on a message of ours.
type Button struct {
	Verb    string
	Label   string
	Doc     string
	Confirm string // asked before
	Danger  bool
	run     func(h *Handlers, ctx context.Context, p *pressed) error
}

// buttons, in the order in which people see them.
func buttons() []Button {
	return []Button{
		{Verb: "claim", Label: "I take care of it", Doc: "as /main claim: take care of a branch that is red", run: (*Handlers).pressClaim},
		{Verb: "revert", Label: "Open revert", Doc: "as /main revert: open the pull request that takes back what a branch broke with", Confirm: "A pull request opens that takes the change back. Nothing is merged by that.", run: (*Handlers).pressRevert},
		{Verb: "promote", Label: "Promote", Doc: "as /promote: let it go on, or bring a finished canary to the next stage", Confirm: "It gets more of the traffic.", run: (*Handlers).pressPromote},
		{Verb: "abort", Label: "Stop", Doc: "as /abort: the traffic goes back to what was stable", Confirm: "The traffic goes back to what was stable.", Danger: true, run: (*Handlers).pressAbort},
		{Verb: "rollback", Label: "Roll back", Doc: "as /rollback: bring back what was last known good", Confirm: "What was last known good comes back.", Danger: true, run: (*Handlers).pressRollback},
	}
}

// Buttons is the table, for reference pages.
func Buttons() []Button { return buttons() }

// pressed is one press in the making of its answer. What it asks is asked as
// a command in chat is.
type pressed struct {
	asked
	value   string
	rollout deploy.Rollout
	turn    int // of the rollout when the button was drawn
}

// buttonPressed does what a button says, for whoever presses it and as things
// are now: the right to is asked at the press, and a button that was drawn for
// another moment does nothing and says so.
func (h *Handlers) buttonPressed(ctx context.Context, d bot.Delivery[bot.ButtonPressed]) (plan bot.Plan, err error) {
	e := d.Event
	i := slices.IndexFunc(buttons(), func(b Button) bool { return b.Verb == e.Verb })
	whisper := func(text string) {
		plan.Answer(bot.Whisper{Command: d.ID, URL: e.Reply, Text: text})
	}
	if i < 0 {
		whisper(words.ChatRefused(bot.Refusal{Message: "the button " + words.Code(clip(e.Verb, 30)) + " is of an older version of me and does nothing any more", Advice: "/help"}))
		return plan, nil
	}
	p := h.press(d, &plan)
	err = buttons()[i].run(h, ctx, p)
	var refused bot.Refusal
	if errors.As(err, &refused) {
		plan = bot.Plan{}
		whisper(words.ChatRefused(refused))
		plan.Learn(bot.NewFact("button.refused", p.repo, e.Verb, d.At, map[string]any{"why": refused.Message}).Asked(p.by))
		return plan, nil
	}
	if err != nil {
		return plan, err
	}
	plan.Learn(bot.NewFact("button.pressed", p.repo, e.Verb, d.At, map[string]any{"value": e.Value}).Asked(p.by))
	return plan, nil
}

// press finds out who presses.
func (h *Handlers) press(d bot.Delivery[bot.ButtonPressed], plan *bot.Plan) *pressed {
	e := d.Event
	p := &pressed{value: e.Value}
	p.by, p.plan, p.cmd.Verb = e.By, plan, e.Verb
	p.by.Login = h.People[e.By.Slack]
	p.d = bot.Delivery[bot.CommandGiven]{ID: d.ID, At: d.At, Event: bot.CommandGiven{
		From: bot.FromSlack, By: p.by, Text: e.Verb, At: e.At, Channel: e.Channel, ChannelID: e.ChannelID, Reply: e.Reply,
	}}
	return p
}

// forgotten is what a button was drawn for and our books do not have.
func forgotten(value string) error {
	return bot.Refusal{Message: "I do not know what this button was about: " + words.Code(clip(value, 60)) + " is not in my books", Advice: "/status"}
}

// about finds the rollout that the button was drawn for.
func (h *Handlers) about(ctx context.Context, p *pressed) error {
	id, turn, ok := cutLast(p.value, "@")
	r, found, err := h.rollout(ctx, id)
	if err != nil {
		return err
	}
	if p.turn, err = strconv.Atoi(turn); !ok || !found || err != nil {
		return forgotten(p.value)
	}
	p.rollout, p.repo, p.ref, p.only = r, r.Release.Repo, r.Release.Change, r.ID
	p.settings, p.mistakes, err = h.settings(ctx, p.repo, p.d.At, p.plan)
	return err
}

// valueOf is what a button about a rollout carries.
func valueOf(r deploy.Rollout) string { return fmt.Sprintf("%s@%d", r.ID, r.Turn) }

// fresh refuses a press of a button that was drawn for another moment.
func (p *pressed) fresh() error {
	if p.turn == p.rollout.Turn {
		return nil
	}
	return p.over()
}

func (p *pressed) over() error {
	return bot.Refusal{
		Message: fmt.Sprintf("this button is from before; %s %s is %s now", p.rollout.Release.Service, p.rollout.Release.SHA.Short(), p.rollout.State.Words()),
		Advice:  "/status",
	}
}

func (h *Handlers) pressPromote(ctx context.Context, p *pressed) error {
	if err := h.about(ctx, p); err != nil {
		return err
	}
	if err := p.fresh(); err != nil {
		return err
	}
	return h.promote(ctx, &p.asked)
}

// pressAbort does not ask whether the button is fresh: whoever wants the
// traffic back wants it back also one step later.
func (h *Handlers) pressAbort(ctx context.Context, p *pressed) error {
	if err := h.about(ctx, p); err != nil {
		return err
	}
	if p.rollout.State.Ended() {
		return p.over()
	}
	return h.abort(ctx, &p.asked)
}

func (h *Handlers) pressRollback(ctx context.Context, p *pressed) error {
	if err := h.about(ctx, p); err != nil {
		return err
	}
	slot, _, err := h.slotOf(ctx, p.rollout.Slot)
	if err != nil {
		return err
	}
	if slot.Live == nil || slot.Live.Rollout != p.rollout.ID {
		return bot.Refusal{Message: fmt.Sprintf("%s is not what runs in %s now", p.rollout.Release.SHA.Short(), p.rollout.Stage.Environment), Advice: "/status"}
	}
	p.args = []string{p.placed(p.rollout.Release.Service, p.rollout.Stage.Name)}
	return h.rollback(ctx, &p.asked)
}

// offers are the buttons on a rollout's message; the slot is as the rollout
// leaves it.
func offers(r deploy.Rollout, slot deploy.Slot) (list []bot.Button) {
	verbs := map[deploy.State][]string{
		deploy.Starting: {"abort"}, deploy.Watching: {"abort"}, deploy.Waiting: {"promote", "abort"}, deploy.Resting: {"promote", "abort"},
	}[r.State]
	if _, goesBack := slot.Back(); goesBack && r.State == deploy.Succeeded && r.Kind == deploy.KindDeploy {
		verbs = []string{"rollback"}
	}
	for _, b := range buttons() {
		if slices.Contains(verbs, b.Verb) {
			list = append(list, bot.Button{Verb: b.Verb, Label: b.Label, Value: valueOf(r), Danger: b.Danger, Confirm: b.Confirm})
		}
	}
	return list
}
