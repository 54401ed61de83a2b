package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// Command is a verb that people may use, in a comment on a pull request or in
// chat. Reads commands change nothing and need only the right to read.
type Command struct {
	Verb  string
	Usage string
	Doc   string
	Who   string
	Reads bool
	run   func(h *Handlers, ctx context.Context, a *asked) error
}

// commands, in the order in which people see them. A function, since help
// lists itself.
func commands() []Command {
	return []Command{
		{Verb: "deploy", Usage: "/deploy [service:][stage] [@commit] [name=value]", Doc: "bring this change into a stage; without a stage, into the next one", Who: "may deploy to the stage (write, unless the file says more)", run: (*Handlers).deploy},
		{Verb: "promote", Usage: "/promote [service:][stage]", Doc: "let a waiting rollout go on, or bring a finished canary to the next stage", Who: "may deploy to the stage", run: (*Handlers).promote},
		{Verb: "rollback", Usage: "/rollback [service:][stage]", Doc: "bring back what was last known good; without a stage, in the last one", Who: "may roll back (write, unless the file says more)", run: (*Handlers).rollback},
		{Verb: "abort", Usage: "/abort [service:][stage] [reason]", Doc: "stop this change's rollout; traffic goes back to what was stable", Who: "may roll back", run: (*Handlers).abort},
		{Verb: "good", Usage: "/good [service:]stage @commit reason", Doc: "lift the veto on a commit that was rolled back, saying why; then it may be deployed again", Who: "may deploy to the stage", run: (*Handlers).good},
		{Verb: "main", Usage: "/main claim [branch]", Doc: "take care of a branch that is red; the channel shows who does", Who: "may write", run: (*Handlers).main},
		{Verb: "main", Usage: "/main revert [#change]", Doc: "open the pull request that takes back what a red branch broke with", Who: "may write", run: (*Handlers).main},
		{Verb: "recheck", Usage: "/recheck", Doc: "count and judge this change anew", Who: "may write, or wrote the change", run: (*Handlers).recheck},
		{Verb: "split", Usage: "/split", Doc: "propose parts in which this change could come, each of which fits", Who: "may write, or wrote the change", run: (*Handlers).split},
		{Verb: "override", Usage: "/override batch reason", Doc: "let a change pass that is too large, up to a size and for a while; the reason is kept", Who: "may override (maintain, unless the file says otherwise), and not who wrote the change", run: (*Handlers).override},
		{Verb: "policy", Usage: "/policy explain", Doc: "what each policy says of this change, by which rule of the file", Who: "can read", Reads: true, run: (*Handlers).policy},
		{Verb: "status", Usage: "/status [service:][stage]", Doc: "what is where, and whether main is green", Who: "can read", Reads: true, run: (*Handlers).status},
		{Verb: "help", Usage: "/help", Doc: "this list", Who: "can read", Reads: true, run: (*Handlers).help},
	}
}

// Commands is the table, for help and reference pages.
func Commands() []Command { return commands() }

// asked is one command in the making of its answer.
type asked struct {
	d        bot.Delivery[bot.CommandGiven]
	cmd      Command
	args     []string
	named    string // the change or repository that stood among args in chat, as written
	repo     bot.RepoRef
	ref      bot.ChangeRef // zero: no change was named
	at       servicePlace  // where a running rollout is meant; zero: anywhere
	only     string        // the rollout that is meant; empty: the change's
	by       bot.Person
	settings Settings
	mistakes []string
	plan     *bot.Plan
	answer   string // Markdown
}

