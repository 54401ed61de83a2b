package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// elsewhere adds to the refusal of a command about a change, of which nothing is
// on its way, what is on its way of others, each with where to write what:
// whoever must stop something may have written it on the wrong change.
func (h *Handlers) elsewhere(ctx context.Context, a *asked, err error) error {
	var refusal bot.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	keys, err := h.Store.Keys(ctx, "slot/"+a.repo.Key()+"/")
	if err != nil {
		return err
	}
	all := *a
	all.ref = bot.ChangeRef{}
	var others, lines []string
	for _, key := range keys {
		_, running, err := h.slotOf(ctx, key[len("slot/"):])
		if err != nil {
			return err
		}
		if running == nil || running.State == deploy.Returning || !all.means(*running) {
			continue
		}
		others = append(others, fmt.Sprintf("%s in %s", running.Release.Named(), all.placed(running.Release.Service, running.Stage.Name)))
		lines = append(lines, all.writtenOn(*running))
	}
	if len(others) > 0 {
		if strings.HasPrefix(refusal.Advice, "/rollback") { // what is live of this change may be meant, too
			lines = append(lines, a.on(a.ref.Number, refusal.Advice))
		}
		refusal.Message += "; elsewhere there is " + strings.Join(others, ", ")
		refusal.Advice, refusal.Puzzled = strings.Join(lines, "\n"), true
	}
	return refusal
}

// writtenOn is the command for a rollout of another change, and where it is to
// be written.
func (a *asked) writtenOn(r deploy.Rollout) string {
	switch {
	case a.d.Event.From == bot.FromSlack:
		return a.lineFor(r)
	case r.Release.Change.IsZero():
		return "In chat:\n\n" + words.Paste(fmt.Sprintf("/roundtrip %s %s %s", a.cmd.Verb, a.repo.Name, a.placed(r.Release.Service, r.Stage.Name))) + "\n"
	}
	return a.on(r.Release.Change.Number, a.line(wish{}, "", a.placed(r.Release.Service, r.Stage.Name)))
}

// on is a line to paste on a change; in chat it names the change itself.
func (a *asked) on(number int, line string) string {
	if a.d.Event.From == bot.FromSlack {
		return line
	}
	return fmt.Sprintf("On #%d:\n\n%s\n", number, words.Paste(line))
}
