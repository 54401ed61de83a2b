package handlers

import (
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// next says whether the reader must act, and what to paste if so.
func next(r deploy.Rollout, p deploy.Pipeline) (string, []string) {
	following, more := p.Next(r.Stage.Name)
	again := "/deploy " + string(r.Stage.Name)
	if r.Kind == deploy.KindRollback {
		more, again = false, "/rollback "+string(r.Stage.Name)
	}
	switch r.State {
	case deploy.Starting, deploy.Watching, deploy.Finishing:
		return "nothing to do; `/abort` stops it.", nil
	case deploy.Returning:
		return "nothing to do; the traffic goes back to " + stable(r) + ".", nil
	case deploy.Waiting:
		return "look at the numbers; `/promote` lets it go on, `/abort` takes it back. It goes back by itself " + deadline(r) + ".", []string{"/promote", "/abort"}
	case deploy.Resting:
		if more {
			return fmt.Sprintf("bring it to %s. It goes back by itself %s.", following.Name, deadline(r)), []string{"/promote"}
		}
		return "no stage follows; it goes back by itself " + deadline(r) + ".", []string{"/abort"}
	case deploy.Succeeded:
		if r.Kind == deploy.KindRollback {
			return afterRollback(r), nil
		}
		if more {
			return fmt.Sprintf("bring it to %s.", following.Name), []string{"/deploy " + string(following.Name)}
		}
		return "nothing to do; `/rollback` takes it back.", nil
	case deploy.RolledBack:
		if !r.Blamed {
			return "all traffic is on " + stable(r) + "; ask again when you are ready.", []string{"/deploy " + string(r.Stage.Name)}
		}
		return "all traffic is on " + stable(r) + "; push a repair and deploy it. This commit is refused here from now on.", nil
	case deploy.RollbackFailed:
		return "look where the traffic is, then bring back what was good.", []string{"/rollback " + string(r.Stage.Name)}
	case deploy.Aborted, deploy.Failed:
		return "ask again when you are ready.", []string{again}
	}
	return "", nil
}

// afterRollback is what follows when what was good runs again.
func afterRollback(r deploy.Rollout) string {
	if r.Undoes == "" || r.Stable == "" {
		return "nothing to do here; look at what went wrong before the next deploy."
	}
	return "nothing to do here; push a repair and deploy that. `" + r.Stable.Short() + "` is refused here from now on."
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
