package handlers

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// next says whether the reader must act, and what to paste if so. The slot is
// as the rollout leaves it: a rollback is offered where it would find
// something to bring. been is since when the same release has been in the
// other stages.
func next(r deploy.Rollout, p deploy.Pipeline, slot deploy.Slot, been map[bot.StageName]time.Time) (string, []string) {
	following, more := p.Next(r.Stage.Name)
	here := p.Place(r.Release.Service, r.Stage.Name)
	decide, back := []string{"/promote", abortLine(r, p)}, "/rollback "+here // a bare one means the last stage, whichever this is
	if len(p.Services) > 1 {
		decide[0] += " " + here
	}
	again := "/deploy " + here
	_, goesBack := slot.Back()
	if r.Kind == deploy.KindRollback {
		more = false
		if goesBack {
			again = back
		}
	}
	switch r.State {
	case deploy.Starting, deploy.Watching, deploy.Finishing:
		return "nothing to do; `" + decide[1] + "` stops it.", nil
	case deploy.Returning:
		return "nothing to do; the traffic goes back to " + stable(r) + ".", nil
	case deploy.Waiting:
		return fmt.Sprintf("look at the numbers; `%s` lets it go on, `%s` takes it back. It goes back by itself %s.", decide[0], decide[1], deadline(r)), decide
	case deploy.Resting:
		if onward, ok := p.Onward(r.Stage); ok {
			return fmt.Sprintf("bring it to %s%s. It goes back by itself %s.", onward.Name, letsIn(onward, r, been), deadline(r)), decide[:1]
		}
		return "no stage follows; it goes back by itself " + deadline(r) + ".", decide[1:]
	case deploy.Succeeded:
		if r.Kind == deploy.KindRollback {
			return afterRollback(r, here)
		}
		if more {
			return fmt.Sprintf("bring it to %s%s.", following.Name, letsIn(following, r, been)), []string{"/deploy " + p.Place(r.Release.Service, following.Name)}
		}
		if !goesBack {
			return "nothing to do. There is nothing to go back to here yet: if it is at fault, deploy a repair and name its commit in full, `/deploy " + here + " @…`.", nil
		}
		return "nothing to do; `" + back + "` takes it back.", nil
	case deploy.RolledBack:
		if !r.Blamed {
			return "all traffic is on " + stable(r) + "; ask again when you are ready.", []string{again}
		}
		return "all traffic is on " + stable(r) + "; push a repair and deploy it. This commit is refused here until somebody says why it is good.", []string{goodAgain(here, r.Release.SHA)}
	case deploy.RollbackFailed:
		if !goesBack {
			return forward(r, here, slot)
		}
		return "look where the traffic is, then bring back what was good.", []string{back}
	case deploy.Aborted, deploy.Failed:
		return "ask again when you are ready.", []string{again}
	}
	return "", nil
}

// letsIn says from when on a stage lets in what is in the one before; empty
// when it does within the minute, before most have read it. The minute told is
// the first to begin after that: who asks in it is not refused. A stage in
// which the release has not been is asked for otherwise, and not waited for.
func letsIn(following deploy.Stage, r deploy.Rollout, been map[bot.StageName]time.Time) string {
	here, told := arrived(r)
	var from time.Time
	for _, a := range following.After {
		since, is := been[a.Stage]
		if a.Stage == r.Stage.Name {
			since, is = here, true
		}
		if is {
			from = later(from, since.Add(a.For))
		}
	}
	if from.Sub(told) < time.Minute {
		return ""
	}
	return ", from " + words.Moment(from.Add(time.Minute-1)) + " on"
}

// arrived is since when the release counts as being in its stage (keepBeen
// keeps it so), and the earliest that what is next is told: a canary rests
// after its last step.
func arrived(r deploy.Rollout) (since, told time.Time) {
	if r.Stage.Canary() {
		return r.Placed, r.StepAt.Add(r.Stage.Steps[r.Step].For)
	}
	return r.EndedAt, r.EndedAt
}

// forward is the way out where nobody knows what runs and there is nothing to
// go back to: what may follow is a commit that somebody names in full.
func forward(r deploy.Rollout, here string, slot deploy.Slot) (string, []string) {
	line := "/deploy " + here + " @"
	if slot.IsBad(r.Release.SHA) {
		return "look where the traffic is. There is nothing to go back to: deploy a repair and name its commit in full, `" + line + "…`. This commit is refused here until somebody says why it is good.", []string{goodAgain(here, r.Release.SHA)}
	}
	return "look where the traffic is. There is nothing to go back to: deploy what you trust and name its commit in full.", []string{line + string(r.Release.SHA)}
}

// abortLine stops the rollout, said on its change: where there are several
// services, others of the change may be on their way.
func abortLine(r deploy.Rollout, p deploy.Pipeline) string {
	if len(p.Services) > 1 {
		return "/abort " + p.Place(r.Release.Service, r.Stage.Name)
	}
	return "/abort"
}

// afterRollback is what follows when what was good runs again.
func afterRollback(r deploy.Rollout, here string) (string, []string) {
	if r.Undoes == "" || r.Stable == "" {
		return "nothing to do here; look at what went wrong before the next deploy.", nil
	}
	return "nothing to do here; push a repair and deploy that. `" + r.Stable.Short() + "` is refused here until somebody says why it is good.", []string{goodAgain(here, r.Stable)}
}

// goodAgain is the way back for a commit that is refused: the line that lifts
// the veto, its reason left to the person.
func goodAgain(place string, sha bot.SHA) string {
	return "/good " + place + " @" + sha.Short() + " the fault was in …"
}

// stable is what has the traffic that the release does not.
func stable(r deploy.Rollout) string {
	if r.Stable == "" {
		return "what ran before"
	}
	return "`" + r.Stable.Short() + "`"
}

// deadline is when a rollout that waits for a person is given up.
func deadline(r deploy.Rollout) string {
	return "at " + words.Moment(r.Began.Add(r.Stage.Timeouts.Rollout))
}
