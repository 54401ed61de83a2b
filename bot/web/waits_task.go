package web

import (
	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// taskWait is what we owe the world and could not do, or may have done; open
// while somebody can still do something about it.
func (l look) taskWait(t bot.Task) (w wait, open bool, err error) {
	w = wait{Mood: "bad", What: "Failed: " + describe(t), Why: t.Error, Since: t.At, Who: "the operator of this server", Path: listPath("out", t.State, 0)}
	if t.State != bot.TaskDoubtful {
		return w, l.now.Sub(t.At) < lately, nil
	}
	w.What, w.Who = "Doubtful: "+describe(t), "somebody who can see whether it took place; it is not tried again"
	r, err := l.rollout(rolloutOf(t))
	if err != nil || r == nil {
		return w, l.now.Sub(t.At) < lately, err
	}
	w.Path, w.Who = rolloutPath(r.ID), w.Who+". "+r.By.Name()+" began the rollout"
	w.Paste, open, err = l.whatHelps(*r)
	return w, open, err
}

// rolloutOf names the rollout that the effect was for; empty: none.
func rolloutOf(t bot.Task) string {
	e, err := bot.DecodeEffect(t.Kind, t.Body)
	if err != nil {
		return ""
	}
	if s, ok := e.(bot.Settling); ok {
		if settled, ok := s.Settled(bot.InDoubt, "").(bot.StageSettled); ok {
			return settled.Rollout
		}
	}
	return ""
}

// whatHelps is the line for a rollout of which one order is in doubt, if any
// helps; open is false when it ended, and it is known again what runs.
func (l look) whatHelps(r deploy.Rollout) (line string, open bool, err error) {
	at := place{Service: r.Release.Service, Environment: r.Stage.Environment, Last: &r}
	switch {
	case r.State == deploy.Returning:
		return at.line("status"), true, nil
	case !r.State.Ended():
		return at.line("abort"), true, nil
	}
	slot := deploy.Slot{Key: r.Slot}
	if _, err := l.read.Doc(l.ctx, slot.DocKey(), &slot); err != nil {
		return "", false, err
	}
	if slot.Dirty == "" || r.State != deploy.RollbackFailed || slot.Last() != r.ID {
		return "", false, nil
	}
	at.slot = slot
	_, line = at.wayOut()
	return line, true, nil
}