// commandGiven does what people asked for, or says why not. What is not a
// command of ours is passed over in silence: other bots own other slashes.
func (h *Handlers) commandGiven(ctx context.Context, d bot.Delivery[bot.CommandGiven]) (plan bot.Plan, err error) {
	e := d.Event
	if e.By.Bot || e.IsIssue { // our own comments come back to us as a bot's
		return plan, nil
	}
	lines, problem := Parse(e.Text, e.From == bot.FromSlack)
	if problem == nil && len(lines) == 0 {
		return plan, nil
	}
	again, err := h.again(ctx, d, &plan)
	switch {
	case err != nil:
		return plan, err
	case again:
		plan.Learn(bot.NewFact("command.repeated", e.Ref.Repo, e.Ref.String(), d.At, map[string]any{"comment": e.Comment}))
		return plan, nil
	case problem != nil:
		return plan, h.refuse(ctx, d, e.Ref.Repo, e.By, "unclear", *problem, &plan)
	}
	if e.From == bot.FromComment {
		plan.Answer(eyesOn(d))
	}
	if err = h.obey(ctx, d, lines[0], &plan); err == nil && e.From == bot.FromComment {
		err = h.goesOn(ctx, d, lines[0], &plan)
	}
	return plan, err
}

// obey runs one command; a refusal is an answer, not an error.
func (h *Handlers) obey(ctx context.Context, d bot.Delivery[bot.CommandGiven], line Line, plan *bot.Plan) error {
	a := &asked{d: d, args: line.Args, by: d.Event.By, plan: plan}
	i := slices.IndexFunc(commands(), func(c Command) bool { return c.Verb == line.Verb })
	a.cmd = commands()[i]
	err := h.prepare(ctx, a)
	if err == nil {
		err = a.late(line)
	}
	if err == nil {
		err = a.cmd.run(h, ctx, a)
	}
	var refusal bot.Refusal
	if errors.As(err, &refusal) {
		return h.refuse(ctx, d, a.repo, a.by, line.Verb, refusal, plan)
	}
	if err != nil {
		return err
	}
	if !a.cmd.Reads {
		plan.Learn(bot.NewFact("command.run", a.repo, line.Verb, d.At, map[string]any{"text": clip(d.Event.Text, 200)}).Asked(a.by))
	}
	h.reply(d, bot.Rocket, a.answer, plan)
	return nil
}

// prepare finds out who asks, about what, and by which settings.
func (h *Handlers) prepare(ctx context.Context, a *asked) (err error) {
	if a.d.Event.From == bot.FromSlack {
		if err := h.fromChat(ctx, a); err != nil {
			return err
		}
	} else {
		a.ref, a.repo = a.d.Event.Ref, a.d.Event.Ref.Repo
	}
	if a.by.Login == "" && !a.cmd.Reads { // before anything is read for them
		return h.authorize(ctx, a.by, a.cmd.Verb, target{repo: a.repo})
	}
	a.settings, a.mistakes, err = h.settings(ctx, a.repo, a.d.At, a.plan)
	return err
}

// reply turns the reaction into the outcome and says what there is to say.
func (h *Handlers) reply(d bot.Delivery[bot.CommandGiven], reaction, answer string, plan *bot.Plan) {
	e := d.Event
	if e.From == bot.FromSlack {
		plan.Answer(bot.Whisper{Command: d.ID, URL: e.Reply, Text: words.Chat(answer)})
		return
	}
	plan.Answer(bot.React{Repo: e.Ref.Repo, Comment: e.Comment, Reaction: reaction})
	if answer != "" {
		plan.Answer(bot.KeepComment{Ref: e.Ref, Place: fmt.Sprintf("answer/%d", e.Comment), Body: answer})
	}
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// tooLate: a command that reached us so late is not run any more; the world it
// was meant for is gone.
const tooLate = 15 * time.Minute

// late refuses a command that would change something and was written too long
// ago: we were down, or GitHub was, or delivered late.
func (a *asked) late(line Line) error {
	late := a.d.At.Sub(a.d.Event.At)
	if a.cmd.Reads || late <= tooLate {
		return nil
	}
	return bot.Refusal{
		Message: fmt.Sprintf("I could look at this only %s after it was written, so it was not run; the limit is %s. If you still want it, write it again", words.For(late), words.For(tooLate)),
		Advice:  line.String(),
	}
}
